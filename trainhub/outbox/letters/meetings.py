"""Letters about meetings: a request and its answer, a question to come, a place, a move, a cancellation.

No subject names a role, a theme or a lived experience (law 12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.i18n import _, plain
from trainhub.outbox.letter import Button, Letter

if TYPE_CHECKING:
    from datetime import date, datetime


def request_received(*, name: str, neighbourhood: str, wished_on: date, url: str) -> Letter:
    """To the officer who asked: we have it."""
    return Letter(
        "request_received",
        name,
        _("We received your request for a meeting in %(place)s", place=plain(neighbourhood)),
        (
            _("Thank you for your request for a meeting in %(place)s.", place=plain(neighbourhood)),
            _("You asked for %(day)s.", day=wished_on),
        ),
        (_("We look at it and answer within a week."), _("You do not have to do anything now.")),
        Button(_("See your request"), url),
    )


def request_to_answer(*, name: str, municipality: str, neighbourhood: str, wished_on: date, url: str) -> Letter:
    """To a coordinator: somebody waits for an answer."""
    return Letter(
        "request_to_answer",
        name,
        _("New request for a meeting in %(place)s", place=plain(neighbourhood)),
        (
            _(
                "The municipality of %(municipality)s asks for a meeting in %(place)s.",
                municipality=plain(municipality),
                place=plain(neighbourhood),
            ),
            _("The wished day is %(day)s.", day=wished_on),
        ),
        (_("You accept the request, or you say why it is not possible."),),
        Button(_("Answer the request"), url),
    )


def request_accepted(*, name: str, neighbourhood: str, starts_at: datetime, where: str, url: str) -> Letter:
    """To the officer: the meeting is planned."""
    return Letter(
        "request_accepted",
        name,
        _("Your meeting in %(place)s is planned", place=plain(neighbourhood)),
        (
            _("Your request has been accepted."),
            _("The meeting is on %(when)s.", when=starts_at),
            _("The place is: %(where)s.", where=plain(where)),
        ),
        (_("We now look for people to lead the meeting."), _("You get a letter as soon as somebody comes.")),
        Button(_("See the meeting"), url),
    )


def request_rejected(*, name: str, neighbourhood: str, reason: str, url: str) -> Letter:
    """To the officer: no, and why."""
    return Letter(
        "request_rejected",
        name,
        _("Your request for a meeting in %(place)s", place=plain(neighbourhood)),
        (_("We are sorry. This meeting is not possible now."), _("The reason is: %(reason)s", reason=plain(reason))),
        (_("You can send a new request, for another day or neighbourhood."),),
        Button(_("See your request"), url),
    )


def invitation(
    *, name: str, neighbourhood: str, municipality: str, starts_at: datetime, where: str, until: datetime, url: str
) -> Letter:
    """To somebody who fits: do you come? The link shows the question; only a press answers it."""
    return Letter(
        "invitation",
        name,
        _("Do you come to a meeting on %(when)s?", when=starts_at),
        (
            _(
                "There is a meeting in %(place)s (%(municipality)s).",
                place=plain(neighbourhood),
                municipality=plain(municipality),
            ),
            _("It is on %(when)s.", when=starts_at),
            _("The place is: %(where)s.", where=plain(where)),
            _("We would like to have you there."),
        ),
        (
            _("Press the button and choose yes or no."),
            _("You can answer until %(until)s.", until=until),
            _("No is fine too. You do not have to say why."),
        ),
        Button(_("Answer the question"), url),
    )


def invitation_moved(*, name: str, old: datetime, starts_at: datetime, where: str, until: datetime, url: str) -> Letter:
    """To somebody who has not answered yet: the time or the place is another one."""
    return Letter(
        "invitation_moved",
        name,
        _("Changed: the meeting that we asked you for"),
        (
            _("We asked you to come to a meeting on %(old)s.", old=old),
            _("It is now on %(when)s.", when=starts_at),
            _("The place is: %(where)s.", where=plain(where)),
        ),
        (_("Press the button and choose yes or no."), _("You can answer until %(until)s.", until=until)),
        Button(_("Answer the question"), url),
    )


def invitation_recalled(*, name: str, starts_at: datetime) -> Letter:
    """To somebody who had not answered yet: not needed any more."""
    return Letter(
        "invitation_recalled",
        name,
        _("You do not have to answer any more"),
        (
            _("We asked you to come to a meeting on %(when)s.", when=starts_at),
            _("We do not need an answer any more. Thank you that we could ask you."),
        ),
        (_("You do not have to do anything."),),
    )


def place_confirmed(*, name: str, starts_at: datetime, where: str, url: str) -> Letter:
    """To the person who said yes: you come."""
    return Letter(
        "place_confirmed",
        name,
        _("You come to the meeting on %(when)s", when=starts_at),
        (
            _("Thank you! You come to the meeting on %(when)s.", when=starts_at),
            _("The place is: %(where)s.", where=plain(where)),
        ),
        (
            _("The meeting is on your own page and in your agenda."),
            _("Can you not come after all? Press “Not today” on your own page. You do not have to say why."),
        ),
        Button(_("Go to your own page"), url),
    )


def practice_planned(*, name: str, starts_at: datetime, where: str, url: str) -> Letter:
    """To a trainee: you join a meeting to practise."""
    return Letter(
        "practice_planned",
        name,
        _("You join a meeting on %(when)s", when=starts_at),
        (
            _("You join a meeting to practise. It is on %(when)s.", when=starts_at),
            _("The place is: %(where)s.", where=plain(where)),
        ),
        (
            _("The meeting is on your own page and in your agenda."),
            _("Can you not come after all? Press “Not today” on your own page. You do not have to say why."),
        ),
        Button(_("Go to your own page"), url),
    )


def somebody_comes(*, name: str, who: str, neighbourhood: str, starts_at: datetime, url: str) -> Letter:
    """To the officer of the municipality: this person said yes."""
    return Letter(
        "somebody_comes",
        name,
        _("Somebody comes to your meeting in %(place)s", place=plain(neighbourhood)),
        (_("Good news: %(who)s comes to the meeting on %(when)s.", who=plain(who), when=starts_at),),
        (_("On the page of the meeting you see who comes and who is still to be found."),),
        Button(_("See the meeting"), url),
    )


def place_open(*, name: str, neighbourhood: str, starts_at: datetime, url: str) -> Letter:
    """To coordinators: a place of this meeting is open again."""
    return Letter(
        "place_open",
        name,
        _("A place is open again: the meeting in %(place)s", place=plain(neighbourhood)),
        (_("The meeting on %(when)s needs somebody again.", when=starts_at),),
        (_("On the page of the meeting you see who else fits."),),
        Button(_("See who fits"), url),
    )


def released(*, name: str, starts_at: datetime) -> Letter:
    """To the person: you do not come any more; nothing is held against you."""
    return Letter(
        "released",
        name,
        _("You do not come to the meeting on %(when)s", when=starts_at),
        (
            _("You are no longer expected at the meeting on %(when)s.", when=starts_at),
            _("That is all right. We gladly ask you again another time."),
        ),
        (_("You do not have to do anything."),),
    )


def meeting_moved(*, name: str, old: datetime, starts_at: datetime, where: str, url: str) -> Letter:
    """To everybody who comes, and to the officer: another time or place."""
    return Letter(
        "meeting_moved",
        name,
        _("Changed: the meeting is now on %(when)s", when=starts_at),
        (
            _("The meeting of %(old)s has changed.", old=old),
            _("It is now on %(when)s.", when=starts_at),
            _("The place is: %(where)s.", where=plain(where)),
        ),
        (_("Your agenda changes by itself when you use our agenda link."),),
        Button(_("See the meeting"), url),
    )


def meeting_cancelled(*, name: str, starts_at: datetime, reason: str) -> Letter:
    """To everybody who comes or was asked, and to the officer: it does not go ahead."""
    return Letter(
        "meeting_cancelled",
        name,
        _("Cancelled: the meeting on %(when)s", when=starts_at),
        (
            _("The meeting on %(when)s does not go ahead.", when=starts_at),
            _("The reason is: %(reason)s", reason=plain(reason)),
        ),
        (_("You do not have to do anything."), _("In your agenda the meeting is shown as cancelled.")),
    )


def meeting_confirmed(*, name: str, starts_at: datetime, where: str, url: str) -> Letter:
    """To the officer: everybody has been found, it goes ahead."""
    return Letter(
        "meeting_confirmed",
        name,
        _("The meeting on %(when)s goes ahead", when=starts_at),
        (_("Everybody has been found."), _("The place is: %(where)s.", where=plain(where))),
        (_("On the page of the meeting you see who comes."),),
        Button(_("See the meeting"), url),
    )
