"""Letters about what somebody can do and about their certificate.

No subject names the role, the training or the reason; the reason stands in the letter, for the person alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.i18n import _
from trainhub.outbox.letter import Button, Letter

if TYPE_CHECKING:
    from datetime import date

ASK = _("Do you not agree, or do you want to talk about it? Call us. We listen to you.")


def competence_signed(*, name: str, competence: str, assessor: str, feedback: str | None, url: str) -> Letter:
    """An assessor saw that somebody can do something."""
    paragraphs = [
        _("%(assessor)s saw that you can do this: “%(competence)s”.", assessor=assessor, competence=competence)
    ]
    if feedback:
        paragraphs.append(_("%(assessor)s says to you: “%(feedback)s”", assessor=assessor, feedback=feedback))
    return Letter(
        "competence_signed",
        name,
        _("You have reached a step in your training"),
        tuple(paragraphs),
        (_("On your own page you see what you have done and what comes next."),),
        Button(_("See how far I am"), url),
    )


def certificate_granted(*, name: str, title: str, number: str, until: date, check_url: str, url: str) -> Letter:
    """Everything was shown: the certificate is there."""
    return Letter(
        "certificate_granted",
        name,
        _("You have your certificate"),
        (
            _("Congratulations! You now have the certificate “%(title)s”.", title=title),
            _("Your number is %(number)s. The certificate is valid until %(until)s.", number=number, until=until),
            _("Does somebody want to check your certificate? Give them this address: %(url)s", url=check_url),
        ),
        (
            _("From now on you can be asked for a meeting."),
            _("You choose yourself who can find you. You always may say no."),
        ),
        Button(_("See my certificate"), url),
    )


def certificate_refused(*, name: str, title: str, reason: str, url: str) -> Letter:
    """Not yet: with the reason and a way on."""
    return Letter(
        "certificate_refused",
        name,
        _("About your certificate"),
        (
            _("You do not get the certificate “%(title)s” yet.", title=title),
            _("The reason is: %(reason)s", reason=reason),
        ),
        (_("On your own page you see what is still missing."), _("When that is done, we look again."), ASK),
        Button(_("See how far I am"), url),
    )


def certificate_renewed(*, name: str, title: str, until: date, url: str) -> Letter:
    """A new period."""
    return Letter(
        "certificate_renewed",
        name,
        _("Your certificate goes on"),
        (_("Your certificate “%(title)s” is now valid until %(until)s.", title=title, until=until),),
        (_("You do not have to do anything."),),
        Button(_("See my certificate"), url),
    )


def certificate_suspended(*, name: str, title: str, reason: str, url: str) -> Letter:
    """The certificate does not count for a while."""
    return Letter(
        "certificate_suspended",
        name,
        _("About your certificate"),
        (
            _("Your certificate “%(title)s” does not count for now.", title=title),
            _("The reason is: %(reason)s", reason=reason),
        ),
        (
            _("You do not lead meetings now. We look for somebody else for the meetings that you said yes to."),
            _("We talk with you about what comes next."),
            ASK,
        ),
        Button(_("See my certificate"), url),
    )


def certificate_reinstated(*, name: str, title: str, until: date, url: str) -> Letter:
    """The certificate counts again."""
    return Letter(
        "certificate_reinstated",
        name,
        _("Your certificate counts again"),
        (_("Your certificate “%(title)s” counts again, until %(until)s.", title=title, until=until),),
        (_("You can be asked for a meeting again."),),
        Button(_("See my certificate"), url),
    )


def certificate_revoked(*, name: str, title: str, reason: str, url: str) -> Letter:
    """The certificate has ended for good."""
    return Letter(
        "certificate_revoked",
        name,
        _("About your certificate"),
        (
            _("Your certificate “%(title)s” has been withdrawn. It does not count any more.", title=title),
            _("The reason is: %(reason)s", reason=reason),
        ),
        (_("You do not lead meetings any more. We look for somebody else for the meetings that you said yes to."), ASK),
        Button(_("See my certificate"), url),
    )


def certificate_surrendered(*, name: str, title: str, url: str) -> Letter:
    """Somebody handed the certificate in."""
    return Letter(
        "certificate_surrendered",
        name,
        _("You handed in your certificate"),
        (
            _("You do not want to use your certificate “%(title)s” any more. It has ended now.", title=title),
            _("Thank you for everything you did."),
        ),
        (_("You do not have to do anything."), ASK),
        Button(_("See my certificate"), url),
    )
