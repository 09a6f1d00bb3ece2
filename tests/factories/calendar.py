"""Factories of the calendar: lessons and meetings with their items, and feeds."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.factories.base import NOW, Factory
from trainhub.calendar import service
from trainhub.calendar.models import CalendarItem, FeedToken
from trainhub.core.access import SYSTEM
from trainhub.core.settings import Settings
from trainhub.core.work import Work
from trainhub.editions.models import TrainingSession
from trainhub.meetings.models import Meeting

BASE_URL = "http://localhost"


class MakeCalendar(Factory):
    """Calendar items written by the service itself, and feeds with a known token."""

    def item_of(self, thing: TrainingSession | Meeting, **given: Any) -> CalendarItem:
        """The calendar item of a lesson or meeting as the service writes it; `now` says when."""
        work = Work(self.session, Settings(base_url=BASE_URL), SYSTEM, given.get("now", NOW))
        if isinstance(thing, TrainingSession):
            return service.refresh_session(work, session_id=thing.id)
        return service.refresh_meeting(work, meeting_id=thing.id)

    def lesson(self, **given: Any) -> TrainingSession:
        """A lesson of a new edition, or of the one given, with its calendar item."""
        lesson = self.row(TrainingSession, **given)
        self.item_of(lesson)
        return lesson

    def meeting_in_calendar(self, **given: Any) -> Meeting:
        """A meeting with its calendar item."""
        meeting = self.row(Meeting, **given)
        self.item_of(meeting)
        return meeting

    def feed(self, person: Any, token: str = "the-token", **given: Any) -> FeedToken:
        """A feed of `person` that answers to `token`."""
        hashed = hashlib.sha256(token.encode()).hexdigest()
        return self.row(FeedToken, **{"person_id": person.id, "token_sha256": hashed, "created_at": NOW, **given})
