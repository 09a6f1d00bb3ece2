"""What a course asks, held against what a person has shown: each requirement met or open, in a sentence.

AND inside a group, OR over the groups. Shares are exact whole numbers, the threshold included. Choices of ours that a
coordinator can change in a requirement's `params` (its key in brackets):

- attendance_share [percent 80, partly_percent 75]: lessons present of the lessons that were not cancelled. Excused is not
  present; made up counts once for its module; partly counts when the minutes are at least `partly_percent` of the lesson.
- modules_present [which "core"]: at least one lesson of each module present or made up.
- competences_signed [which "core"], practice_meetings [observe, co_lead], led_meetings [count], refresher [half_days].
- declaration, document_seen, manual [what]: open until somebody records them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from trainhub.core.i18n import Text, _, _n, plain

WHOLE = 100
PARTLY_PERCENT = 75
CORE = "core"
PRESENT, PARTLY, MADE_UP, UNKNOWN = "present", "partly", "made_up", "unknown"


class Who(StrEnum):
    """Who does what comes next."""

    nobody = "nobody"
    learner = "learner"
    trainer = "trainer"
    assessor = "assessor"
    coordinator = "coordinator"


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement of a phase: its kind, its group and how much it asks."""

    id: int
    kind: str
    group_no: int = 1
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A module or competence of the course."""

    id: int
    code: str
    title: str
    is_core: bool = True


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of the person's own edition that was not cancelled, and what is known of the person at it."""

    module_id: int
    on: date
    status: str = UNKNOWN
    minutes: int | None = None
    length: int = 150

    def is_coming(self, on: date) -> bool:
        """Whether the lesson is still ahead on that day, or is that day and was not filled in yet."""
        return self.on > on or (self.on == on and self.status == UNKNOWN)

    def counts(self, partly_percent: int) -> bool:
        """Whether the person was there; for partly, whether the minutes suffice."""
        if self.status == PARTLY:
            return self.minutes is not None and self.minutes * WHOLE >= self.length * partly_percent
        return self.status == PRESENT


@dataclass(frozen=True, slots=True)
class Done:
    """A meeting that was held with the person in it: as lead, co_lead or observe, on a day."""

    part: str
    on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person has shown, with days, so that it can be judged on any day. `since` is the first day that counts."""

    modules: Sequence[Part] = ()
    competences: Sequence[Part] = ()
    lessons: Sequence[Lesson] = ()
    signed: Mapping[int, date] = field(default_factory=dict)
    meetings: Sequence[Done] = ()
    refreshers: Sequence[date] = ()
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement on a day: met or open, how much of how much, in which words, and who does what next."""

    requirement_id: int
    kind: str
    group_no: int
    is_met: bool
    have: int
    need: int
    label: Text
    words: Text
    who: Who = Who.nobody
    next_step: Text | None = None

    @property
    def has_begun(self) -> bool:
        """Whether something of it was shown."""
        return self.have > 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """All requirements of a phase on one day."""

    findings: tuple[Finding, ...]

    @property
    def is_met(self) -> bool:
        """Whether the person has shown everything: every requirement of at least one group."""
        return any(all(one.is_met for one in group) for group in self._groups())

    @property
    def open(self) -> tuple[Finding, ...]:
        """What is still missing: nothing when met, else the open requirements of the group that lacks least."""
        if self.is_met or not self.findings:
            return ()
        gaps = [tuple(one for one in group if not one.is_met) for group in self._groups()]
        return min(gaps, key=len)

    def as_facts(self, on: date) -> dict[str, Any]:
        """The judgement as it is kept with a decision: numbers and kinds, no words of people."""
        rows = [
            {
                "id": one.requirement_id,
                "kind": one.kind,
                "group": one.group_no,
                "met": one.is_met,
                "have": one.have,
                "need": one.need,
            }
            for one in self.findings
        ]
        return {"on": on.isoformat(), "met": self.is_met, "requirements": rows}

    def _groups(self) -> list[list[Finding]]:
        numbers = sorted({one.group_no for one in self.findings})
        return [[one for one in self.findings if one.group_no == number] for number in numbers]


def whats_missing(requirements: Iterable[Asked], facts: Facts, on: date) -> Judgement:
    """Each requirement of a phase judged on the day `on`: what happened later does not count."""
    return Judgement(tuple(JUDGES[one.kind](one, facts, on) for one in requirements))


def _finding(
    asked: Asked,
    label: Text,
    words: Text,
    *,
    have: int,
    need: int,
    who: Who = Who.nobody,
    next_step: Text | None = None,
) -> Finding:
    is_met = have >= need
    return Finding(
        asked.id,
        asked.kind,
        asked.group_no,
        is_met,
        have,
        need,
        label,
        words,
        Who.nobody if is_met else who,
        None if is_met else next_step,
    )


def _attendance(asked: Asked, facts: Facts, on: date) -> Finding:
    percent = int(asked.params.get("percent", 80))
    partly = int(asked.params.get("partly_percent", PARTLY_PERCENT))
    past = [lesson for lesson in facts.lessons if lesson.on <= on]
    made_up = {lesson.module_id for lesson in past if lesson.status == MADE_UP}
    have = sum(lesson.counts(partly) for lesson in past) + len(made_up)
    total = len(facts.lessons)
    need = max(1, -(-total * percent // WHOLE))
    who, next_step = _next_lesson(facts, past, on, missing=need - have)
    words = _("%(have)s of %(total)s lessons followed; %(need)s are needed.", have=have, total=total, need=need)
    return _finding(asked, _("Lessons"), words, have=have, need=need, who=who, next_step=next_step)


def _next_lesson(facts: Facts, past: Sequence[Lesson], on: date, *, missing: int) -> tuple[Who, Text]:
    coming = sorted(lesson.on for lesson in facts.lessons if lesson.is_coming(on))
    blank = sum(lesson.status == UNKNOWN and lesson.on < on for lesson in past)
    if blank:
        return Who.trainer, _n(
            "The trainer fills in the attendance of %(count)s lesson.",
            "The trainer fills in the attendance of %(count)s lessons.",
            blank,
        )
    if len(coming) >= missing and coming:
        return Who.learner, _("The next lesson is on %(day)s.", day=coming[0])
    return Who.coordinator, _("The coordinator plans a lesson to make up.")


def _chosen(parts: Sequence[Part], choice: object) -> list[Part]:
    if isinstance(choice, list | tuple):
        return [part for part in parts if part.code in choice]
    return [part for part in parts if part.is_core]


def _modules(asked: Asked, facts: Facts, on: date) -> Finding:
    partly = int(asked.params.get("partly_percent", PARTLY_PERCENT))
    modules = _chosen(facts.modules, asked.params.get("which", CORE))
    seen = {
        lesson.module_id
        for lesson in facts.lessons
        if lesson.on <= on and (lesson.counts(partly) or lesson.status == MADE_UP)
    }
    missing = [module for module in modules if module.id not in seen]
    have, need = len(modules) - len(missing), max(1, len(modules))
    if not missing:
        words = _("All %(count)s modules were followed.", count=len(modules))
        return _finding(asked, _("Modules"), words, have=have, need=need)
    words = _("Not followed yet: %(parts)s.", parts=", ".join(f"{one.code} {one.title}" for one in missing))
    ids = {module.id for module in missing}
    coming = sorted(lesson.on for lesson in facts.lessons if lesson.is_coming(on) and lesson.module_id in ids)
    who, next_step = Who.coordinator, _("The coordinator plans a lesson to make up.")
    if coming:
        who, next_step = Who.learner, _("The next lesson is on %(day)s.", day=coming[0])
    return _finding(asked, _("Modules"), words, have=have, need=need, who=who, next_step=next_step)


def _competences(asked: Asked, facts: Facts, on: date) -> Finding:
    chosen = _chosen(facts.competences, asked.params.get("which", CORE))
    missing = [one for one in chosen if facts.signed.get(one.id, date.max) > on]
    have, need = len(chosen) - len(missing), max(1, len(chosen))
    words = _("All %(count)s competences were signed off.", count=len(chosen))
    if missing or not chosen:
        words = _(
            "%(have)s of %(need)s competences signed off. Still open: %(parts)s.",
            have=have,
            need=need,
            parts=", ".join(one.code for one in missing) or "-",
        )
    return _finding(
        asked,
        _("Competences"),
        words,
        have=have,
        need=need,
        who=Who.assessor,
        next_step=_("An assessor watches and signs off what is still open."),
    )


def _practice(asked: Asked, facts: Facts, on: date) -> Finding:
    asks = {part: int(asked.params.get(part, 0)) for part in ("observe", "co_lead")}
    done = {part: sum(one.part == part and one.on <= on for one in facts.meetings) for part in asks}
    have = sum(min(done[part], asks[part]) for part in asks)
    words = _(
        "Observed %(observed)s of %(observe)s meetings, led along at %(led)s of %(lead)s.",
        observed=done["observe"],
        observe=asks["observe"],
        led=done["co_lead"],
        lead=asks["co_lead"],
    )
    return _finding(
        asked,
        _("Practice"),
        words,
        have=have,
        need=sum(asks.values()),
        who=Who.coordinator,
        next_step=_("The coordinator asks this person along to a meeting."),
    )


def _led(asked: Asked, facts: Facts, on: date) -> Finding:
    need = int(asked.params.get("count", 1))
    have = sum(one.part == "lead" and facts.since <= one.on <= on for one in facts.meetings)
    words = _("%(have)s of %(need)s meetings led.", have=have, need=need)
    next_step = _("The coordinator asks this person to lead a meeting.")
    return _finding(asked, _("Meetings led"), words, have=have, need=need, who=Who.coordinator, next_step=next_step)


def _refresher(asked: Asked, facts: Facts, on: date) -> Finding:
    need = int(asked.params.get("half_days", 1))
    have = sum(facts.since <= one <= on for one in facts.refreshers)
    words = _("%(have)s of %(need)s refresher half-days followed.", have=have, need=need)
    next_step = _("The coordinator plans a refresher half-day.")
    return _finding(asked, _("Refresher"), words, have=have, need=need, who=Who.coordinator, next_step=next_step)


def _recorded(asked: Asked, _facts: Facts, _on: date) -> Finding:
    title = str(asked.params.get("what", "")).strip()
    label = plain(title) if title else LABELS[asked.kind]
    words = _("%(what)s: not recorded yet.", what=label)
    next_step = _("The coordinator looks at this and records it.")
    return _finding(asked, label, words, have=0, need=1, who=Who.coordinator, next_step=next_step)


LABELS: dict[str, Text] = {
    "declaration": _("Declaration"),
    "document_seen": _("Document seen"),
    "manual": _("Agreement"),
}
JUDGES: dict[str, Callable[[Asked, Facts, date], Finding]] = {
    "attendance_share": _attendance,
    "modules_present": _modules,
    "competences_signed": _competences,
    "practice_meetings": _practice,
    "led_meetings": _led,
    "refresher": _refresher,
    "declaration": _recorded,
    "document_seen": _recorded,
    "manual": _recorded,
}
