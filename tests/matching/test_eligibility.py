"""Every rule says the same in SQL and in Python; each sentence has its datum; a municipality reads none of them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from tests.factories.base import NOW, TODAY
from tests.factories.meetings import STARTS_AT
from trainhub.certification.models import DecisionKind
from trainhub.core.clock import local, local_day
from trainhub.core.i18n import render
from trainhub.courses.models import Track
from trainhub.matching.eligibility import BINDING, RULES, broken, reason
from trainhub.matching.facts import asked_for, asked_on, load, part_of
from trainhub.matching.rule import View
from trainhub.matching.shortlist import eligible
from trainhub.meetings.models import AssignmentState, InvitationState
from trainhub.people.models import DayPart, OwnNeighbourhood, PersonStatus

DAY = local_day(STARTS_AT)


def codes(work, need, person):
    """The rules that a person breaks, in Python; the SQL of each has to say the same."""
    asked = asked_for(work.session, need.id, TODAY)
    facts = load(work.session, asked, [person.id])[person.id]
    in_python = [rule.code for rule in broken(facts, asked)]
    in_sql = [rule.code for rule in RULES if person.id not in set(work.session.scalars(eligible(asked, [rule])))]
    assert in_python == in_sql
    for rule in broken(facts, asked):
        assert render(rule.text(facts, asked), "nl")
        assert str(reason(rule, facts, asked, View.municipality)) == "Not available"
    return in_python


def words(work, need, person):
    """The English sentences for what a person breaks."""
    asked = asked_for(work.session, need.id, TODAY)
    facts = load(work.session, asked, [person.id])[person.id]
    return [str(reason(rule, facts, asked, View.coordinator)) for rule in broken(facts, asked)]


@pytest.fixture
def need(make):
    return make.need()


def test_every_rule_has_all_its_parts():
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all(name in vars(type(rule)) for name in ("code", "clause", "check", "text"))
    assert [rule.code for rule in BINDING] == ["role", "certificate", "consent", "overlap"]


def test_who_keeps_every_rule_fits(work, make, need):
    assert codes(work, need, make.facilitator()) == []


def test_somebody_without_a_certificate_has_no_role(work, make, need):
    person = make.person(lat=51.7, lon=5.3)
    make.consent(person)
    assert codes(work, need, person) == ["role", "certificate"]
    assert words(work, need, person)[0] == "Has no certificate as: Expert by experience."


def test_another_role_does_not_count(work, make, need):
    assert codes(work, need, make.facilitator(Track.discussion_leader)) == ["role", "certificate"]


def test_law_3_a_certificate_that_lapses_before_the_meeting_never_counts(work, make, need):
    person = make.facilitator(certificate={"ends_on": DAY - timedelta(days=1)})
    assert codes(work, need, person) == ["certificate"]
    assert words(work, need, person) == ["The certificate ends on Monday 7 December 2026, before the meeting."]


def test_law_3_a_certificate_that_ends_on_the_day_counts_that_day(work, make, need):
    assert codes(work, need, make.facilitator(certificate={"ends_on": DAY})) == []


def test_law_3_a_late_evening_belongs_to_its_dutch_day(work, make):
    late = make.meeting(starts_at=local(2026, 12, 8, 23))  # 22.00 UTC, still the 8th in both
    early = make.meeting(starts_at=local(2026, 12, 9, 0, 30))  # 23.30 UTC on the 8th
    person = make.facilitator(certificate={"ends_on": date(2026, 12, 8)})
    assert codes(work, make.need(late), person) == []
    assert codes(work, make.need(early), person) == ["certificate"]


@pytest.mark.parametrize("kind_of_decision", [DecisionKind.suspend, DecisionKind.revoke, DecisionKind.surrender])
def test_law_3_a_certificate_that_was_taken_away_does_not_count(work, make, need, kind_of_decision):
    person = make.person(lat=51.7, lon=5.3)
    make.consent(person)
    make.decision(make.certificate(person=person), kind_of_decision, TODAY)
    assert codes(work, need, person) == ["certificate"]
    assert words(work, need, person) == ["The certificate does not stand on Tuesday 8 December 2026."]


def test_law_8_no_live_consent_no_question(work, make, need):
    here, elsewhere = need.meeting.municipality, make.municipality()
    nowhere, expired, withdrawn, other, this, later = (make.facilitator(consents=False) for _ in range(6))
    make.consent(expired, given_on=TODAY - timedelta(days=800), expires_on=TODAY)
    make.consent(withdrawn, withdrawn_at=NOW)
    make.consent(other, municipality_id=elsewhere.id)
    make.consent(this, municipality_id=here.id)
    make.consent(later, given_on=TODAY + timedelta(days=1))

    assert codes(work, need, this) == []
    for person in (nowhere, expired, withdrawn, other, later):
        assert codes(work, need, person) == ["consent"]
    assert words(work, need, nowhere) == ["Did not agree to be found by this municipality."]
    assert "expired on" in words(work, need, expired)[0]


def test_a_language_is_spoken(work, make):
    need = make.need(language="ar")
    assert codes(work, need, make.facilitator(preference={"languages": ["nl", "ar"]})) == []
    dutch = make.facilitator(preference={"languages": ["nl"]})
    assert codes(work, need, dutch) == ["language"]
    assert codes(work, need, make.facilitator()) == ["language"]
    assert words(work, need, dutch) == ["Speaks nl, not ar."]


@pytest.mark.parametrize(("radius", "expected"), [(11, ["distance"]), (12, [])])
def test_the_own_distance_counts(work, make, need, radius, expected):
    person = make.facilitator(lat=51.69917 + 0.1, preference={"radius_km": radius})  # 11.1 km to the north
    assert codes(work, need, person) == expected
    if expected:
        assert words(work, need, person) == ["Lives at about 11 km, and wants to travel at most 11 km."]


def test_a_person_without_a_place_is_not_near(work, make, need):
    person = make.facilitator(lat=None, lon=None)
    assert codes(work, need, person) == ["distance"]
    assert words(work, need, person) == ["It is not known where this person lives."]


def test_the_own_neighbourhood_may_be_avoided(work, make, need):
    home = {"home_neighbourhood_id": need.meeting.neighbourhood_id}
    avoids = make.facilitator(preference={"own_neighbourhood": OwnNeighbourhood.avoid}, **home)
    likes = make.facilitator(preference={"own_neighbourhood": OwnNeighbourhood.prefer}, **home)
    assert codes(work, need, avoids) == ["own_neighbourhood"]
    assert codes(work, need, likes) == []
    assert codes(work, need, make.facilitator(preference={"own_neighbourhood": OwnNeighbourhood.avoid})) == []


def test_the_usual_week_counts(work, make, need):
    fits, other_part, other_day = make.facilitator(), make.facilitator(), make.facilitator()
    make.available(fits, 2, DayPart.afternoon)
    make.available(other_part, 2, DayPart.morning)
    make.available(other_part, 1, DayPart.evening)
    make.available(other_day, 3, DayPart.afternoon)
    assert codes(work, need, fits) == []
    assert codes(work, need, other_day) == ["weekly"]
    assert codes(work, need, other_part) == ["weekly"]
    assert words(work, need, other_part) == [
        "Usually cannot come then, but can: on Monday evening, on Tuesday morning."
    ]


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(-1, -1, []), (-3, 0, ["absence"]), (0, 9, ["absence"]), (1, 2, [])]
)
def test_an_absence_holds_its_first_and_last_day(work, make, need, first, last, expected):
    person = make.facilitator()
    make.absence(person, DAY + timedelta(days=first), DAY + timedelta(days=last))
    assert codes(work, need, person) == expected


@pytest.mark.parametrize(
    ("status", "until", "expected"),
    [
        ("paused", None, ["pause"]),
        ("paused", DAY, ["pause"]),
        ("paused", DAY - timedelta(days=1), []),
        ("archived", None, ["pause"]),
    ],
)
def test_a_pause_holds(work, make, need, status, until, expected):
    person = make.facilitator(status=PersonStatus(status), paused_until=until)
    assert codes(work, need, person) == expected
    assert len(words(work, need, person)) == len(expected)


def test_who_said_no_is_not_asked_again_for_this_meeting(work, make, need):
    person = make.facilitator()
    other = make.need(need.meeting, role=Track.discussion_leader)
    make.invitation(other, person, state=InvitationState.declined)
    assert codes(work, need, person) == ["declined"]
    assert codes(work, make.need(), person) == []


@pytest.mark.parametrize("state", ["sent", "expired", "recalled", "accepted"])
def test_nobody_is_asked_twice_for_one_place(work, make, need, state):
    person = make.facilitator()
    make.invitation(need, person, state=InvitationState(state))
    assert codes(work, need, person) == ["asked"]
    other = make.need(need.meeting, role=Track.expert_by_experience, language="ar")
    expected = ["language", "asked"] if state == "sent" else ["language"]
    assert codes(work, other, person) == expected


def test_who_has_a_place_is_not_asked(work, make, need):
    person = make.facilitator()
    make.assignment(need.meeting, person, need=need)
    assert codes(work, need, person) == ["asked"]
    assert words(work, need, person) == ["Already has a place in this meeting."]


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (timedelta(hours=1), ["overlap", "per_day"]),
        (timedelta(hours=2), ["per_day"]),
        (timedelta(days=1), []),
    ],
)
def test_one_meeting_at_a_time_and_one_a_day(work, make, need, shift, expected):
    person = make.facilitator()
    make.assignment(make.meeting(starts_at=STARTS_AT + shift), person)
    assert codes(work, need, person) == expected


def test_a_released_place_does_not_count(work, make, need):
    person = make.facilitator()
    make.assignment(make.meeting(), person, state=AssignmentState.released)
    assert codes(work, need, person) == []


@pytest.mark.parametrize(
    ("days", "rest", "expected"),
    [(2, 1, []), (1, 1, ["rest_days"]), (-3, 3, ["rest_days"]), (-4, 3, []), (60, 60, ["rest_days"])],
)
def test_rest_is_counted_in_days_between(work, make, need, days, rest, expected):
    person = make.facilitator(preference={"rest_days": rest})
    make.assignment(make.meeting(starts_at=STARTS_AT + timedelta(days=days)), person)
    assert codes(work, need, person) == expected


@pytest.mark.parametrize(
    ("meeting_at", "other_at"),
    [
        (
            local(2026, 10, 26, 0, 30),
            local(2026, 10, 24, 23, 30),
        ),  # the night of the winter time lies between: 26 hours
        (local(2027, 3, 29, 0, 30), local(2027, 3, 27, 23, 30)),  # the night of the summer time: 24 hours
    ],
)
@pytest.mark.parametrize(("rest", "expected"), [(1, []), (2, ["rest_days"])])
def test_days_are_dutch_days_over_both_clock_changes(work, make, meeting_at, other_at, rest, expected):
    meeting = make.meeting(starts_at=meeting_at)
    person = make.facilitator(
        preference={"rest_days": rest}, certificate={"starts_on": date(2026, 1, 1), "ends_on": date(2028, 1, 1)}
    )
    make.assignment(make.meeting(starts_at=other_at), person)
    assert codes(work, make.need(meeting), person) == expected


def test_the_month_is_a_dutch_month(work, make):
    meeting = make.meeting(starts_at=local(2026, 12, 31, 20))
    person = make.facilitator(preference={"max_per_month": 1})
    make.assignment(make.meeting(starts_at=local(2027, 1, 1, 0, 30)), person)  # 31 December in UTC
    need = make.need(meeting)
    assert codes(work, need, person) == []
    make.assignment(make.meeting(starts_at=local(2026, 12, 1, 0, 30)), person)  # 30 November in UTC
    assert codes(work, need, person) == ["per_month"]
    assert words(work, need, person) == ["Has 1 meeting in that month, and wants at most 1."]


def test_somebody_who_wants_no_meetings_now_is_left_alone(work, make, need):
    assert codes(work, need, make.facilitator(preference={"max_per_month": 0})) == ["per_month"]


@pytest.mark.parametrize("seed", range(4))
def test_masks_equal_row_by_row_checks(work, make, need, seed):
    chance = Random(seed)  # noqa: S311 - a fixed seed, for a test
    people = [make_somebody(make, need, chance) for _ in range(25)]
    asked = asked_for(work.session, need.id, TODAY)
    facts = load(work.session, asked, [person.id for person in people])
    ids = set(facts)

    for rule in RULES:
        in_sql = set(work.session.scalars(eligible(asked, [rule]))) & ids
        assert in_sql == {key for key in ids if rule.check(facts[key], asked)}, rule.code


def make_somebody(make, need, chance):
    """Somebody with a bit of everything."""
    person = make.facilitator(
        lat=51.69917 + chance.uniform(-0.3, 0.3),
        consents=chance.random() < 0.8,
        home_neighbourhood_id=chance.choice([None, need.meeting.neighbourhood_id]),
        status=chance.choice([PersonStatus.active, PersonStatus.active, PersonStatus.paused]),
        paused_until=chance.choice([None, DAY - timedelta(days=1), DAY]),
        certificate={"ends_on": DAY + timedelta(days=chance.choice([-1, 0, 1, 300]))},
        preference={
            "radius_km": chance.choice([5, 25, 40]),
            "rest_days": chance.choice([0, 1, 7]),
            "max_per_month": chance.choice([1, 2, 4]),
            "own_neighbourhood": chance.choice(list(OwnNeighbourhood)),
            "languages": chance.choice([["nl"], ["nl", "ar"], ["ar"]]),
        },
    )
    if chance.random() < 0.4:
        make.available(person, chance.choice([1, 2]), chance.choice(list(DayPart)))
    if chance.random() < 0.2:
        make.absence(person, DAY - timedelta(days=chance.choice([0, 3])), DAY)
    for days in chance.sample([-40, -8, -1, 0, 1, 3, 20], k=chance.choice([0, 1, 2])):
        make.assignment(make.meeting(starts_at=STARTS_AT + timedelta(days=days)), person)
    if chance.random() < 0.3:
        make.invitation(need, person, state=chance.choice(list(InvitationState)))
    return person


@pytest.mark.parametrize(
    ("hour", "part"), [(9, DayPart.morning), (12, DayPart.afternoon), (16, DayPart.afternoon), (17, DayPart.evening)]
)
def test_a_meeting_belongs_to_the_part_of_the_day_in_which_it_begins(hour, part):
    assert part_of(local(2026, 7, 1, hour)) == part


def test_without_a_part_the_whole_day_is_asked(make):
    asked = asked_on(role=Track.discussion_leader, on=DAY, part=None, today=TODAY, municipality=make.municipality())
    assert (asked.starts_at, asked.ends_at) == (local(2026, 12, 8, 0), local(2026, 12, 9, 0))
