"""The registry of rules: who may be asked for a place, and why somebody may not.

Everything that decides on people for meetings reads `RULES`: the shortlist, the search of a municipality, and the check inside
the transaction of an invitation. An answer is checked against `BINDING` only: the rest are the person's own wishes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.core.i18n import Text, _
from trainhub.matching.diary_rules import (
    NotAbsent,
    NotAskedYet,
    NotDeclined,
    NotElsewhere,
    OncePerDay,
    Rested,
    UsuallyFree,
    WithinMonth,
)
from trainhub.matching.person_rules import (
    CertificateStands,
    ConsentGiven,
    HoldsRole,
    NotPaused,
    OutsideOwnNeighbourhood,
    SpeaksLanguage,
    WithinDistance,
)
from trainhub.matching.rule import Rule, View

if TYPE_CHECKING:
    from trainhub.matching.facts import Asked, Facts

RULES: tuple[Rule, ...] = (
    HoldsRole(),
    CertificateStands(),
    ConsentGiven(),
    NotPaused(),
    SpeaksLanguage(),
    WithinDistance(),
    OutsideOwnNeighbourhood(),
    UsuallyFree(),
    NotAbsent(),
    NotDeclined(),
    NotAskedYet(),
    NotElsewhere(),
    OncePerDay(),
    Rested(),
    WithinMonth(),
)
BINDING = tuple(rule for rule in RULES if rule.is_binding)


def broken(facts: Facts, asked: Asked, rules: tuple[Rule, ...] = RULES) -> list[Rule]:
    """The rules that a person breaks, in the order of the registry; empty for somebody who fits."""
    return [rule for rule in rules if not rule.check(facts, asked)]


def reason(rule: Rule, facts: Facts, asked: Asked, view: View) -> Text:
    """Why somebody is left out, as this reader may know it."""
    return rule.text(facts, asked) if view is View.coordinator else _("Not available")
