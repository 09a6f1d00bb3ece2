"""Verbs of people: register and change who takes part, pause, agree and withdraw, say when one can come, and be erased.

The law of the place: a consent is given and withdrawn by the person alone, and never deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from sqlalchemy import delete, select

from trainhub.core.access import Permission
from trainhub.core.errors import Conflict, RuleBroken
from trainhub.core.i18n import _
from trainhub.people import consents, queries, rules
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
from trainhub.places.models import Municipality, Neighbourhood

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Unpack

    from trainhub.core.work import Key, Work


class Particulars(TypedDict, total=False):
    """What may be kept of a person beside a call name and an e-mail address."""

    formal_name: str | None
    phone: str | None
    locale: str
    channel: Channel | None
    home_pc4: str | None
    home_municipality_id: Key | None
    home_neighbourhood_id: Key | None


class Details(Particulars, total=False):
    """All that is kept of a person; a detail that is not given stays as it is (or empty for somebody new)."""

    call_name: str
    email: str | None


def register(
    work: Work, *, call_name: str, email: str | None = None, is_demo: bool = False, **given: Unpack[Particulars]
) -> Person:
    """Register a person; without a `channel` by e-mail when there is one, else by phone, else by letter.

    Raises `RuleBroken` with its field for a name, address or channel that does not fit, `Conflict` for a known e-mail address.
    """
    work.require(Permission.PERSON_CREATE)
    details = tidy_details(Details(**given, call_name=call_name, email=email))
    channel = details.pop("channel", None) or usual_channel(details.get("email"), details.get("phone"))
    place = _place(work, given.get("home_municipality_id"), given.get("home_neighbourhood_id"))
    rules.check_channel(channel, email=details.get("email"), phone=details.get("phone"))
    _check_email_is_free(work, details.get("email"), None)
    person = Person(**details, **place, channel=channel, is_demo=is_demo, created_at=work.now)
    work.add(person)
    work.record("person.registered", person)
    return person


def change(work: Work, *, person_id: Key, version: int | None = None, **given: Unpack[Details]) -> Person:
    """Change the details that are given. Raises `Conflict` when somebody else changed the person since `version`."""
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    work.expect(person, version)
    rules.check_not_erased(person.status)
    details = tidy_details(given)
    _check_email_is_free(work, details.get("email"), person.id)
    for name, value in {**details, **_new_place(work, person, given)}.items():
        setattr(person, name, value)
    person.channel = person.channel or usual_channel(person.email, person.phone)
    rules.check_channel(person.channel, email=person.email, phone=person.phone)
    work.record("person.changed", person)
    return person


def tidy_details(given: Details) -> dict[str, Any]:
    """The details as they are kept: names with single spaces, e-mail in lower case, no more than PC4; places are left out.

    Raises `RuleBroken` with the field that does not fit.
    """
    tidy: dict[str, Any] = {}
    if "call_name" in given:
        tidy["call_name"] = rules.tidy_name(given["call_name"])
    for name, rule in (
        ("formal_name", rules.optional_name),
        ("email", rules.tidy_email),
        ("phone", rules.tidy_phone),
        ("home_pc4", rules.tidy_pc4),
    ):
        if name in given:
            tidy[name] = rule(given[name])  # type: ignore[literal-required]  # the names above are keys of Details
    if "locale" in given:
        rules.check_locale(given["locale"])
        tidy["locale"] = given["locale"]
    if "channel" in given:
        tidy["channel"] = given["channel"]
    return tidy


def usual_channel(email: str | None, phone: str | None) -> Channel:
    """How to keep in touch with somebody who did not choose: by e-mail, else by phone, else by letter."""
    if email:
        return Channel.email
    return Channel.phone if phone else Channel.letter


def pause(work: Work, *, person_id: Key, until: date | None = None) -> Person:
    """Ask nothing of a person up to and including `until`, or until they are back. No reason is asked; what is agreed stays."""
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    rules.check_not_erased(person.status)
    rules.check_pause(until, work.today)
    person.status, person.paused_until = PersonStatus.paused, until
    work.record("person.paused", person)
    return person


def resume(work: Work, *, person_id: Key) -> Person:
    """Take part again, at once; also for somebody who was archived."""
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    rules.check_not_erased(person.status)
    person.status, person.paused_until = PersonStatus.active, None
    work.record("person.resumed", person)
    return person


def archive(work: Work, *, person_id: Key) -> Person:
    """Put away a person who left; their history stays."""
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    rules.check_not_erased(person.status)
    person.status, person.paused_until = PersonStatus.archived, None
    work.record("person.archived", person)
    return person


def give_consent(
    work: Work,
    *,
    person_id: Key,
    purpose: Purpose,
    municipality_id: Key | None = None,
    channel: str = "web",
    locale: str | None = None,
) -> Consent:
    """Say yes to today's text for a purpose, for all municipalities or one, for two years (AVG art. 7).

    Once is enough: a second yes to the same live text gives back the first. A yes that expired or was to an older text is
    closed, and the new one stands beside it. `locale` is the language in which it was read, else the person's.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.CONSENT_CHANGE, person)
    rules.check_not_erased(person.status)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id).id
    text, language = consents.current(purpose), locale or person.locale
    for old in queries.open_consents(work.session, person.id, purpose):
        if old.municipality_id != municipality:
            continue
        if old.expires_on > work.today and old.text_version == text.version_in(language):
            return old
        _close(work, old, "consent.replaced")
    consent = Consent(
        person_id=person.id,
        purpose=purpose,
        municipality_id=municipality,
        text_version=text.version_in(language),
        text_sha256=text.sha256(language),
        channel=channel,
        given_at=work.now,
        given_on=work.today,
        expires_on=rules.expires_on(work.today, consents.YEARS_VALID),
    )
    work.add(consent)
    work.record("consent.given", consent)
    return consent


def withdraw_consent(
    work: Work, *, person_id: Key, purpose: Purpose, municipality_id: Key | None = None
) -> list[Consent]:
    """Take back a yes, at once: for one municipality, or all there is for the purpose (AVG art. 7(3)); what was withdrawn.

    Nothing happens the second time. `flows.withdraw.withdraw_consent` also frees the places that rested on it: pages call that.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.CONSENT_CHANGE, person)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id).id
    found = [
        consent
        for consent in queries.open_consents(work.session, person.id, purpose)
        if municipality_id is None or consent.municipality_id == municipality
    ]
    for consent in found:
        _close(work, consent, "consent.withdrawn")
    return found


def set_preference(
    work: Work,
    *,
    person_id: Key,
    radius_km: int = 25,
    max_per_month: int = 4,
    rest_days: int = 0,
    own_neighbourhood: OwnNeighbourhood = OwnNeighbourhood.any,
    languages: Iterable[str] = ("nl",),
    version: int | None = None,
) -> Preference:
    """Say how far one wants to travel, how often, with how many days of rest, in which languages. `version` is the preference's."""
    person = work.lock(Person, person_id)
    work.require(Permission.PREFERENCE_CHANGE, person)
    rules.check_not_erased(person.status)
    known = sorted(set(languages))
    rules.check_preference(radius_km=radius_km, max_per_month=max_per_month, rest_days=rest_days, languages=known)
    preference = queries.preference_of(work.session, person.id)
    if preference is None:
        preference = Preference(person_id=person.id)
        work.session.add(preference)
    else:
        work.expect(preference, version)
    preference.radius_km, preference.max_per_month, preference.rest_days = radius_km, max_per_month, rest_days
    preference.own_neighbourhood, preference.languages = own_neighbourhood, known
    work.record("preference.set", preference)
    return preference


def set_availability(work: Work, *, person_id: Key, parts: Iterable[tuple[int, DayPart]]) -> set[tuple[int, DayPart]]:
    """Say in which parts of the week (`(weekday, part)`, Monday is 1) one can usually come; none at all means always."""
    person = work.lock(Person, person_id)
    work.require(Permission.PREFERENCE_CHANGE, person)
    rules.check_not_erased(person.status)
    wanted = set(parts)
    for weekday, part in wanted:
        rules.check_part(weekday, part)
    work.session.execute(delete(Availability).where(Availability.person_id == person.id))
    work.session.add_all(
        Availability(person_id=person.id, weekday=weekday, part=part) for weekday, part in sorted(wanted)
    )
    work.record("availability.set", person)
    return wanted


def add_absence(work: Work, *, person_id: Key, starts_on: date, ends_on: date | None = None) -> Absence:
    """Say on which days one cannot come, first and last included; one day without `ends_on`. No reason is asked.

    The same days again are the absence that was added.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.PREFERENCE_CHANGE, person)
    rules.check_not_erased(person.status)
    rules.check_absence(starts_on, ends_on or starts_on, work.today)
    known = work.session.scalar(
        select(Absence).where(
            Absence.person_id == person.id, Absence.starts_on == starts_on, Absence.ends_on == (ends_on or starts_on)
        )
    )
    if known is not None:
        return known
    absence = work.add(Absence(person_id=person.id, starts_on=starts_on, ends_on=ends_on or starts_on))
    work.record("absence.added", absence)
    return absence


def remove_absence(work: Work, *, absence_id: Key) -> None:
    """Take back an absence: one can come after all."""
    absence = work.get(Absence, absence_id)
    work.require(Permission.PREFERENCE_CHANGE, absence)
    work.session.delete(absence)
    work.record("absence.removed", absence)


def erase(work: Work, *, person_id: Key) -> Person:
    """Leave a tombstone: no name, address or place; consents withdrawn; what one asked for removed (AVG art. 17).

    Their certificates, sign-offs and attendance stay, without a name. `flows.withdraw.erase` calls this after it has freed places,
    closed the account and emptied the mail: pages call that.
    """
    person = work.lock(Person, person_id)
    work.require(Permission.PERSON_CHANGE, person)
    rules.check_not_erased(person.status)
    for consent in queries.open_consents(work.session, person.id):
        _close(work, consent, "consent.withdrawn")
    for table in (Availability, Absence, Preference):
        work.session.execute(delete(table).where(table.person_id == person.id))
    person.status, person.paused_until, person.call_name = PersonStatus.erased, None, rules.ERASED_NAME
    person.formal_name = person.email = person.phone = person.home_pc4 = None
    person.home_municipality_id = person.home_neighbourhood_id = person.lat = person.lon = None
    work.record("person.erased", person)
    return person


def _close(work: Work, consent: Consent, action: str) -> None:
    consent.withdrawn_at = work.now
    work.record(action, consent)


def _check_email_is_free(work: Work, email: str | None, person_id: int | None) -> None:
    if email is None:
        return
    owner = work.session.scalar(select(Person.id).where(Person.email == email))
    if owner is not None and owner != person_id:
        raise Conflict(_("There is already a person with this e-mail address."), code="email_taken", field="email")


def _new_place(work: Work, person: Person, given: Details) -> dict[str, Any]:
    if "home_municipality_id" not in given and "home_neighbourhood_id" not in given:
        return {}
    municipality = given.get("home_municipality_id", person.home_municipality_id)
    neighbourhood = given.get("home_neighbourhood_id")
    return _place(work, municipality, neighbourhood)


def _place(work: Work, municipality_id: Key | None, neighbourhood_id: Key | None) -> dict[str, Any]:
    """The columns of a home: a neighbourhood decides the municipality; the point is its own, else the municipality's."""
    neighbourhood = None if neighbourhood_id is None else work.get(Neighbourhood, neighbourhood_id)
    municipality = None if municipality_id is None else work.get(Municipality, municipality_id)
    if neighbourhood is not None:
        if municipality is not None and municipality.id != neighbourhood.municipality_id:
            raise RuleBroken(
                _("This neighbourhood lies in another municipality."),
                code="other_municipality",
                field="home_neighbourhood_id",
            )
        municipality = neighbourhood.municipality
    point = neighbourhood if neighbourhood is not None and neighbourhood.lat is not None else municipality
    return {
        "home_municipality_id": municipality.id if municipality else None,
        "home_neighbourhood_id": neighbourhood.id if neighbourhood else None,
        "lat": point.lat if point else None,
        "lon": point.lon if point else None,
    }
