"""What a place asks, and what is known of people: values for the rules, loaded for many people in two queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, DateTime, Integer, String, and_, cast, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import joinedload

from trainhub.certification.models import Certificate, CertificatePeriod, Scheme
from trainhub.certification.queries import certified
from trainhub.core.clock import AMSTERDAM, local, local_day
from trainhub.core.db import UTCDateTime
from trainhub.core.errors import NotFound
from trainhub.core.i18n import Text, _
from trainhub.meetings.models import Assignment, AssignmentState, Invitation, InvitationState, Meeting, Need
from trainhub.meetings.rules import HOURS
from trainhub.people.models import (
    Absence,
    Availability,
    Consent,
    DayPart,
    OwnNeighbourhood,
    Person,
    Preference,
    Purpose,
)
from trainhub.places.distance import squared_km

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from trainhub.courses.models import Track
    from trainhub.people.models import PersonStatus
    from trainhub.places.models import Municipality, Neighbourhood

COUNTING = (AssignmentState.confirmed, AssignmentState.at_risk, AssignmentState.done)
LONGEST_REST = 60
RECENT_DAYS = 90
AFTERNOON, EVENING = 12, 17

RADIUS: ColumnElement[int] = func.coalesce(Preference.radius_km, 25)
PER_MONTH: ColumnElement[int] = func.coalesce(Preference.max_per_month, 4)
REST: ColumnElement[int] = func.coalesce(Preference.rest_days, 0)


@dataclass(frozen=True)
class Asked:
    """What a place asks: which role and language, on which Dutch day and part of it, where, for which meeting if there is one.

    Without a part of the day the whole day is meant. `today` is the day on which a consent has to be live.
    """

    role: Track
    on: date
    part: DayPart | None
    starts_at: datetime
    ends_at: datetime
    today: date
    municipality_id: int
    lat: float
    lon: float
    neighbourhood_id: int | None = None
    language: str = "nl"
    meeting_id: int | None = None
    need_id: int | None = None

    @cached_property
    def month(self) -> tuple[datetime, datetime]:
        """The first moment of the Dutch calendar month, and of the next one."""
        first = self.on.replace(day=1)
        return midnight(first), midnight((first + timedelta(days=32)).replace(day=1))

    def around(self, days: int) -> tuple[datetime, datetime]:
        """The first moment of the day `days` before, and of the day after the one `days` later."""
        return around(self.on, days)


def around(on: date, days: int) -> tuple[datetime, datetime]:
    """The first moment of the Dutch day `days` before, and of the day after the one `days` later."""
    return midnight(on - timedelta(days=days)), midnight(on + timedelta(days=days + 1))


def midnight(day: date) -> datetime:
    """The first moment of a Dutch calendar day, in UTC."""
    return local(day.year, day.month, day.day, 0)


def part_of(at: datetime) -> DayPart:
    """The part of the Dutch day in which a meeting begins."""
    hour = at.astimezone(AMSTERDAM).hour
    if hour < AFTERNOON:
        return DayPart.morning
    return DayPart.afternoon if hour < EVENING else DayPart.evening


def asked_for(session: Session, need_id: int, today: date) -> Asked:
    """What a need of a meeting asks; one query. Raises `NotFound`."""
    need = session.scalar(
        select(Need)
        .where(Need.id == need_id)
        .options(
            joinedload(Need.meeting).joinedload(Meeting.neighbourhood),
            joinedload(Need.meeting).joinedload(Meeting.municipality),
        )
    )
    if need is None:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    meeting = need.meeting
    lat, lon = point(meeting.neighbourhood, meeting.municipality)
    return Asked(
        role=need.role,
        on=local_day(meeting.starts_at),
        part=part_of(meeting.starts_at),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        today=today,
        municipality_id=meeting.municipality_id,
        lat=lat,
        lon=lon,
        neighbourhood_id=meeting.neighbourhood_id,
        language=need.language,
        meeting_id=meeting.id,
        need_id=need.id,
    )


def asked_on(
    *,
    role: Track,
    on: date,
    part: DayPart | None,
    today: date,
    municipality: Municipality,
    neighbourhood: Neighbourhood | None = None,
    language: str = "nl",
) -> Asked:
    """What a municipality looks for on a day, before there is a meeting."""
    lat, lon = point(neighbourhood, municipality)
    first, last = HOURS[part] if part else (0, 0)
    return Asked(
        role=role,
        on=on,
        part=part,
        starts_at=local(on.year, on.month, on.day, first) if part else midnight(on),
        ends_at=local(on.year, on.month, on.day, last) if part else midnight(on + timedelta(days=1)),
        today=today,
        municipality_id=municipality.id,
        lat=lat,
        lon=lon,
        neighbourhood_id=neighbourhood.id if neighbourhood else None,
        language=language,
    )


def point(neighbourhood: Neighbourhood | None, municipality: Municipality) -> tuple[float, float]:
    """The point of a neighbourhood, or of its municipality when it has none."""
    if neighbourhood is not None and neighbourhood.lat is not None and neighbourhood.lon is not None:
        return neighbourhood.lat, neighbourhood.lon
    return municipality.lat, municipality.lon


@dataclass(frozen=True, slots=True)
class Booked:
    """A place that a person has in another meeting."""

    meeting_id: int
    starts_at: datetime
    ends_at: datetime

    @property
    def on(self) -> date:
        """The Dutch day of it."""
        return local_day(self.starts_at)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A directory consent that was not withdrawn; no municipality means all of them."""

    municipality_id: int | None
    given_on: date
    expires_on: date


@dataclass(slots=True, kw_only=True)
class Facts:
    """What the rules read of one person; `km` is the straight distance to the meeting, None without a known home."""

    person_id: int
    public_id: uuid.UUID
    name: str
    status: PersonStatus
    paused_until: date | None
    home_neighbourhood_id: int | None
    km: float | None
    radius_km: int
    max_per_month: int
    rest_days: int
    own_neighbourhood: OwnNeighbourhood
    languages: tuple[str, ...]
    certificate_id: int | None
    covered_until: date | None = None
    holds_role: bool = False
    weekly: set[tuple[int, DayPart]] = field(default_factory=set)
    absences: list[tuple[date, date]] = field(default_factory=list)
    agreed: list[Agreed] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    invited_for_need: set[InvitationState] = field(default_factory=set)
    invited_for_meeting: set[InvitationState] = field(default_factory=set)
    has_place: bool = False

    def recent(self, asked: Asked) -> int:
        """How many other meetings within three months before and after."""
        first, end = asked.around(RECENT_DAYS)
        return sum(first <= one.starts_at < end for one in self.booked)


def about(km: float) -> Text:
    """A distance in words: home points are right to a few kilometres (ADR 5)."""
    return _("less than 1 km") if km < 1 else _("about %(km)s km", km=round(km))


def distance_squared(asked: Asked) -> ColumnElement[float]:
    """SQL: the square of the kilometres between a person's home point and the meeting."""
    return squared_km(Person.lat, Person.lon, asked.lat, asked.lon)


def load(session: Session, asked: Asked, person_ids: Collection[int]) -> dict[int, Facts]:
    """The facts of these people, in two queries however many they are."""
    proof = certified(asked.on, asked.role).subquery()
    rows = session.execute(
        select(Person, Preference, distance_squared(asked), proof.c.certificate_id)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .outerjoin(proof, proof.c.person_id == Person.id)
        .where(Person.id.in_(person_ids))
    )
    found = {person.id: _person(person, preference, square, proven) for person, preference, square, proven in rows}
    for kind, person_id, number, first, last, starts_at, ends_at, word in session.execute(_rest_of(asked, person_ids)):
        _READERS[kind](found[person_id], asked, number, (first, last), (starts_at, ends_at), word)
    return found


def _person(person: Person, preference: Preference | None, square: float | None, certificate_id: int | None) -> Facts:
    return Facts(
        person_id=person.id,
        public_id=person.public_id,
        name=person.call_name,
        status=person.status,
        paused_until=person.paused_until,
        home_neighbourhood_id=person.home_neighbourhood_id,
        km=None if square is None else sqrt(square),
        radius_km=preference.radius_km if preference else 25,
        max_per_month=preference.max_per_month if preference else 4,
        rest_days=preference.rest_days if preference else 0,
        own_neighbourhood=preference.own_neighbourhood if preference else OwnNeighbourhood.any,
        languages=tuple(preference.languages) if preference else ("nl",),
        certificate_id=certificate_id,
    )


def _rest_of(asked: Asked, ids: Collection[int]) -> Select[Any]:
    """Everything else about these people as one list of rows: kind, person, number, two days, two moments, word."""
    first, end = min(asked.around(RECENT_DAYS)[0], asked.month[0]), max(asked.around(RECENT_DAYS)[1], asked.month[1])
    parts = union_all(
        _row("weekly", Availability.person_id, number=Availability.weekday, word=Availability.part).where(
            Availability.person_id.in_(ids)
        ),
        _row("absent", Absence.person_id, days=(Absence.starts_on, Absence.ends_on)).where(
            Absence.person_id.in_(ids), Absence.ends_on >= asked.on, Absence.starts_on <= asked.on
        ),
        _row(
            "agreed", Consent.person_id, number=Consent.municipality_id, days=(Consent.given_on, Consent.expires_on)
        ).where(Consent.person_id.in_(ids), Consent.purpose == Purpose.directory, Consent.withdrawn_at.is_(None)),
        _row(
            "booked",
            Assignment.person_id,
            number=Assignment.meeting_id,
            moments=(Assignment.starts_at, Assignment.ends_at),
        ).where(
            Assignment.person_id.in_(ids),
            Assignment.state.in_(COUNTING),
            Assignment.starts_at < end,
            Assignment.ends_at > first,
        ),
        _row("invited", Invitation.person_id, number=Invitation.need_id, word=Invitation.state)
        .join(Need, Need.id == Invitation.need_id)
        .where(Invitation.person_id.in_(ids), Need.meeting_id == asked.meeting_id),
        _row(
            "covered",
            Certificate.person_id,
            days=(func.min(CertificatePeriod.starts_on), func.max(CertificatePeriod.ends_on)),
        )
        .join(Scheme, and_(Scheme.id == Certificate.scheme_id, Scheme.track == asked.role))
        .join(CertificatePeriod, CertificatePeriod.certificate_id == Certificate.id)
        .where(Certificate.person_id.in_(ids))
        .group_by(Certificate.person_id),
    ).subquery()
    return select(parts)


def _row(
    kind: str,
    person_id: Any,
    *,
    number: Any = None,
    days: tuple[Any, Any] = (None, None),
    moments: tuple[Any, Any] = (None, None),
    word: Any = None,
) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        person_id.label("person_id"),
        _typed(number, Integer()).label("number"),
        *(_typed(day, Date()).label(name) for day, name in zip(days, ("first_on", "last_on"), strict=True)),
        *(_typed(at, UTCDateTime()).label(name) for at, name in zip(moments, ("starts_at", "ends_at"), strict=True)),
        (cast(null(), String) if word is None else cast(word, String)).label("word"),
    )


def _typed(column: Any, kind: Any) -> Any:
    if column is not None:
        return column
    if isinstance(kind, UTCDateTime):  # a cast to the decorator itself would put SQLite's text through DateTime
        return type_coerce(cast(null(), DateTime(timezone=True)), UTCDateTime())
    return cast(null(), kind)


Days = tuple[date | None, date | None]
Moments = tuple[datetime | None, datetime | None]


def _weekly(facts: Facts, _asked: Asked, number: int, _days: Days, _moments: Moments, word: str) -> None:
    facts.weekly.add((number, DayPart(word)))


def _absent(facts: Facts, _asked: Asked, _number: int, days: tuple[date, date], _moments: Moments, _word: str) -> None:
    facts.absences.append(days)


def _agreed(
    facts: Facts, _asked: Asked, number: int | None, days: tuple[date, date], _moments: Moments, _word: str
) -> None:
    facts.agreed.append(Agreed(number, *days))


def _booked(
    facts: Facts, asked: Asked, number: int, _days: Days, moments: tuple[datetime, datetime], _word: str
) -> None:
    if number == asked.meeting_id:
        facts.has_place = True
    else:
        facts.booked.append(Booked(number, *moments))


def _invited(facts: Facts, asked: Asked, number: int, _days: Days, _moments: Moments, word: str) -> None:
    facts.invited_for_meeting.add(InvitationState(word))
    if number == asked.need_id:
        facts.invited_for_need.add(InvitationState(word))


def _covered(facts: Facts, _asked: Asked, _number: int, days: tuple[date, date], _moments: Moments, _word: str) -> None:
    facts.holds_role = True
    facts.covered_until = days[1]


_READERS: dict[str, Any] = {
    "weekly": _weekly,
    "absent": _absent,
    "agreed": _agreed,
    "booked": _booked,
    "invited": _invited,
    "covered": _covered,
}
