"""The mail queue: what waits, what went, what failed, and what a person must still tell or hand over."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from flask import abort, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.acts import act
from admin.audit_words import short_moment
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.outbox import queries, rules, service
from trainhub.outbox.models import Message, MessageState
from trainhub.people.models import Channel
from trainhub.web.access import needs
from trainhub.web.per_request import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_admin import BaseView
    from flask_babel import LazyString
    from werkzeug.wrappers import Response

CATEGORY = _("Mail and log")
TASKS = "tasks"
STATES: dict[MessageState, tuple[LazyString, str]] = {
    MessageState.queued: (_("Waits"), "wait"),
    MessageState.held: (_("Held back"), "act"),
    MessageState.sending: (_("Being sent"), "now"),
    MessageState.sent: (_("Sent"), "good"),
    MessageState.failed: (_("Failed"), "stop"),
    MessageState.cancelled: (_("Cancelled"), "calm"),
}
TOLD = (_("Told"), "good")
TO_TELL = (_("To be told"), "wait")
CHANNELS: dict[Channel, LazyString] = {
    Channel.email: _("By e-mail"),
    Channel.phone: _("By phone"),
    Channel.letter: _("By letter"),
    Channel.supporter: _("Through a supporter"),
}
ACTS: dict[str, tuple[Callable[..., Message], LazyString]] = {
    "vasthouden": (service.hold, _("The message is held back. It goes only when you let it go.")),
    "vrijgeven": (service.let_go, _("The message waits again. It goes in the next round.")),
    "verteld": (service.mark_delivered, _("Noted: this has been told.")),
    "annuleren": (service.cancel, _("The message is cancelled. It will not be sent.")),
}
LONGEST_NUMBER = 6
LINK = re.compile(r"https?://\S+")


class MailQueue(Screen):
    """Every letter as a row: by state, with its words, and what may be done with it."""

    permission = Permission.MESSAGE_READ

    def __init__(self) -> None:
        """Under `/admin/post/`."""
        super().__init__(name=_("Mail queue"), category=CATEGORY, endpoint="outbox", url="/admin/post")

    @expose("/")
    def index(self) -> str:
        """The queue, by state and by words."""
        chosen = request.args.get("stand", "")
        state = MessageState(chosen) if chosen in MessageState.__members__ else None
        words = request.args.get("q", "")[:200]
        page = queries.queue_page(reading(), state=state, words=words, tasks=chosen == TASKS, page=_number("page"))
        counts = queries.counts_by_state(reading())
        return self._page("admin/outbox/list.html", page=page, words=words, chosen=chosen, tabs=_tabs(chosen, counts))

    @expose("/<uuid:public_id>/")
    def message(self, public_id: uuid.UUID) -> str:
        """One message: what it says, to whom, and how it stands."""
        message = _found(public_id)
        return self._page("admin/outbox/message.html", message=message, text=words_of(message), may=_may(message))

    @expose("/<uuid:public_id>/brief")
    def letter(self, public_id: uuid.UUID) -> str:
        """The message as a letter on paper."""
        message = _found(public_id)
        return self._page("admin/outbox/letter.html", message=message, text=words_of(message))

    @expose("/<uuid:public_id>/annuleren", methods=["GET"])
    @needs(Permission.MESSAGE_CHANGE)
    def ask_cancel(self, public_id: uuid.UUID) -> str:
        """Before a message is cancelled."""
        return self._page("admin/outbox/cancel.html", message=_found(public_id))

    @expose("/<uuid:public_id>/<any(vasthouden,vrijgeven,verteld,annuleren):wanted>", methods=["POST"])
    @needs(Permission.MESSAGE_CHANGE)
    def step(self, public_id: uuid.UUID, wanted: str) -> Response:
        """Hold back, let go, cancel, or note that it was told."""
        verb, done = ACTS[wanted]
        act(lambda work: verb(work, message_id=public_id, version=_number("version")), str(done))
        return redirect(url_for("outbox.message", public_id=public_id))

    def _page(self, template: str, **values: Any) -> str:
        return str(self.render(template, state_of=state_of, short_moment=short_moment, channels=CHANNELS, **values))


def words_of(message: Message) -> str:
    """The words of a message; a link that opens an account is shown to nobody but its receiver.

    Who tells or hands over a message sees it whole: it is the only way that it arrives.
    """
    if message.channel != Channel.email or message.letter not in rules.OPENS_AN_ACCOUNT:
        return message.body
    hidden = gettext("a link that only the receiver may see")
    return LINK.sub(f"[{hidden}]", message.body)


def state_of(message: Message) -> tuple[LazyString, str]:
    """The state in a word and its tone; what goes by hand has its own words."""
    if message.channel != Channel.email:
        by_hand = {MessageState.queued: TO_TELL, MessageState.sent: TOLD}
        return by_hand.get(message.state, STATES[message.state])
    return STATES[message.state]


def _may(message: Message) -> set[str]:
    """The acts that the rules allow from here, by their names in the address."""
    if message.state == MessageState.sending:
        return set()
    steps = rules.ALLOWED[message.state]
    may = {
        "vasthouden": MessageState.held in steps,
        "vrijgeven": MessageState.queued in steps,
        "annuleren": MessageState.cancelled in steps,
        "verteld": MessageState.sent in steps and message.channel != Channel.email,
    }
    return {name for name, allowed in may.items() if allowed}


def _found(public_id: uuid.UUID) -> Message:
    return queries.message_by(reading(), public_id) or abort(404)


def _tabs(chosen: str, counts: dict[MessageState, int]) -> list[tuple[str, str, bool]]:
    """Links to each state with its number; the words that were searched for are kept."""
    words: dict[str, Any] = {"q": request.args["q"]} if request.args.get("q") else {}
    first = [(gettext("All"), ""), (gettext("To tell or hand over"), TASKS)]
    states = [(f"{word} ({counts[state]})", state.value) for state, (word, _tone) in STATES.items()]
    return [
        (word, url_for("outbox.index", stand=value or None, **words), chosen == value) for word, value in first + states
    ]


def _number(name: str) -> int:
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def views() -> list[BaseView]:
    """The screen of the mail queue."""
    return [MailQueue()]
