"""The people of a benchmark: near the municipalities, certified, agreed, free at some times, asked for meetings."""

from __future__ import annotations

import random
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.engine import Connection

from benchmarks.bulk import Bulk
from trainhub.certification.kinds import DecisionKind
from trainhub.certification.models import Certificate, CertificatePeriod, Decision, Scheme, SchemeVersion
from trainhub.certification.numbering import numbered
from trainhub.courses.models import Track
from trainhub.meetings.models import (
    Assignment,
    AssignmentState,
    Invitation,
    InvitationState,
    Meeting,
    MeetingState,
    Need,
    Part,
)
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
from trainhub.programmes.models import Audience, Programme

SPREAD_DEGREES = 0.06
FIRST_NAMES = ("Noor", "Sanne", "Jan", "Fatima", "Piet", "Yusuf", "Lies", "Kees", "Amina", "Bram", "Eva", "Daan")
LAST_NAMES = ("van der Berg", "de Vries", "'s-Gravendijk", "Yilmaz", "Jansen", "Bakker", "el Amrani", "Visser")
PEOPLE_PER_MEETING = 10


@dataclass(frozen=True)
class Known:
    """What the rows of people refer to."""

    places: list[tuple[int, float, float]]
    neighbourhoods: list[tuple[int, int]]
    schemes: dict[Track, tuple[int, int]]
    programme_id: int


def known(connection: Connection) -> Known:
    """Where people can live, and under which schemes they are certified."""
    places = connection.execute(select(Municipality.id, Municipality.lat, Municipality.lon).order_by(Municipality.id))
    homes = connection.execute(select(Neighbourhood.id, Neighbourhood.municipality_id).order_by(Neighbourhood.id))
    schemes = connection.execute(
        select(Scheme.track, Scheme.id, SchemeVersion.id)
        .join(SchemeVersion, SchemeVersion.scheme_id == Scheme.id)
        .order_by(SchemeVersion.version)
    )
    return Known(
        [(key, lat, lon) for key, lat, lon in places],
        [(key, municipality_id) for key, municipality_id in homes],
        {track: (scheme_id, version_id) for track, scheme_id, version_id in schemes},
        connection.scalar(select(Programme.id).order_by(Programme.id).limit(1)) or 0,
    )


def settle(bulk: Bulk, there: Known, number: int, now: datetime, chance: random.Random) -> None:
    """Put in `number` people: seven in ten are certified, eight in ten agreed to be found, a few pause or are away."""
    meetings = _meetings(bulk, there, max(3, number // PEOPLE_PER_MEETING), now, chance)
    for serial in range(1, number + 1):
        municipality_id, lat, lon = chance.choice(there.places)
        person_id = _person(bulk, serial, (municipality_id, lat, lon), now, chance)
        _wishes(bulk, person_id, municipality_id, now, chance)
        if chance.random() < 0.7:  # noqa: PLR2004 - shares of the docstring
            role = Track.expert_by_experience if chance.random() < 0.65 else Track.discussion_leader  # noqa: PLR2004 - the same
            certificate_id = _certificate(bulk, person_id, serial, there.schemes[role], now, chance)
            _diary(bulk, person_id, role, certificate_id, meetings, chance)


def person(bulk: Bulk, name: str, now: datetime, **given: object) -> int:
    """One person who takes part and is reached by letter."""
    return bulk.add(
        Person,
        **{
            "public_id": uuid.uuid4(),
            "row_version": 1,
            "call_name": name,
            "formal_name": None,
            "email": None,
            "phone": None,
            "locale": "nl",
            "channel": Channel.letter,
            "status": PersonStatus.active,
            "paused_until": None,
            "home_pc4": None,
            "home_municipality_id": None,
            "home_neighbourhood_id": None,
            "lat": None,
            "lon": None,
            "is_demo": True,
            "created_at": now,
            **given,
        },
    )


def _person(bulk: Bulk, serial: int, place: tuple[int, float, float], now: datetime, chance: random.Random) -> int:
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    status = chance.choices((PersonStatus.active, PersonStatus.paused, PersonStatus.archived), (95, 3, 2))[0]
    return person(
        bulk,
        name,
        now,
        formal_name=f"{name} ({serial})",
        email=f"persoon{serial}@example.org",
        channel=Channel.email,
        status=status,
        home_municipality_id=place[0],
        lat=chance.gauss(place[1], SPREAD_DEGREES / 2),
        lon=chance.gauss(place[2], SPREAD_DEGREES),
    )


def _wishes(bulk: Bulk, person_id: int, municipality_id: int, now: datetime, chance: random.Random) -> None:
    today = now.date()
    if chance.random() < 0.8:  # noqa: PLR2004 - shares of the docstring
        only_here = chance.random() < 0.15  # noqa: PLR2004 - the same
        consent(bulk, person_id, now, municipality_id=municipality_id if only_here else None)
    bulk.add(
        Preference,
        public_id=uuid.uuid4(),
        row_version=1,
        person_id=person_id,
        radius_km=chance.choice((10, 15, 25, 25, 40, 60)),
        max_per_month=chance.choice((1, 2, 4, 4)),
        rest_days=chance.choice((0, 0, 0, 1, 3, 7)),
        own_neighbourhood=chance.choice(list(OwnNeighbourhood)),
        languages=["nl", chance.choice(("tr", "ar", "en"))] if chance.random() < 0.25 else ["nl"],  # noqa: PLR2004 - the same
    )
    if chance.random() < 0.6:  # noqa: PLR2004 - the same
        for weekday in chance.sample(range(1, 8), chance.randint(2, 5)):
            for part in chance.sample(list(DayPart), chance.randint(1, 3)):
                bulk.add(Availability, person_id=person_id, weekday=weekday, part=part)
    if chance.random() < 0.05:  # noqa: PLR2004 - the same
        first = today + timedelta(days=chance.randint(-10, 60))
        days = {"starts_on": first, "ends_on": first + timedelta(days=chance.randint(1, 30))}
        bulk.add(Absence, public_id=uuid.uuid4(), person_id=person_id, **days)


def consent(bulk: Bulk, person_id: int, now: datetime, *, purpose: Purpose = Purpose.directory, **given: object) -> int:
    """A consent given half a year ago, for two years."""
    given_on = now.date() - timedelta(days=180)
    return bulk.add(
        Consent,
        **{
            "public_id": uuid.uuid4(),
            "person_id": person_id,
            "purpose": purpose,
            "municipality_id": None,
            "text_version": "2026-01",
            "text_sha256": "0" * 64,
            "channel": "web",
            "given_at": now - timedelta(days=180),
            "given_on": given_on,
            "expires_on": given_on + timedelta(days=730),
            "withdrawn_at": None,
            **given,
        },
    )


def _certificate(
    bulk: Bulk, person_id: int, serial: int, scheme: tuple[int, int], now: datetime, chance: random.Random
) -> int:
    """Granted up to three and a half years ago for three years; a few were renewed, suspended or revoked since."""
    since = now.date() - timedelta(days=chance.randint(1, 1_280))
    certificate_id = bulk.add(
        Certificate,
        public_id=uuid.uuid4(),
        person_id=person_id,
        scheme_id=scheme[0],
        scheme_version_id=scheme[1],
        number=numbered(since.year, serial),
        public_token=secrets.token_urlsafe(24),
        granted_at=now - timedelta(days=10),
    )
    ends = since + timedelta(days=1_095)
    _period(bulk, certificate_id, since, ends)
    _decision(bulk, person_id, scheme[1], certificate_id, DecisionKind.grant, since)
    if chance.random() < 0.2:  # noqa: PLR2004 - a few
        _period(bulk, certificate_id, ends + timedelta(days=1), ends + timedelta(days=1_096))
    if chance.random() < 0.03:  # noqa: PLR2004 - the same
        kind = chance.choice((DecisionKind.suspend, DecisionKind.revoke))
        _decision(bulk, person_id, scheme[1], certificate_id, kind, since + timedelta(days=30))
    return certificate_id


def _period(bulk: Bulk, certificate_id: int, first: date, last: date) -> None:
    bulk.add(CertificatePeriod, public_id=uuid.uuid4(), certificate_id=certificate_id, starts_on=first, ends_on=last)


def _decision(bulk: Bulk, person_id: int, version_id: int, certificate_id: int, kind: DecisionKind, on: date) -> None:
    bulk.add(
        Decision,
        public_id=uuid.uuid4(),
        person_id=person_id,
        scheme_version_id=version_id,
        certificate_id=certificate_id,
        kind=kind,
        effective_on=on,
        reason="Omdat het een meting is.",
        findings={},
        decided_by_id=1 if person_id != 1 else 2,
        decided_at=datetime.combine(on, datetime.min.time()).astimezone(),
    )


@dataclass(frozen=True)
class _Planned:
    meeting_id: int
    needs: dict[Track, int]
    starts_at: datetime


def _meetings(bulk: Bulk, there: Known, number: int, now: datetime, chance: random.Random) -> list[_Planned]:
    """Meetings from 90 days ago until 90 days from now, each with a need for both roles."""
    planned = []
    for _ in range(number):
        neighbourhood_id, municipality_id = chance.choice(there.neighbourhoods)
        days = chance.randint(-90, 90)
        starts_at = now + timedelta(days=days, hours=chance.choice((-3, 2, 7)))
        meeting_id = meeting(
            bulk,
            municipality_id=municipality_id,
            neighbourhood_id=neighbourhood_id,
            programme_id=there.programme_id,
            starts_at=starts_at,
            state=MeetingState.held if days < 0 else MeetingState.staffing,
        )
        needs = {
            role: bulk.add(
                Need, public_id=uuid.uuid4(), meeting_id=meeting_id, role=role, count=1, reserve=0, language="nl"
            )
            for role in Track
        }
        planned.append(_Planned(meeting_id, needs, starts_at))
    return planned


def meeting(bulk: Bulk, *, starts_at: datetime, **given: object) -> int:
    """A meeting of two hours for residents."""
    return bulk.add(
        Meeting,
        **{
            "public_id": uuid.uuid4(),
            "row_version": 1,
            "request_id": None,
            "audience": Audience.residents,
            "title": "Welkom in de wijk",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "tz": "Europe/Amsterdam",
            "place": "Buurthuis De Brug",
            "online_url": None,
            "state": MeetingState.confirmed,
            "cancelled_because": None,
            **given,
        },
    )


def _diary(
    bulk: Bulk, person_id: int, role: Track, certificate_id: int, meetings: list[_Planned], chance: random.Random
) -> None:
    """One in three has a place somewhere, one in five was asked for another meeting."""
    one, other = chance.sample(meetings, 2)
    if chance.random() < 0.33:  # noqa: PLR2004 - shares of the docstring
        place(bulk, person_id, one.meeting_id, role, certificate_id, one.starts_at, need_id=one.needs[role])
    if chance.random() < 0.2:  # noqa: PLR2004 - the same
        bulk.add(
            Invitation,
            public_id=uuid.uuid4(),
            row_version=1,
            need_id=other.needs[role],
            person_id=person_id,
            wave=1,
            state=chance.choice((InvitationState.sent, InvitationState.declined, InvitationState.expired)),
            sent_at=other.starts_at - timedelta(days=100),
            answer_until=other.starts_at - timedelta(days=93),
            answered_at=None,
        )


def place(
    bulk: Bulk,
    person_id: int,
    meeting_id: int,
    role: Track,
    certificate_id: int | None,
    starts_at: datetime,
    *,
    part: Part = Part.lead,
    state: AssignmentState = AssignmentState.confirmed,
    need_id: int | None = None,
) -> int:
    """A person's place in a meeting."""
    return bulk.add(
        Assignment,
        public_id=uuid.uuid4(),
        row_version=1,
        meeting_id=meeting_id,
        need_id=need_id,
        person_id=person_id,
        role=role,
        part=part,
        certificate_id=certificate_id,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        confirmed_at=starts_at - timedelta(days=100),
    )
