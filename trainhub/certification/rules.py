"""The standing of a certificate on a day, and which decision may follow, by whom.

A standing is folded from decisions and periods and is never stored. First match wins: revoked, surrendered, not covered by a
period (pending or expired), suspended, expiring, valid. `queries.standing_expression` says the same in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.certification.requirements import Judgement
from trainhub.core.errors import DomainError, RuleBroken, Several
from trainhub.core.i18n import Text, _

MONTHS_IN_YEAR = 12

ALLOWED: dict[Standing, frozenset[DecisionKind]] = {
    Standing.valid: frozenset({DecisionKind.suspend, DecisionKind.surrender, DecisionKind.revoke}),
    Standing.expiring: frozenset(
        {DecisionKind.renew, DecisionKind.suspend, DecisionKind.surrender, DecisionKind.revoke}
    ),
    Standing.expired: frozenset({DecisionKind.renew, DecisionKind.revoke}),
    Standing.pending: frozenset({DecisionKind.surrender, DecisionKind.revoke}),
    Standing.suspended: frozenset({DecisionKind.reinstate, DecisionKind.surrender, DecisionKind.revoke}),
    Standing.surrendered: frozenset(),
    Standing.revoked: frozenset(),
}
MAY_LEAD = frozenset({Standing.valid, Standing.expiring})
REASONED = frozenset({DecisionKind.refuse, DecisionKind.suspend, DecisionKind.revoke})

WORDS: dict[Standing, Text] = {
    Standing.valid: _("Valid"),
    Standing.expiring: _("Valid, ends soon"),
    Standing.expired: _("Expired"),
    Standing.pending: _("Not valid yet"),
    Standing.suspended: _("Suspended"),
    Standing.surrendered: _("Handed in"),
    Standing.revoked: _("Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision as the fold reads it: what, from which day, in which order it was written."""

    kind: DecisionKind
    effective_on: date
    id: int


@dataclass(frozen=True, slots=True)
class Days:
    """A period: first and last day included."""

    starts_on: date
    ends_on: date


def standing_on(day: date, decisions: Iterable[Taken], periods: Sequence[Days], *, expiring_days: int = 90) -> Standing:
    """What a certificate is on `day`, from the decisions in force by then; expiring from `expiring_days` before the last day.

    A period does not expire from the day on which it was renewed; the days before keep the standing that they had.
    """
    in_force = sorted((one for one in decisions if one.effective_on <= day), key=lambda one: (one.effective_on, one.id))
    kinds = {one.kind for one in in_force}
    if DecisionKind.revoke in kinds:
        return Standing.revoked
    if DecisionKind.surrender in kinds:
        return Standing.surrendered
    covering = next((period for period in periods if period.starts_on <= day <= period.ends_on), None)
    if covering is None:
        return Standing.expired if any(period.ends_on < day for period in periods) else Standing.pending
    pauses = [one.kind for one in in_force if one.kind in (DecisionKind.suspend, DecisionKind.reinstate)]
    if pauses and pauses[-1] is DecisionKind.suspend:
        return Standing.suspended
    is_followed = any(period.starts_on - covering.ends_on == timedelta(days=1) for period in periods)
    is_renewed = any(one.kind is DecisionKind.renew and one.effective_on >= covering.starts_on for one in in_force)
    if (covering.ends_on - day).days <= expiring_days and not (is_followed and is_renewed):
        return Standing.expiring
    return Standing.valid


def covered_until(day: date, periods: Sequence[Days]) -> date | None:
    """The last day of the unbroken cover that `day` lies in; None when no period covers it."""
    last = next((period.ends_on for period in periods if period.starts_on <= day <= period.ends_on), None)
    for period in sorted(periods, key=lambda one: one.starts_on):
        if last is not None and period.starts_on == last + timedelta(days=1):
            last = period.ends_on
    return last


def may_follow(standing: Standing, kind: DecisionKind) -> None:
    """Refuse with `RuleBroken` a decision that does not fit the standing of the certificate today."""
    if kind not in ALLOWED[standing]:
        raise RuleBroken(
            _("This is not possible now: the certificate is “%(standing)s”.", standing=WORDS[standing]), code="not_now"
        )


def reason_of(kind: DecisionKind, reason: str) -> str:
    """The reason, trimmed. Raises `RuleBroken` when a refusal, suspension or withdrawal has none."""
    words = reason.strip()
    if kind in REASONED and not words:
        raise RuleBroken(_("Write the reason. The person gets to read it."), code="reason_missing", field="reason")
    return words


def independence(*, own: bool, trained: bool, assessed: bool) -> list[DomainError]:
    """Why somebody may not decide on a person: it is themselves, or they trained or assessed them (ISO/IEC 17024 5.2, 9.4)."""
    reasons: list[DomainError] = []
    if own:
        reasons.append(RuleBroken(_("You cannot decide about yourself."), code="own"))
    if trained:
        reasons.append(RuleBroken(_("You trained this person, so somebody else decides."), code="trained"))
    if assessed:
        reasons.append(
            RuleBroken(_("You signed off a competence of this person, so somebody else decides."), code="assessed")
        )
    return reasons


def may_decide(*, own: bool, trained: bool, assessed: bool) -> None:
    """Refuse with `Several` unless the decider is independent of the person; there is no way around it."""
    _refuse_all(
        _("Somebody else has to take this decision."), independence(own=own, trained=trained, assessed=assessed)
    )


def may_be_granted(judgement: Judgement, *, independent: Sequence[DomainError], has_certificate: bool) -> None:
    """Refuse with `Several`, all reasons at once, unless everything was shown to an independent decider."""
    reasons = list(independent)
    if has_certificate:
        reasons.append(RuleBroken(_("This person already has this certificate."), code="has_certificate"))
    reasons += unmet(judgement)
    _refuse_all(_("The certificate cannot be granted yet."), reasons)


def unmet(judgement: Judgement) -> list[DomainError]:
    """What is still missing, as problems; a phase without requirements asks for some first."""
    if not judgement.findings:
        return [
            RuleBroken(
                _("This course has no requirements yet. Write down first what a person has to show."),
                code="nothing_asked",
            )
        ]
    return [RuleBroken(one.words, code=f"open_{one.kind}") for one in judgement.open]


def may_be_renewed(judgement: Judgement, *, independent: Sequence[DomainError]) -> None:
    """Refuse with `Several`, all reasons at once, unless everything for a new period was shown."""
    _refuse_all(_("The certificate cannot be renewed yet."), [*independent, *unmet(judgement)])


def _refuse_all(message: Text, reasons: Sequence[DomainError]) -> None:
    if reasons:
        raise Several(message, list(reasons))


def period_from(starts_on: date, months: int) -> Days:
    """The period of `months` calendar months: it ends the day before the same date, or before the 1st when that date is missing.

    29 February 2024 and 36 months: up to and including 28 February 2027.
    """
    year, month = divmod(starts_on.year * MONTHS_IN_YEAR + starts_on.month - 1 + months, MONTHS_IN_YEAR)
    try:
        anniversary = date(year, month + 1, starts_on.day)
    except ValueError:
        following = divmod(year * MONTHS_IN_YEAR + month + 1, MONTHS_IN_YEAR)
        anniversary = date(following[0], following[1] + 1, 1)
    return Days(starts_on, anniversary - timedelta(days=1))


def next_period(last: Days, today: date, months: int) -> Days:
    """The period after `last`: from the day after it, or from today when it lapsed in between (the gap stays a gap)."""
    return period_from(max(last.ends_on + timedelta(days=1), today), months)
