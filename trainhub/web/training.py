"""Pages of trainers and assessors: today's lesson first, the attendance sheet, the list on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from trainhub.attendance import queries as attendance
from trainhub.attendance import rules
from trainhub.attendance.models import AttendanceStatus
from trainhub.attendance.service import record_sheet
from trainhub.core.access import Permission
from trainhub.core.clock import AMSTERDAM, local_day
from trainhub.core.errors import DomainError, NotFound, RuleBroken
from trainhub.core.i18n import _, render
from trainhub.editions import queries
from trainhub.editions.models import SessionState
from trainhub.web.access import needs
from trainhub.web.forms import locale_code, whole_number
from trainhub.web.per_request import allows, begin, current_actor, now, reading, today

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from trainhub.attendance.queries import SheetLine
    from trainhub.editions.models import TrainingSession
    from trainhub.editions.queries import LessonRow

bp = Blueprint("training", __name__, url_prefix="/training")

LOOK_BACK = timedelta(days=60)
MOST_COMING = 12
CHOICES = (
    AttendanceStatus.present,
    AttendanceStatus.excused,
    AttendanceStatus.absent,
    AttendanceStatus.partly,
    AttendanceStatus.made_up,
)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A trainer's lessons: today's, those whose attendance is not filled in yet, and those to come."""

    today: list[LessonRow]
    open: list[LessonRow]
    coming: list[LessonRow]
    done: list[LessonRow]

    @property
    def next(self) -> LessonRow | None:
        """The lesson that the page begins with: today's first that is not over, else today's last, else the next one."""
        going = [lesson for lesson in self.today if lesson.ends_at >= now()]
        return next(iter(going or self.today[-1:] or self.coming[:1]), None)


@dataclass(slots=True)
class Sheet:
    """What a trainer sees and types: per enrolment the chosen status and the minutes."""

    chosen: dict[int, str]
    minutes: dict[int, str]
    problem: str | None = None
    problem_at: int | None = None


@bp.get("")
@needs(Permission.TRAINING_READ)
def home() -> ResponseReturnValue:
    """Today's lesson first, then what is not filled in, then what comes; only of one's own editions."""
    since = datetime.combine(today(), time.min, AMSTERDAM) - LOOK_BACK
    lessons = queries.lessons(reading(), current_actor().edition_ids, since=since)
    filled = attendance.filled_in(reading(), [lesson.id for lesson in lessons])
    return render_template(
        "training/home.html", agenda=_agenda(lessons, filled), filled=filled, editions=_editions(lessons)
    )


@bp.route("/les/<uuid:public_id>", methods=["GET", "POST"])
@needs(Permission.ATTENDANCE_RECORD)
def sheet(public_id: uuid.UUID) -> ResponseReturnValue:
    """The attendance of one lesson: one tap for everybody, then the exceptions."""
    lesson = _own(public_id, Permission.ATTENDANCE_RECORD)
    lines = attendance.sheet(reading(), lesson)
    if request.method == "POST":
        typed = _typed(lines)
        if _save(public_id, typed):
            return redirect(url_for(".sheet", public_id=public_id))
        return _sheet_page(_own(public_id, Permission.ATTENDANCE_RECORD), lines, typed), 422
    return _sheet_page(lesson, lines, _recorded(lines))


@bp.get("/les/<uuid:public_id>/lijst")
@needs(Permission.EDITION_READ)
def printed(public_id: uuid.UUID) -> ResponseReturnValue:
    """The same list on paper, for a lesson without a phone."""
    lesson = _own(public_id, Permission.ENROLMENT_READ)
    return render_template("training/list.html", lesson=lesson, lines=attendance.sheet(reading(), lesson))


def _own(public_id: uuid.UUID, permission: Permission) -> TrainingSession:
    """The lesson, when it belongs to an edition of the reader; else it does not exist."""
    lesson = queries.session_page(reading(), public_id)
    if not allows(permission, lesson):
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    return lesson


def _agenda(lessons: list[LessonRow], filled: Mapping[int, int]) -> Agenda:
    kept = [lesson for lesson in lessons if lesson.state != SessionState.cancelled]
    day = today()
    past = [lesson for lesson in kept if local_day(lesson.starts_at) < day]
    incomplete = [lesson for lesson in past if lesson.people and filled.get(lesson.id, 0) < lesson.people]
    return Agenda(
        today=[lesson for lesson in kept if local_day(lesson.starts_at) == day],
        open=incomplete,
        done=[lesson for lesson in reversed(past) if lesson not in incomplete],
        coming=[lesson for lesson in kept if local_day(lesson.starts_at) > day][:MOST_COMING],
    )


def _editions(lessons: list[LessonRow]) -> list[tuple[uuid.UUID, str]]:
    return sorted({(lesson.edition_public_id, lesson.edition) for lesson in lessons}, key=lambda one: one[1].casefold())


def _recorded(lines: list[SheetLine]) -> Sheet:
    return Sheet(
        {line.enrolment_id: line.status.value for line in lines},
        {line.enrolment_id: str(line.minutes or "") for line in lines},
    )


def _typed(lines: list[SheetLine]) -> Sheet:
    """What was sent, for the people of this sheet only."""
    form = request.form
    keys = [line.enrolment_id for line in lines]
    return Sheet(
        {key: form.get(f"status-{key}", rules.UNKNOWN) for key in keys},
        {key: form.get(f"minutes-{key}", "").strip() for key in keys},
    )


def _save(public_id: uuid.UUID, typed: Sheet) -> bool:
    """Record the sheet and say so; a refusal goes into the sheet and gives False.

    Without "everyone present" only what differs from what the reader saw is sent on, so that two tabs do not undo each other.
    """
    everyone = "everyone" in request.form
    statuses = {
        key: status
        for key, status in typed.chosen.items()
        if everyone or status != request.form.get(f"seen-{key}") or status == rules.PARTLY
    }
    try:
        minutes = {key: _number(key, text) for key, text in typed.minutes.items() if statuses.get(key) == rules.PARTLY}
        _known(statuses)
        with begin() as work:
            record_sheet(work, session_id=public_id, statuses=statuses, minutes=minutes, everyone_present=everyone)
    except DomainError as problem:
        typed.problem = render(problem.message, locale_code())
        at = problem.facts.get("enrolment_id")
        typed.problem_at = at if isinstance(at, int) else None
        return False
    flash(gettext("The attendance is saved."), "success")
    return True


def _number(key: int, text: str) -> int | None:
    if not text:
        return None
    minutes = whole_number(text)
    if minutes is None:
        raise RuleBroken(
            _("Fill in the minutes as a whole number, for example 90."),
            code="minutes",
            field="minutes",
            facts={"enrolment_id": key},
        )
    return minutes


def _known(statuses: Mapping[int, str]) -> None:
    if not set(statuses.values()) <= {status.value for status in AttendanceStatus}:
        raise RuleBroken(_("Choose one of the answers on the sheet."), code="status")


def _sheet_page(lesson: TrainingSession, lines: list[SheetLine], typed: Sheet) -> str:
    day = local_day(lesson.starts_at)
    return render_template(
        "training/sheet.html",
        lesson=lesson,
        lines=lines,
        sheet=typed,
        length=int((lesson.ends_at - lesson.starts_at).total_seconds()) // 60,
        is_open=lesson.state != SessionState.cancelled and day <= today(),
        is_cancelled=lesson.state == SessionState.cancelled,
        is_new=all(line.status == AttendanceStatus.unknown for line in lines),
        choices=[(status.value, _word(status.value)) for status in CHOICES],
        unknown=(rules.UNKNOWN, _word(rules.UNKNOWN)),
        day=day,
    )


def _word(status: str) -> str:
    return render(rules.STATUS_WORDS[status], locale_code())
