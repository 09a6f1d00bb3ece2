"""The meetings of the demo that were held: first the ones at which people practised, later the ones that they led."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.calendar.service import refresh_meeting
from trainhub.certification.models import Certificate, Scheme
from trainhub.core.access import Actor
from trainhub.courses.models import Track
from trainhub.demo.stage import facts
from trainhub.meetings import service as meetings
from trainhub.meetings import staffing
from trainhub.meetings.models import Part
from trainhub.programmes.models import Audience

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trainhub.core.work import Work
    from trainhub.demo.stage import Stage

MEETING = timedelta(hours=2)
PRACTICE = (Part.observe, Part.co_lead, Part.co_lead)
EXPERT, LEADER = Track.expert_by_experience, Track.discussion_leader


@dataclass(frozen=True, slots=True)
class Evening:
    """One meeting of the demo: where, for whom, when, who led it (by role) and who practised."""

    where: str
    audience: Audience
    offset: int
    led_by: Mapping[Track, str]
    practised: Sequence[tuple[str, Track, Part]] = field(default_factory=tuple)


def places() -> list[str]:
    """The neighbourhoods of Welkome Wijk, in the order of the facts."""
    told = facts("programmes")
    ours = next(row["municipalities"] for row in told["programme"] if row["slug"] == "welkome-wijk")
    return [row["name"] for row in told["neighbourhood"] if row["municipality"] in ours]


def practice_evenings(first: int, led_by: Mapping[Track, str], people: Sequence[tuple[str, Track]]) -> list[Evening]:
    """One evening for residents per neighbourhood, five days apart; everybody observes one and co-leads the next two."""
    where = places()
    evenings = []
    for number, name in enumerate(where):
        here = [
            (key, track, part)
            for turn, (key, track) in enumerate(people)
            for step, part in enumerate(PRACTICE)
            if (turn % (len(where) - len(PRACTICE) + 1)) + step == number
        ]
        evenings.append(Evening(name, Audience.residents, first + number * 5, led_by, here))
    return evenings


def hold(stage: Stage, evening: Evening) -> None:
    """Plan the meeting three weeks ahead, fill its places, confirm it and mark it as held."""
    with stage.scene("coordinator", evening.offset - 21) as work:
        meeting_id = plan(stage, work, evening)
        for track, key in evening.led_by.items():
            need = meetings.plan_need(work, meeting_id=meeting_id, role=track, count=1)
            invitation = staffing.invite(work, need_id=need.id, person_id=stage[key])
            _say_yes(stage, work, invitation.id, key, track)
        for key, track, part in evening.practised:
            staffing.place_for_practice(work, meeting_id=meeting_id, person_id=stage[key], role=track, part=part)
        meetings.confirm(work, meeting_id=meeting_id)
    with stage.scene("coordinator", evening.offset, 22) as work:
        meetings.hold(work, meeting_id=meeting_id)


def plan(stage: Stage, work: Work, evening: Evening, *, hybrid: bool = False, hour: int = 19) -> int:
    """A draft meeting on its evening, in the agenda; its id."""
    starts_at = stage.at(evening.offset, hour, 30)
    meeting = meetings.create(
        work,
        municipality_id=stage[f"municipality of {evening.where}"],
        neighbourhood_id=stage[evening.where],
        programme_id=stage["welkome-wijk"],
        audience=evening.audience,
        starts_at=starts_at,
        ends_at=starts_at + MEETING,
        place=f"Buurthuis {evening.where}",
        online_url="https://meet.example.org/bijeenkomst" if hybrid else None,
    )
    refresh_meeting(work, meeting_id=meeting.id)
    return meeting.id


def _say_yes(stage: Stage, work: Work, invitation_id: int, key: str, track: Track) -> None:
    """The person's own yes, in the same unit of work."""
    certificate = work.session.scalars(
        select(Certificate).join(Certificate.scheme).where(Certificate.person_id == stage[key], Scheme.track == track)
    ).one()
    coordinator, work.actor = work.actor, Actor(person_id=stage[key])
    staffing.accept(work, invitation_id=invitation_id, certificate_id=certificate.id)
    work.actor = coordinator
