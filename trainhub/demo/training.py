"""The trainings of the demo: two pilots long ago, two finished editions, one that runs, one that is open and full.

The past is told through the verbs of each room, without letters: nobody gets mail about last year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainhub.accounts import service as accounts
from trainhub.attendance import service as attendance
from trainhub.attendance.models import AttendanceStatus
from trainhub.calendar.service import refresh_session
from trainhub.competence import service as competence
from trainhub.core.access import Role
from trainhub.courses.models import Competence, Module
from trainhub.demo.stage import facts
from trainhub.editions import enrolments, sessions
from trainhub.editions import service as editions
from trainhub.editions.models import TrainingSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainhub.core.work import Work
    from trainhub.demo.stage import Stage

WEEK = 7
LESSON = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Run:
    """One edition of the demo: its course version, its people by key, and the day of its first lesson from today."""

    code: str
    title: str
    version: str
    place: str
    people: Sequence[str]
    first_lesson: int
    trainer: str
    assessor: str
    capacity: int = 12
    every: int = WEEK


def keys(group: str) -> list[str]:
    """The keys of a group of people."""
    return [str(row["key"]) for row in facts("people")[group]]


def plan(stage: Stage, run: Run) -> None:
    """Make the edition with its lessons, trainer and assessor, open it, and give everybody a place or a number in the queue."""
    before = min(run.first_lesson - 60, -20)
    with stage.scene("coordinator", before) as work:
        edition = editions.create_edition(
            work,
            course_version_id=stage[run.version],
            code=run.code,
            title=run.title,
            capacity=run.capacity,
            municipality_id=stage[run.place],
        )
        stage.ids[run.code] = edition.id
        _plan_lessons(stage, work, run)
        for role, key in ((Role.trainer, run.trainer), (Role.assessor, run.assessor)):
            accounts.grant_role(work, person_id=stage[key], role=role, edition_id=edition.id)
        competence.grant_mandate(
            work, person_id=stage[run.assessor], course_version_id=stage[run.version], valid_from=work.today
        )
        editions.open_edition(work, edition_id=edition.id)
    for number, key in enumerate(run.people):
        with stage.scene("coordinator", before + 1 + number) as work:
            enrolment = enrolments.apply(work, edition_id=stage[run.code], person_id=stage[key])
            enrolments.place(work, enrolment_id=enrolment.id)
            stage.ids[f"{run.code} {key}"] = enrolment.id


def teach(stage: Stage, run: Run, *, missed: dict[str, Sequence[int]] | None = None) -> None:
    """Start the edition and hold every lesson up to yesterday; `missed` names who was absent, by the number of the lesson."""
    with stage.scene("coordinator", run.first_lesson - 3) as work:
        editions.start(work, edition_id=stage[run.code])
    for number, lesson_id in enumerate(stage.ids[f"{run.code} lesson {n}"] for n in range(_lessons(stage, run))):
        offset = run.first_lesson + number * run.every
        if offset >= 0:
            break
        with stage.scene(run.trainer, offset, 17) as work:
            statuses = {
                stage[f"{run.code} {key}"]: AttendanceStatus.absent
                for key, lessons in (missed or {}).items()
                if number in lessons
            }
            attendance.record_sheet(work, session_id=lesson_id, statuses=statuses, everyone_present=True)


def assess(stage: Stage, run: Run, offset: int, *, how_many: dict[str, int] | None = None) -> None:
    """The assessor signs off all competences of everybody, or the first `how_many` of those that are named."""
    with stage.db.read_session() as session:
        told = list(
            session.scalars(
                select(Competence)
                .where(Competence.course_version_id == stage[run.version])
                .order_by(Competence.position)
            )
        )
    for key in run.people if how_many is None else how_many:
        with stage.scene(run.assessor, offset, 15) as work:
            for one in told[: None if how_many is None else how_many[key]]:
                competence.sign_off(
                    work,
                    enrolment_id=stage[f"{run.code} {key}"],
                    competence_id=one.id,
                    evidence=f"Gezien in een oefengesprek tijdens de les: {one.statement.lower()}.",
                    feedback="Rustig gedaan. Ga zo door.",
                )


def finish(stage: Stage, run: Run, offset: int) -> None:
    """Complete the edition: everybody followed it."""
    with stage.scene("coordinator", offset) as work:
        done = {stage[f"{run.code} {key}"] for key in run.people}
        editions.complete(work, edition_id=stage[run.code], completed=done)


def _plan_lessons(stage: Stage, work: Work, run: Run) -> None:
    modules = work.session.scalars(
        select(Module).where(Module.course_version_id == stage[run.version]).order_by(Module.position)
    )
    halves = [module for module in modules for _half in range(module.half_days)]
    for number, module in enumerate(halves):
        starts_at = stage.at(run.first_lesson + number * run.every, 13, 30)
        lesson = sessions.plan_session(
            work,
            edition_id=stage[run.code],
            module_id=module.id,
            starts_at=starts_at,
            ends_at=starts_at + LESSON,
            place="Wijkcentrum Voorbeeld, Dorpsstraat 1",
            online_url="https://meet.example.org/les" if number == 1 else None,
        )
        refresh_session(work, session_id=lesson.id)
        stage.ids[f"{run.code} lesson {number}"] = lesson.id


def _lessons(stage: Stage, run: Run) -> int:
    with stage.db.read_session() as session:
        return len(
            session.scalars(select(TrainingSession.id).where(TrainingSession.edition_id == stage[run.code])).all()
        )
