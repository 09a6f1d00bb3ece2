"""Rules of the outbox: which step may follow which, when a letter is tried again, when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _
from trainhub.outbox.models import MessageState as State
from trainhub.people.models import Channel

ALLOWED = {
    State.held: {State.queued, State.cancelled},
    State.queued: {State.held, State.sending, State.sent, State.cancelled},
    State.sending: {State.sent, State.failed, State.queued},
    State.failed: {State.queued, State.cancelled},
    State.sent: set[State](),
    State.cancelled: set[State](),
}
OPENS_AN_ACCOUNT = frozenset({"sign_in_link", "welcome", "password_reset"})
"""Letters with a link that signs its receiver in: whoever reads it could be them."""
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 10
LEASE = timedelta(minutes=10)
LONGEST_POST = timedelta(minutes=3)


def may_become(old: State, new: State) -> None:
    """Raise `RuleBroken` unless somebody may take a message from `old` to `new`; what the worker has in hand is the worker's."""
    if old == State.sending:
        raise RuleBroken(
            _("This message is being sent right now. Look again in a few minutes."), code="message_sending"
        )
    if new not in ALLOWED[old]:
        raise RuleBroken(
            _("This message has already been sent or cancelled. Nothing was changed."), code="message_state"
        )


def next_attempt(now: datetime, attempts: int, *, gives_up: bool = True) -> datetime | None:
    """When to try again after `attempts` failures: 2, 4, 8 … minutes, at most 6 hours; None when it is time to give up.

    Without `gives_up` it is never time: the mail server was away, and the letter is as good as it was.
    """
    if gives_up and attempts >= MOST_ATTEMPTS:
        return None
    return now + min(timedelta(minutes=2 ** min(attempts, MOST_ATTEMPTS)), LONGEST_PAUSE)


def may_be_told(channel: Channel) -> None:
    """Raise `RuleBroken` when the worker posts this message by itself."""
    if channel == Channel.email:
        raise RuleBroken(_("This message goes by e-mail; the worker posts it."), code="message_by_email")


def is_still_leased(leased_until: datetime | None, now: datetime) -> bool:
    """Whether there is time left to post one more message before another worker may claim it."""
    return leased_until is not None and now < leased_until - LONGEST_POST
