"""Who may sign what, when: pure decisions over plain values.

The law of the place: nobody assesses themselves, and authority has dates (ISO/IEC 17024 5.2 and 6.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _

SIGNABLE_STATES = frozenset({"confirmed", "active", "completed"})
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Mandate:
    """The authority of an assessor: a course version, one competence of it or all (None), first and last day included."""

    course_version_id: int
    competence_id: int | None
    valid_from: date
    valid_until: date | None

    def covers(self, *, course_version_id: int, competence_id: int, on: date) -> bool:
        """Whether the mandate lets its holder sign this competence on that day."""
        return (
            self.course_version_id == course_version_id
            and self.competence_id in (None, competence_id)
            and self.is_live(on)
        )

    def is_live(self, on: date) -> bool:
        """Whether the mandate holds on that day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


def may_assess(mandates: Iterable[Mandate], *, course_version_id: int, competence_id: int, on: date) -> None:
    """Refuse with `RuleBroken` unless one mandate covers the competence on the day."""
    if not any(one.covers(course_version_id=course_version_id, competence_id=competence_id, on=on) for one in mandates):
        raise RuleBroken(
            _("You have no mandate today to sign off this competence. A coordinator can give you one."),
            code="no_mandate",
        )


def may_be_signed(*, same_course: bool, state: str, already_signed: bool, own: bool) -> None:
    """Refuse a sign-off by oneself, of another course, for somebody who does not take part, or a second time."""
    if own:
        raise RuleBroken(_("You cannot sign off your own competence. Ask another assessor."), code="own")
    if not same_course:
        raise RuleBroken(_("This competence belongs to another course."), code="other_course", field="competence")
    if state not in SIGNABLE_STATES:
        raise RuleBroken(
            _("This person does not take part in this edition now, so nothing can be signed off."),
            code="not_taking_part",
        )
    if already_signed:
        raise RuleBroken(_("This competence has already been signed off."), code="already_signed", field="competence")


def evidence_of(words: str) -> str:
    """The evidence, trimmed. Raises `RuleBroken` when it is not at least a few words: a later reader must see what was seen."""
    evidence = words.strip()
    if len(evidence.split()) < FEWEST_WORDS:
        raise RuleBroken(
            _("Write in a few words what you saw this person do, and when."), code="evidence_missing", field="evidence"
        )
    return evidence


def may_be_voided(*, is_voided: bool, reason: str) -> str:
    """The reason, trimmed. Raises `RuleBroken` for a sign-off that was voided before, or without a reason."""
    if is_voided:
        raise RuleBroken(_("This sign-off has already been withdrawn."), code="already_voided")
    if not reason.strip():
        raise RuleBroken(_("Write why this sign-off is withdrawn."), code="reason_missing", field="reason")
    return reason.strip()


def mandate_period(valid_from: date, valid_until: date | None) -> None:
    """Refuse a mandate that ends before it begins."""
    if valid_until is not None and valid_until < valid_from:
        raise RuleBroken(_("The last day is before the first day."), code="period", field="valid_until")
