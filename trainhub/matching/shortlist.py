"""Who fits a place, the nearest and least asked first, each with reasons; who does not, with every reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select
from sqlalchemy.orm import aliased

from trainhub.core.i18n import Text, _, _n
from trainhub.matching.eligibility import RULES, broken, reason
from trainhub.matching.facts import COUNTING, RECENT_DAYS, Asked, Facts, about, asked_for, distance_squared, load
from trainhub.matching.person_rules import HoldsRole
from trainhub.matching.rule import Rule, View
from trainhub.meetings.models import Assignment
from trainhub.people.models import OwnNeighbourhood, Person, PersonStatus, Preference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

BANDS = (2, 5, 10, 25, 50)
HERE = (PersonStatus.active, PersonStatus.paused)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who fits a place, and why, for a coordinator to judge."""

    facts: Facts
    reasons: tuple[Text, ...]

    @property
    def person_id(self) -> int:
        """Who it is."""
        return self.facts.person_id


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who does not fit, with the rules that are broken and a sentence for each."""

    facts: Facts
    rules: tuple[Rule, ...]
    reasons: tuple[Text, ...]


def shortlist(session: Session, need_id: int, *, today: date, limit: int = 20) -> list[Candidate]:
    """Who keeps every rule for a need: the nearest first by bands of kilometres, then the least asked; three queries."""
    asked = asked_for(session, need_id, today)
    ids = list(session.scalars(ranked(asked).limit(limit)))
    facts = load(session, asked, ids)
    return [Candidate(facts[key], why(facts[key], asked)) for key in ids]


def ranked(asked: Asked) -> Select[int]:
    """The ids of the people who keep every rule, in the order of the shortlist."""
    square = distance_squared(asked)
    return eligible(asked, RULES).order_by(distance_band(square), _recent(asked), square, Person.id)


def eligible(asked: Asked, rules: Iterable[Rule]) -> Select[int]:
    """The ids of the people who keep these rules."""
    return (
        select(Person.id)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(*(rule.clause(asked) for rule in rules))
    )


def distance_band(square: ColumnElement[float]) -> ColumnElement[int]:
    """SQL: the number of the band of kilometres in which a squared distance lies."""
    return case(*((square < km * km, number) for number, km in enumerate(BANDS)), else_=len(BANDS))


def band(km: float) -> Text:
    """The band of kilometres as a reader sees it; the only distance that a municipality gets."""
    lower = 0
    for upper in BANDS:
        if km < upper:
            return _("%(lower)s to %(upper)s km", lower=lower, upper=upper)
        lower = upper
    return _("more than %(km)s km", km=lower)


def _recent(asked: Asked) -> ColumnElement[int]:
    other = aliased(Assignment)
    first, end = asked.around(RECENT_DAYS)
    return (
        select(func.count())
        .where(
            other.person_id == Person.id,
            other.state.in_(COUNTING),
            other.starts_at >= first,
            other.starts_at < end,
            other.meeting_id != (asked.meeting_id or 0),
        )
        .correlate(Person)
        .scalar_subquery()
    )


def why(facts: Facts, asked: Asked) -> tuple[Text, ...]:
    """Why somebody fits: how far, how often lately, until when the certificate runs, and a wish for the own neighbourhood."""
    reasons = [
        _(
            "Lives at %(distance)s (wants to travel at most %(radius)s km).",
            distance=about(facts.km or 0.0),
            radius=facts.radius_km,
        ),
        _n(
            "%(count)s other meeting in the three months before and after.",
            "%(count)s other meetings in the three months before and after.",
            facts.recent(asked),
        ),
        _("Certificate until %(day)s.", day=facts.covered_until),
    ]
    if facts.weekly:
        reasons.append(_("Usually can come on this part of the week."))
    is_home = facts.home_neighbourhood_id is not None and facts.home_neighbourhood_id == asked.neighbourhood_id
    if is_home and facts.own_neighbourhood == OwnNeighbourhood.prefer:
        reasons.append(_("Likes meetings in the own neighbourhood."))
    return tuple(reasons)


def left_out(
    session: Session, need_id: int, *, today: date, view: View = View.coordinator, limit: int = 200
) -> list[LeftOut]:
    """Who was ever certified for the role but does not fit: first who is one rule away, then the nearest; four queries."""
    asked = asked_for(session, need_id, today)
    clauses = [rule.clause(asked) for rule in RULES]
    holders = HoldsRole().clause(asked)
    statement = (
        select(Person.id)
        .outerjoin(Preference, Preference.person_id == Person.id)
        .where(Person.status.in_(HERE), holders, not_(and_(*clauses)))
        .order_by(func.coalesce(distance_squared(asked), 10**9), Person.id)
        .limit(limit)
    )
    facts = load(session, asked, list(session.scalars(statement)))
    found = [_explained(one, asked, view) for one in facts.values()]
    return sorted(found, key=lambda one: (len(one.rules), one.facts.km or 10**4, one.facts.person_id))


def _explained(facts: Facts, asked: Asked, view: View) -> LeftOut:
    rules = broken(facts, asked)
    return LeftOut(facts, tuple(rules), tuple(reason(rule, facts, asked, view) for rule in rules))


def explain(session: Session, asked: Asked, person_id: int, rules: Sequence[Rule] = RULES) -> tuple[Facts, list[Rule]]:
    """The facts of one person and the rules they break for a place, as the transaction that decides sees them; two queries."""
    facts = load(session, asked, [person_id])[person_id]
    return facts, broken(facts, asked, tuple(rules))
