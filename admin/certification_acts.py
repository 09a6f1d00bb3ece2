"""The words of the decisions about a certificate: what each is called, what will happen, and the flow that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.core.i18n import Text, _
from trainhub.flows import certify

TONES = {
    Standing.valid: "good",
    Standing.expiring: "wait",
    Standing.expired: "calm",
    Standing.pending: "wait",
    Standing.suspended: "stop",
    Standing.surrendered: "calm",
    Standing.revoked: "stop",
}
KIND_WORDS: dict[DecisionKind, Text] = {
    DecisionKind.grant: _("Granted"),
    DecisionKind.refuse: _("Refused"),
    DecisionKind.renew: _("Renewed"),
    DecisionKind.suspend: _("Suspended"),
    DecisionKind.reinstate: _("Counts again"),
    DecisionKind.surrender: _("Handed in"),
    DecisionKind.revoke: _("Withdrawn for good"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One decision about a certificate that is confirmed first: its words, what will happen, its verb."""

    kind: DecisionKind
    title: Text
    button: Text
    what: tuple[Text, ...]
    verb: Callable[..., object]
    done: Text


LETTER = _("The person gets a letter with the reason.")
PLACES = _("Every meeting ahead of this person is marked as uncertain, and you hear which places are open again.")
KEPT = _("Everything that was decided before stays readable.")
ACTS: dict[str, Act] = {
    "opschorten": Act(
        DecisionKind.suspend,
        _("Suspend this certificate"),
        _("Suspend"),
        (_("From today the certificate does not count, until you let it count again."), PLACES, LETTER, KEPT),
        certify.suspend,
        _("The certificate is suspended."),
    ),
    "herstellen": Act(
        DecisionKind.reinstate,
        _("Let this certificate count again"),
        _("Let it count again"),
        (_("From today the certificate counts again."), _("The person gets a letter."), KEPT),
        certify.reinstate,
        _("The certificate counts again."),
    ),
    "verlengen": Act(
        DecisionKind.renew,
        _("Renew this certificate"),
        _("Renew"),
        (_("A new period begins the day after the old one."), _("The person gets a letter.")),
        certify.renew,
        _("The certificate is renewed."),
    ),
    "inleveren": Act(
        DecisionKind.surrender,
        _("The person hands the certificate in"),
        _("Hand it in"),
        (
            _("From today the certificate has ended. A reason is not needed."),
            PLACES,
            _("The person gets a letter."),
            KEPT,
        ),
        certify.surrender,
        _("The certificate was handed in."),
    ),
    "intrekken": Act(
        DecisionKind.revoke,
        _("Withdraw this certificate for good"),
        _("Withdraw for good"),
        (_("From today the certificate has ended for good. This cannot be taken back."), PLACES, LETTER, KEPT),
        certify.revoke,
        _("The certificate was withdrawn."),
    ),
}
