"""Factories of the outbox: messages in the queue, and rounds of the worker."""

from __future__ import annotations

from typing import Any

from tests.factories.base import NOW, Factory
from trainhub.outbox.models import Message, WorkerRun
from trainhub.people.models import Channel, Person


class MakeOutbox(Factory):
    """Messages and what the worker wrote down."""

    def message(self, person: Person | None = None, **given: Any) -> Message:
        """An e-mail that is due, to `person` or to somebody new."""
        receiver = person or self.row(
            Person, call_name="Bo", email=f"bo{self.number()}@example.org", channel=Channel.email, created_at=NOW
        )
        values: dict[str, Any] = {"person": receiver, "channel": receiver.channel, "address": receiver.email}
        values |= {"letter": "session_moved", "subject": "Je les is verplaatst", "body": "Hallo Bo,\n\nTot dinsdag.\n"}
        values |= {"html": "<p>Hallo Bo,</p><p>Tot dinsdag.</p>", "due_at": NOW, "created_at": NOW}
        return self.row(Message, **values | {"dedupe_key": f"message-{self.number()}"} | given)

    def worker_run(self, **given: Any) -> WorkerRun:
        """A round of the worker that just ended."""
        return self.row(WorkerRun, **{"started_at": NOW, "ended_at": NOW, "sent": 0, "failed": 0, **given})
