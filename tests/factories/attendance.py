"""Factories of attendance."""

from __future__ import annotations

from typing import Any

from tests.factories.base import NOW, Factory
from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.editions.models import Enrolment, TrainingSession


class MakeAttendance(Factory):
    """What is known of people at lessons."""

    def attendance(
        self,
        session: TrainingSession,
        enrolment: Enrolment,
        status: AttendanceStatus = AttendanceStatus.present,
        **given: Any,
    ) -> Attendance:
        """Somebody was at a lesson, unless told otherwise."""
        values = {"edition_id": session.edition_id, "session_id": session.id, "enrolment_id": enrolment.id}
        return self.row(Attendance, **{**values, "status": status, "recorded_at": NOW, **given})
