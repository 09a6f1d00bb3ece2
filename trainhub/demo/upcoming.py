"""What a coordinator finds today: meetings in every stage, a request to answer, and people whose situation changed.

This part is told through the flows, so its letters wait in the mail queue and its answers stand in the agendas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.calendar.service import renew_feed
from trainhub.courses.models import Track
from trainhub.demo import neighbourhoods
from trainhub.demo.neighbourhoods import EXPERT, LEADER, MEETING, Evening
from trainhub.demo.stage import facts, submission_key
from trainhub.demo.training import LESSON
from trainhub.flows import certify, meeting, request, schedule, staff, withdraw
from trainhub.meetings import service as meetings
from trainhub.meetings.models import Assignment, Invitation, Need, Part
from trainhub.people import service as people
from trainhub.people.models import DayPart, Purpose
from trainhub.programmes.models import Audience

if TYPE_CHECKING:
    from trainhub.core.work import Work
    from trainhub.demo.stage import Stage

HOME = "municipality"


def tell(stage: Stage) -> None:
    """Everything of the last nine days, in order."""
    _full_meeting(stage)
    _reserve_steps_in(stage)
    _half_staffed(stage)
    _uncertain_place(stage)
    _nobody_asked_yet(stage)
    _cancelled(stage)
    _moved_lesson(stage)
    _people_change(stage)
    _requests_to_answer(stage)
    _agenda_links(stage)


def _full_meeting(stage: Stage) -> None:
    """Asked by Nijmegen, staffed and confirmed; a trainee comes to observe."""
    wish = _wish(stage, HOME, "Lindenholt", Audience.volunteers, days=12, offset=-9)
    meeting_id = _accept(stage, wish, "Lindenholt", days=12, offset=-9)
    for track, key in ((LEADER, "g05"), (EXPERT, "facilitator")):
        _ask(stage, meeting_id, track, key, offset=-8)
        _answer(stage, meeting_id, key, offset=-7, accepts=True)
    with stage.scene("coordinator", -6) as work:
        meeting.confirm_meeting(work, meeting_id=meeting_id)
        staff.place_for_practice(
            work, meeting_id=meeting_id, person_id=stage["trainee"], role=EXPERT, part=Part.observe
        )


def _reserve_steps_in(stage: Stage) -> None:
    """Two experts said yes to one place and a reserve; the first gave it back, the reserve leads."""
    wish = _wish(stage, "officer_arnhem", "Malburgen West", Audience.volunteers, days=19, offset=-9)
    meeting_id = _accept(stage, wish, "Malburgen West", days=19, offset=-9, reserve=1)
    for track, key in ((LEADER, "g02"), (EXPERT, "e03"), (EXPERT, "facilitator")):
        _ask(stage, meeting_id, track, key, offset=-8)
        _answer(stage, meeting_id, key, offset=-7, accepts=True)
    with stage.scene("e03", -2) as work:
        place = work.session.scalars(
            select(Assignment).where(Assignment.meeting_id == meeting_id, Assignment.person_id == stage["e03"])
        ).one()
        staff.release(work, assignment_id=place.id)


def _half_staffed(stage: Stage) -> None:
    """A hybrid meeting: one person was asked and has not answered, nobody leads it yet."""
    evening = Evening("Hatert", Audience.volunteers, 26, {LEADER: "", EXPERT: ""})
    meeting_id = _plan(stage, evening, offset=-5, hybrid=True)
    _ask(stage, meeting_id, EXPERT, "facilitator", offset=-1)
    _ask(stage, meeting_id, EXPERT, "e02", offset=-4)
    _answer(stage, meeting_id, "e02", offset=-3, accepts=False)


def _uncertain_place(stage: Stage) -> None:
    """Somebody's certificate was suspended after the yes: the place became uncertain."""
    evening = Evening("Lindenholt", Audience.professionals, 33, {LEADER: "", EXPERT: ""})
    meeting_id = _plan(stage, evening, offset=-9)
    for track, key in ((LEADER, "g05"), (EXPERT, "e10")):
        _ask(stage, meeting_id, track, key, offset=-8)
        _answer(stage, meeting_id, key, offset=-7, accepts=True)
    with stage.scene("coordinator2", -3) as work:
        certify.suspend(
            work,
            certificate_id=stage["certificate e10"],
            reason="Op eigen verzoek: eerst een nieuwe baan, daarna weer verder.",
        )


def _nobody_asked_yet(stage: Stage) -> None:
    _plan(stage, Evening("Geitenkamp", Audience.volunteers, 40, {LEADER: "", EXPERT: ""}), offset=-2)


def _cancelled(stage: Stage) -> None:
    meeting_id = _plan(
        stage, Evening("Voorbeeldwijk Park", Audience.volunteers, 15, {LEADER: "", EXPERT: ""}), offset=-9
    )
    with stage.scene("coordinator", -3) as work:
        meeting.cancel_meeting(work, meeting_id=meeting_id, reason="Het buurthuis wordt die week verbouwd.")


def _moved_lesson(stage: Stage) -> None:
    """The last lesson but one of the running edition starts half an hour later, in the same house."""
    lesson_id = stage["ED-2 lesson 6"]
    with stage.scene("coordinator", -1) as work:
        starts_at = stage.at(7, 14)
        schedule.move_session(
            work,
            session_id=lesson_id,
            starts_at=starts_at,
            ends_at=starts_at + LESSON,
            place="Wijkcentrum Voorbeeld, Dorpsstraat 1",
        )


def _people_change(stage: Stage) -> None:
    with stage.scene("e08", -6) as work:
        people.pause(work, person_id=stage["e08"], until=stage.day(60))
    with stage.scene("e09", -5) as work:
        withdraw.withdraw_consent(work, person_id=stage["e09"], purpose=Purpose.directory)
    with stage.scene("coordinator", -4) as work:
        withdraw.erase(work, person_id=stage["gone"])


def _requests_to_answer(stage: Stage) -> None:
    _wish(stage, "officer_denbosch", "De Kruiskamp", Audience.residents, days=45, offset=-2)
    _wish(stage, HOME, "Hatert", Audience.professionals, days=50, offset=-1)


def _agenda_links(stage: Stage) -> None:
    for group in ("trainees", "experts", "pilot", "leaders", "almost"):
        for row in facts("people")[group]:
            with stage.scene(row["key"]) as work:
                renew_feed(work, person_id=stage[row["key"]])


def _wish(stage: Stage, officer: str, where: str, audience: Audience, *, days: int, offset: int) -> int:
    with stage.scene(officer, offset) as work:
        return request.submit(
            work,
            municipality_id=stage[f"municipality of {where}"],
            neighbourhood_id=stage[where],
            programme_id=stage["welkome-wijk"],
            audience=audience,
            wished_on=stage.day(days),
            wished_part=DayPart.evening,
            submission_key=submission_key(),
        ).id


def _accept(stage: Stage, request_id: int, where: str, *, days: int, offset: int, reserve: int = 0) -> int:
    with stage.scene("coordinator", offset, 11) as work:
        starts_at = stage.at(days, 19, 30)
        return request.accept(
            work,
            request_id=request_id,
            starts_at=starts_at,
            ends_at=starts_at + MEETING,
            place=f"Buurthuis {where}",
            reserve=reserve,
        ).id


def _plan(stage: Stage, evening: Evening, *, offset: int, hybrid: bool = False) -> int:
    with stage.scene("coordinator", offset) as work:
        meeting_id = neighbourhoods.plan(stage, work, evening, hybrid=hybrid)
        for track in evening.led_by:
            meetings.plan_need(work, meeting_id=meeting_id, role=track, count=1)
        return meeting_id


def _ask(stage: Stage, meeting_id: int, track: Track, key: str, *, offset: int) -> None:
    with stage.scene("coordinator", offset, 10) as work:
        need = work.session.scalars(select(Need).where(Need.meeting_id == meeting_id, Need.role == track)).one()
        staff.invite(work, need_id=need.id, person_id=stage[key], until=stage.at(7, 20))


def _answer(stage: Stage, meeting_id: int, key: str, *, offset: int, accepts: bool) -> None:
    with stage.scene(key, offset, 19) as work:
        staff.answer(work, invitation_id=_question(work, meeting_id, stage[key]), accepts=accepts)


def _question(work: Work, meeting_id: int, person_id: int) -> int:
    return work.session.scalars(
        select(Invitation.id)
        .join(Need, Need.id == Invitation.need_id)
        .where(Need.meeting_id == meeting_id, Invitation.person_id == person_id)
    ).one()
