"""The verb of attendance: record the sheet of a lesson, as often as one likes."""

from __future__ import annotations

import uuid
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from trainhub.attendance import queries, rules
from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.attendance.rules import Known
from trainhub.core.access import Permission
from trainhub.core.clock import local_day
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.editions.models import SessionState, TrainingSession
from trainhub.editions.sessions import hold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from trainhub.core.work import Key, Work
    from trainhub.editions.models import Enrolment


def record_sheet(
    work: Work,
    *,
    session_id: Key,
    statuses: Mapping[int, str],
    minutes: Mapping[int, int | None] | None = None,
    everyone_present: bool = False,
) -> list[Attendance]:
    """Record who was at a lesson, by enrolment id; returns the rows that changed, so nothing when the same sheet comes twice.

    `minutes` go with the status partly. With `everyone_present` everybody who is not in `statuses` counts as present. The
    first sheet makes a planned lesson held. Raises `RuleBroken` before the lesson's day, for a cancelled lesson, and for a
    person of another edition. The number of queries does not depend on the number of people.
    """
    lesson, known, rows = _load(work, session_id)
    work.require(Permission.ATTENDANCE_RECORD, lesson)
    rules.may_be_recorded(lesson.state, lesson.starts_at, work.now)
    changed = rules.changes(
        known,
        statuses,
        minutes or {},
        length=int((lesson.ends_at - lesson.starts_at).total_seconds()) // 60,
        everyone_present=everyone_present,
    )
    if not changed:
        return []
    before = {key: (row.status.value, row.minutes) for key, row in rows.items()}
    written = _write(work, lesson, changed)
    for row in written:
        status, kept = before.get(row.enrolment_id, (rules.UNKNOWN, None))
        work.record("attendance.recorded", row, status=[status, row.status.value], minutes=[kept, row.minutes])
    if lesson.state == SessionState.planned:
        hold(work, lesson)
    return written


def _load(work: Work, session_id: Key) -> tuple[TrainingSession, list[Known], dict[int, Attendance]]:
    """The lesson, locked, with everybody on its sheet and what is recorded of them, in one query."""
    column = TrainingSession.public_id if isinstance(session_id, uuid.UUID) else TrainingSession.id
    # Outer joins: a lesson without people, and people of whom nothing is recorded.
    found = cast(
        "list[tuple[TrainingSession, Enrolment | None, Attendance | None, datetime]]",
        work.session.execute(queries.locked_sheet(column == session_id)).all(),
    )
    if not found:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    lesson = found[0][0]
    rows = {row.enrolment_id: row for _lesson, _enrolment, row, _joined in found if row is not None}
    known = [
        Known(
            enrolment.id,
            row.status.value if row else rules.UNKNOWN,
            row.minutes if row else None,
            enrolment.state in queries.ON_THE_SHEET and local_day(joined) <= local_day(lesson.starts_at),
        )
        for _lesson, enrolment, row, joined in found
        if enrolment is not None
    ]
    return lesson, known, rows


def _write(work: Work, lesson: TrainingSession, changed: Sequence[Known]) -> list[Attendance]:
    """Insert or update every changed row in one statement."""
    values: list[dict[str, Any]] = [
        {
            "public_id": uuid.uuid4(),
            "row_version": 1,
            "edition_id": lesson.edition_id,
            "session_id": lesson.id,
            "enrolment_id": one.enrolment_id,
            "status": AttendanceStatus(one.status),
            "minutes": one.minutes,
            "recorded_by_id": work.actor.person_id,
            "recorded_at": work.now,
        }
        for one in changed
    ]
    dialect = import_module(
        f"sqlalchemy.dialects.{work.session.get_bind().dialect.name}"
    )  # only the one that is in use
    insert = dialect.insert(Attendance).values(values)
    upsert = insert.on_conflict_do_update(
        index_elements=["session_id", "enrolment_id"],
        set_={
            "status": insert.excluded.status,
            "minutes": insert.excluded.minutes,
            "recorded_by_id": insert.excluded.recorded_by_id,
            "recorded_at": insert.excluded.recorded_at,
            "row_version": Attendance.row_version + 1,
        },
    )
    statement = upsert.returning(Attendance).execution_options(populate_existing=True)
    return list(work.session.scalars(statement))
