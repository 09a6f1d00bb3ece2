"""Verbs of people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.factories.base import TODAY
from trainhub.core.access import SYSTEM, Actor, Role
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.people import consents, queries, service
from trainhub.people.models import (
    Absence,
    Availability,
    Channel,
    Consent,
    DayPart,
    OwnNeighbourhood,
    Person,
    PersonStatus,
    Preference,
    Purpose,
)

DAY = timedelta(days=1)
DIRECTORY = Purpose.directory


@pytest.fixture
def person(work, make):
    """Somebody who acts for themselves."""
    someone = make.person(municipality=make.municipality())
    work.actor = Actor(someone.id, someone.call_name)
    return someone


def test_registered_person_is_kept_tidy_with_the_point_of_the_neighbourhood(work, make):
    wijk = make.neighbourhood(lat=51.7, lon=5.31)

    person = service.register(
        work,
        call_name=" Noor ",
        formal_name="N.  van der 's-Gravendijk",
        email="Noor@Example.org",
        phone="06-00000000",
        home_pc4="5211",
        home_neighbourhood_id=wijk.public_id,
    )

    assert (person.call_name, person.full_name, person.email) == (
        "Noor",
        "N. van der 's-Gravendijk",
        "noor@example.org",
    )
    assert (person.home_municipality_id, person.lat, person.lon) == (wijk.municipality_id, 51.7, 5.31)
    assert (person.channel, person.locale, person.status) == (Channel.email, "nl", PersonStatus.active)
    assert work.records[-1].action == "person.registered"


def test_neighbourhood_without_a_point_gives_the_point_of_its_municipality(work, make):
    wijk = make.neighbourhood(lat=None, lon=None)

    person = service.register(work, call_name="Noor", home_neighbourhood_id=wijk.id)

    assert (person.lat, person.lon) == (wijk.municipality.lat, wijk.municipality.lon)


@pytest.mark.parametrize(
    ("given", "channel"),
    [
        ({}, Channel.letter),
        ({"phone": "06-00000000"}, Channel.phone),
        ({"email": "a@example.org", "phone": "06-00000000"}, Channel.email),
    ],
)
def test_channel_follows_from_what_is_known(work, given, channel):
    assert service.register(work, call_name="Noor", **given).channel == channel


def test_channel_without_its_address_is_refused(work):
    with pytest.raises(RuleBroken) as refused:
        service.register(work, call_name="Noor", channel=Channel.email)
    assert refused.value.field == "email"


def test_known_email_address_is_refused_in_any_case(work, make):
    make.person(email="noor@example.org")

    with pytest.raises(Conflict) as refused:
        service.register(work, call_name="Noor", email="NOOR@example.org")
    assert refused.value.field == "email"


def test_neighbourhood_of_another_municipality_is_refused(work, make):
    with pytest.raises(RuleBroken) as refused:
        service.register(
            work,
            call_name="Noor",
            home_municipality_id=make.municipality().id,
            home_neighbourhood_id=make.neighbourhood().id,
        )
    assert refused.value.field == "home_neighbourhood_id"


def test_audit_of_a_person_holds_no_name_address_or_place(work, make, begin):
    with begin(work.actor) as opened:
        person = service.register(opened, call_name="Geheimnaam", email="geheim@example.org")
    with begin(work.actor) as opened:
        service.change(
            opened, person_id=person.id, call_name="Anders", locale="en", home_municipality_id=make.municipality().id
        )
        facts = opened.records[-1].facts

    assert facts["changes"]["locale"] == ["nl", "en"]
    assert {facts["changes"][name] for name in ("call_name", "home_municipality_id", "lat", "lon")} == {"changed"}


def test_change_keeps_what_is_not_given(work, make):
    municipality = make.municipality()
    person = make.person(municipality=municipality, phone="06-00000000")

    service.change(work, person_id=person.id, call_name="Nieuw")
    assert (person.call_name, person.phone, person.home_municipality_id) == ("Nieuw", "06-00000000", municipality.id)

    service.change(work, person_id=person.id, channel=Channel.phone, email=None)
    service.change(work, person_id=person.id, home_municipality_id=None)
    assert (person.email, person.lat, person.home_municipality_id) == (None, None, None)
    with pytest.raises(RuleBroken):
        service.change(work, person_id=person.id, phone="")


def test_change_without_a_choice_of_channel_takes_the_usual_one(work, make):
    person = make.person(phone="06-00000000")

    service.change(work, person_id=person.id, email=None, channel=None)

    assert person.channel == Channel.phone


def test_own_email_address_may_be_saved_again_and_that_of_another_may_not(work, make):
    person, other = make.person(), make.person()

    service.change(work, person_id=person.id, email=person.email.upper())
    with pytest.raises(Conflict):
        service.change(work, person_id=person.id, email=other.email)


def test_second_coordinator_sees_that_the_first_changed_the_person(work, make):
    person = make.person()
    seen = person.row_version
    service.change(work, person_id=person.id, version=seen, call_name="Eerste")

    with pytest.raises(Conflict):
        service.change(work, person_id=person.id, version=seen, call_name="Tweede")


def test_unknown_language_is_refused(work, make):
    with pytest.raises(RuleBroken):
        service.change(work, person_id=make.person().id, locale="de")


def test_people_are_registered_by_coordinators_and_changed_by_themselves(work, person, make):
    service.change(work, person_id=person.id, call_name="Ikzelf")
    with pytest.raises(NotAllowed):
        service.register(work, call_name="Noor")
    with pytest.raises(NotFound):
        service.change(work, person_id=make.person().id, call_name="Noor")


def test_pause_and_resume(work, person):
    service.pause(work, person_id=person.id, until=TODAY + DAY)
    assert (person.status, person.paused_until) == (PersonStatus.paused, TODAY + DAY)

    service.resume(work, person_id=person.id)
    assert (person.status, person.paused_until) == (PersonStatus.active, None)

    service.archive(work, person_id=person.id)
    assert person.status == PersonStatus.archived
    with pytest.raises(RuleBroken):
        service.pause(work, person_id=person.id, until=TODAY - DAY)


def test_consent_keeps_the_exact_text_for_two_years(work, person):
    consent = service.give_consent(work, person_id=person.public_id, purpose=DIRECTORY)

    text = consents.current(DIRECTORY)
    assert (consent.text_version, consent.text_sha256) == (text.version_in("nl"), text.sha256("nl"))
    assert (consent.given_on, consent.expires_on) == (TODAY, TODAY.replace(year=2028))
    assert consents.text_of(consent.text_version) == text.nl


def test_second_yes_is_the_same_yes_and_a_yes_in_another_language_replaces_it(work, person):
    first = service.give_consent(work, person_id=person.id, purpose=DIRECTORY)
    assert service.give_consent(work, person_id=person.id, purpose=DIRECTORY) is first

    second = service.give_consent(work, person_id=person.id, purpose=DIRECTORY, locale="en")

    assert first.withdrawn_at == work.now
    assert second.text_version.endswith(".en")
    assert list(queries.live_consents(work.session, person.id, TODAY)) == [second]


def test_expired_yes_is_closed_by_a_new_one(work, person, make):
    old = make.consent(person, given_on=TODAY.replace(year=2024))

    new = service.give_consent(work, person_id=person.id, purpose=DIRECTORY)

    assert old.withdrawn_at is not None
    assert new.id != old.id
    assert [row.action for row in work.records] == ["consent.replaced", "consent.given"]


def test_consent_for_one_municipality_is_withdrawn_on_its_own(work, person, make):
    arnhem, houten = make.municipality(), make.municipality()
    for place in (arnhem, houten):
        service.give_consent(work, person_id=person.id, purpose=DIRECTORY, municipality_id=place.public_id)

    gone = service.withdraw_consent(work, person_id=person.id, purpose=DIRECTORY, municipality_id=arnhem.id)

    assert [consent.municipality_id for consent in gone] == [arnhem.id]
    assert queries.has_consent(
        work.session, person_id=person.id, purpose=DIRECTORY, municipality_id=houten.id, on=TODAY
    )


def test_withdrawing_takes_back_every_yes_for_the_purpose_and_nothing_the_second_time(work, person, make):
    service.give_consent(work, person_id=person.id, purpose=DIRECTORY)
    service.give_consent(work, person_id=person.id, purpose=DIRECTORY, municipality_id=make.municipality().id)
    service.give_consent(work, person_id=person.id, purpose=Purpose.research)

    assert len(service.withdraw_consent(work, person_id=person.id, purpose=DIRECTORY)) == 2
    assert service.withdraw_consent(work, person_id=person.id, purpose=DIRECTORY) == []
    assert [row.purpose for row in queries.live_consents(work.session, person.id, TODAY)] == [Purpose.research]
    assert work.session.scalar(select(func.count()).select_from(Consent)) == 3


def test_nobody_agrees_for_somebody_else(work, make):
    person = make.person()
    for act in (service.give_consent, service.withdraw_consent):
        with pytest.raises(NotAllowed if not work.actor.person_id else NotFound):
            act(work, person_id=person.id, purpose=DIRECTORY)
    work.actor = SYSTEM
    with pytest.raises(NotAllowed):
        service.give_consent(work, person_id=person.id, purpose=DIRECTORY)


def test_consent_names_no_purpose_in_the_audit(work, person, begin):
    with begin(work.actor) as opened:
        service.give_consent(opened, person_id=person.id, purpose=DIRECTORY)
        facts = [record.facts for record in opened.records]

    assert "directory" not in str(facts)


def test_preference_is_set_and_changed(work, person):
    first = service.set_preference(work, person_id=person.id, radius_km=10, languages=["nl", "tr", "nl"])
    assert (first.radius_km, first.languages, first.own_neighbourhood) == (10, ["nl", "tr"], OwnNeighbourhood.any)
    seen = first.row_version

    again = service.set_preference(
        work, person_id=person.id, radius_km=15, own_neighbourhood=OwnNeighbourhood.avoid, version=seen
    )

    assert (again is first, first.radius_km, first.own_neighbourhood) == (True, 15, OwnNeighbourhood.avoid)
    with pytest.raises(Conflict):
        service.set_preference(work, person_id=person.id, version=seen)


def test_availability_replaces_the_week(work, person):
    service.set_availability(
        work, person_id=person.id, parts=[(1, DayPart.morning), (1, DayPart.morning), (5, DayPart.evening)]
    )
    service.set_availability(work, person_id=person.id, parts=[(2, DayPart.afternoon), (5, DayPart.evening)])

    assert queries.parts_of(work.session, person.id) == {(2, DayPart.afternoon), (5, DayPart.evening)}
    with pytest.raises(RuleBroken):
        service.set_availability(work, person_id=person.id, parts=[(9, DayPart.morning)])
    service.set_availability(work, person_id=person.id, parts=[])
    assert queries.parts_of(work.session, person.id) == set()


def test_absence_is_added_and_taken_back(work, person):
    one_day = service.add_absence(work, person_id=person.id, starts_on=TODAY)
    week = service.add_absence(work, person_id=person.id, starts_on=TODAY + DAY, ends_on=TODAY + 7 * DAY)
    assert one_day.ends_on == TODAY

    service.remove_absence(work, absence_id=one_day.public_id)

    assert list(queries.absences_from(work.session, person.id, TODAY)) == [week]


def test_the_same_absence_sent_twice_is_one(work, person):
    sent = [service.add_absence(work, person_id=person.id, starts_on=TODAY, ends_on=TODAY + DAY) for _ in range(2)]

    assert sent[0] is sent[1]
    assert list(queries.absences_from(work.session, person.id, TODAY)) == [sent[0]]


def test_absence_of_another_person_is_not_there(work, person, make):
    absence = make.absence(make.person(), TODAY)

    with pytest.raises(NotFound):
        service.remove_absence(work, absence_id=absence.id)


def test_erased_person_leaves_a_tombstone_without_a_name(work, make):
    person = make.person(
        call_name="Geheimnaam",
        formal_name="G. Heim",
        phone="06-00000000",
        home_pc4="5211",
        municipality=make.municipality(),
    )
    consent = make.consent(person)
    make.preference(person)
    make.available(person, 1, DayPart.morning)
    make.absence(person, TODAY)

    service.erase(work, person_id=person.id)

    assert person.status == PersonStatus.erased
    hidden = [getattr(person, name) for name in Person.privacy.personal - {"call_name"}]
    assert (person.call_name, set(hidden)) == ("-", {None})
    assert consent.withdrawn_at is not None
    for table in (Preference, Availability, Absence):
        assert work.session.scalar(select(func.count()).select_from(table)) == 0
    work.session.expire_all()
    for act in (service.erase, service.pause, service.resume, service.archive, service.change):
        with pytest.raises(RuleBroken):
            act(work, person_id=person.id)


def test_verbs_of_a_person_belong_to_the_person_and_the_coordinator(work, make):
    person = make.person()
    work.actor = make.actor(Role.trainer, edition=make.row(_edition()))

    for act in (
        lambda: service.pause(work, person_id=person.id),
        lambda: service.resume(work, person_id=person.id),
        lambda: service.archive(work, person_id=person.id),
        lambda: service.erase(work, person_id=person.id),
        lambda: service.set_preference(work, person_id=person.id),
        lambda: service.set_availability(work, person_id=person.id, parts=[]),
        lambda: service.add_absence(work, person_id=person.id, starts_on=TODAY),
    ):
        with pytest.raises(NotFound):
            act()


def _edition():
    from trainhub.editions.models import Edition  # noqa: PLC0415 - only this test needs an edition

    return Edition
