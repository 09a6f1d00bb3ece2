"""Letters about a training: the application, the place, the waiting list, and lessons that change.

No subject names the training, because its title may tell of a role or a theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.i18n import Text, _, plain
from trainhub.outbox.letter import Button, Letter

if TYPE_CHECKING:
    from datetime import datetime


def application_received(*, name: str, training: str, url: str) -> Letter:
    """Somebody asked for a place; a coordinator will look at it."""
    return Letter(
        "application_received",
        name,
        _("We have received your application"),
        (_("You applied for the training “%(training)s”. Thank you!", training=training),),
        (
            _("We look whether there is a place for you."),
            _("You hear from us within a week."),
            _("Have you changed your mind? You can always say no. You do not have to tell us why."),
        ),
        Button(_("See my application"), url),
    )


def place_confirmed(*, name: str, training: str, first: datetime | None, where: str | None, url: str) -> Letter:
    """Somebody has a place; `first` is the start of the first lesson."""
    return Letter(
        "place_confirmed",
        name,
        _("You have a place in the training"),
        (_("Good news: you have a place in the training “%(training)s”.", training=training), *_first(first, where)),
        (
            _("You find all lessons on your own page."),
            _("There you also put them in your agenda."),
            _("Can you not come to a lesson? Just let us know."),
        ),
        Button(_("See my lessons"), url),
    )


def on_the_waiting_list(*, name: str, training: str, url: str) -> Letter:
    """The training is full; somebody waits."""
    return Letter(
        "on_the_waiting_list",
        name,
        _("You are on the waiting list"),
        (_("The training “%(training)s” is full. You are on the waiting list.", training=training),),
        (
            _("Does somebody stop? Then the place goes to the person who has waited longest."),
            _("You get a message as soon as there is a place for you."),
        ),
        Button(_("See my application"), url),
    )


def place_offered(*, name: str, training: str, until: datetime, url: str) -> Letter:
    """A place came free for somebody who waited; the answer is due before `until`."""
    return Letter(
        "place_offered",
        name,
        _("There is a place for you: do you want it?"),
        (
            _("A place came free in the training “%(training)s”. It is for you, if you want it.", training=training),
            _("Please answer before %(until)s.", until=until),
        ),
        (
            _("Yes: then the place is yours."),
            _("No, or no answer: then we offer the place to the next person."),
        ),
        Button(_("Yes or no"), url),
    )


def not_placed(*, name: str, training: str, url: str) -> Letter:
    """There is no place for somebody this time."""
    return Letter(
        "not_placed",
        name,
        _("About your application"),
        (
            _("Thank you for your application for the training “%(training)s”.", training=training),
            _("This time we have no place for you. We are sorry."),
        ),
        (_("Would you like to know why, or what else is possible? Call us."),),
        Button(_("Look at my page"), url),
    )


def offer_lapsed(*, name: str, training: str, url: str) -> Letter:
    """Nobody answered an offer in time."""
    return Letter(
        "offer_lapsed",
        name,
        _("The place went to somebody else"),
        (_("We offered you a place in the training “%(training)s”. We did not hear from you.", training=training),),
        (_("The place is for the next person now."), _("Do you still want to take part? Call us.")),
        Button(_("Look at my page"), url),
    )


def has_left(*, name: str, training: str, url: str) -> Letter:
    """Somebody left; it needs no reason."""
    return Letter(
        "has_left",
        name,
        _("You have stopped"),
        (_("You no longer take part in the training “%(training)s”. That is fine.", training=training),),
        (_("You do not have to do anything."), _("Do you want to take part again later? Call us.")),
        Button(_("Look at my page"), url),
    )


def session_moved(
    *, name: str, training: str, old: datetime, new: datetime, old_place: str | None, new_place: str | None, url: str
) -> Letter:
    """A lesson has another time or place."""
    return Letter(
        "session_moved",
        name,
        _("Changed: the lesson is on %(new)s", new=new),
        (
            _("A lesson of the training “%(training)s” has changed.", training=training),
            _("It was: %(old)s, %(place)s.", old=old, place=_where(old_place)),
            _("It is now: %(new)s, %(place)s.", new=new, place=_where(new_place)),
        ),
        (
            _("Is the lesson in your agenda by your agenda link? Then it moves along by itself."),
            _("Can you not come then? Just let us know."),
        ),
        Button(_("See my lessons"), url),
    )


def session_cancelled(*, name: str, training: str, old: datetime, url: str) -> Letter:
    """A lesson is off."""
    return Letter(
        "session_cancelled",
        name,
        _("The lesson on %(old)s is cancelled", old=old),
        (_("The lesson of the training “%(training)s” on %(old)s is cancelled.", training=training, old=old),),
        (
            _("You do not have to do anything."),
            _("The cancelled lesson does not count against you."),
        ),
        Button(_("See my lessons"), url),
    )


def edition_cancelled(*, name: str, training: str, reason: str, url: str) -> Letter:
    """A whole training is off, and why."""
    return Letter(
        "edition_cancelled",
        name,
        _("The training is cancelled"),
        (
            _("The training “%(training)s” is cancelled. We are sorry.", training=training),
            _("The reason: %(reason)s", reason=reason),
        ),
        (
            _("All lessons are cancelled. They disappear from your agenda link."),
            _("We call you to see what you can do instead."),
        ),
        Button(_("Look at my page"), url),
    )


def _first(first: datetime | None, where: str | None) -> tuple[Text, ...]:
    if first is None:
        return (_("You hear from us when the first lesson is."),)
    return (_("The first lesson is on %(first)s, %(place)s.", first=first, place=_where(where)),)


def _where(place: str | None) -> Text:
    return plain(place) if place else _("place to be announced")
