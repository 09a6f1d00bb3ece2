"""Letters about signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.i18n import _
from trainhub.outbox.letter import Button, Letter

if TYPE_CHECKING:
    from datetime import datetime


def sign_in_link(*, name: str, url: str, until: datetime) -> Letter:
    """The link that somebody asked for to sign in without a password."""
    return Letter(
        name="sign_in_link",
        to_name=name,
        subject=_("Your link to sign in to TrainHub"),
        paragraphs=(_("You asked for a link to sign in. The link works once, until %(until)s.", until=until),),
        next_steps=(_("Did you not ask for this? Then you can throw this message away."),),
        button=Button(_("Sign in"), url),
    )


def welcome(*, name: str, url: str, until: datetime) -> Letter:
    """The first letter to somebody who got an account."""
    return Letter(
        name="welcome",
        to_name=name,
        subject=_("Welcome to TrainHub"),
        paragraphs=(
            _("You now have an account at TrainHub."),
            _("With the link below you sign in for the first time. The link works once, until %(until)s.", until=until),
        ),
        next_steps=(
            _("You sign in with the link."),
            _("If you like, you choose a password. You can also have a new link sent each time."),
        ),
        button=Button(_("Sign in for the first time"), url),
    )


def password_reset(*, name: str, url: str, until: datetime) -> Letter:
    """The link to choose a new password."""
    return Letter(
        name="password_reset",
        to_name=name,
        subject=_("Choose a new password for TrainHub"),
        paragraphs=(_("You asked to choose a new password. The link below works until %(until)s.", until=until),),
        next_steps=(_("Did you not ask for this? Then your password stays as it is. You need not do anything."),),
        button=Button(_("Choose a new password"), url),
    )


def password_changed(*, name: str, url: str) -> Letter:
    """The notice that a password was changed, so that nobody changes it unseen."""
    return Letter(
        name="password_changed",
        to_name=name,
        subject=_("Your password for TrainHub was changed"),
        paragraphs=(_("Your password was just changed. On all devices you have to sign in again."),),
        next_steps=(_("Was this not you? Then choose a new password right away, and call us."),),
        button=Button(_("Choose a new password"), url),
    )
