"""Import people from a CSV file: first a plan that says what would become of each row, then all of it or nothing.

The law of the place: a person who is already known is matched and left as they are; an import never overwrites.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from trainhub.core.access import Permission
from trainhub.core.errors import DomainError, RuleBroken, Several
from trainhub.core.i18n import Text, _, _n
from trainhub.people import reading, rules
from trainhub.people.models import Channel, Person, PersonStatus
from trainhub.people.reading import Line, refused
from trainhub.people.service import Details, tidy_details, usual_channel
from trainhub.places.queries import municipalities_by_word
from trainhub.places.rules import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from trainhub.core.work import Work
    from trainhub.places.models import Municipality

AT_ONCE = 1000


class Outcome(StrEnum):
    """What becomes of a row: a new person, somebody who is known, passed over with a reason, or refused."""

    create = "create"
    match = "match"
    skip = "skip"
    refuse = "refuse"


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one row, and why; `person_id` is the one it matched, `details` what a new person gets."""

    line: int
    outcome: Outcome
    name: str
    reason: Text | None = None
    person_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    problem: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do, row by row in the order of the file."""

    rows: tuple[Planned, ...]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def problems(self) -> list[DomainError]:
        """Why rows were refused, in the order of the file; with one of them nothing is imported."""
        return [row.problem for row in self.rows if row.problem is not None]


def plan(session: Session, content: bytes, *, progress: Callable[[int], object] | None = None) -> Plan:
    """What an import of this file would do; nothing is written. `progress` hears how many rows more were looked at.

    Raises `RuleBroken` when the file as a whole cannot be read.
    """
    planner = _Planner(session)
    rows = []
    for line in reading.lines(content):
        rows.append(planner.planned(line))
        if progress and len(rows) % AT_ONCE == 0:
            progress(AT_ONCE)
    if progress:
        progress(len(rows) % AT_ONCE)
    return Plan(tuple(rows))


def import_people(work: Work, *, content: bytes, progress: Callable[[int], object] | None = None) -> Plan:
    """Register everybody in the file who is not known yet, and record each; all of it or nothing.

    Returns what became of each row. `progress` hears how many rows more were looked at, then how many more were written.
    Raises `Several` with a problem per refused row, and then nothing was written.
    """
    work.require(Permission.PERSON_IMPORT)
    found = plan(work.session, content, progress=progress)
    if problems := found.problems:
        message = _n(
            "One row cannot be used. Nothing was imported.",
            "%(count)s rows cannot be used. Nothing was imported.",
            len(problems),
        )
        raise Several(message, problems)
    new = [row.details for row in found.rows if row.outcome == Outcome.create]
    for start in range(0, len(new), AT_ONCE):
        people = [Person(**details, created_at=work.now) for details in new[start : start + AT_ONCE]]
        work.session.add_all(people)
        work.session.flush()
        for person in people:
            work.record("person.imported", person)
        if progress:
            progress(len(people))
    return found


class _Planner:
    """Compares rows with who is known, and with the rows before them."""

    def __init__(self, session: Session) -> None:
        self.places = municipalities_by_word(session)
        self.by_email: dict[str, int] = {}
        self.by_name: dict[tuple[str, ...], list[tuple[int, str | None]]] = {}
        self.line_by_email: dict[str, int] = {}
        self.line_by_name: dict[tuple[str, ...], list[tuple[int, str | None]]] = {}
        known = select(
            Person.id, Person.email, Person.call_name, Person.formal_name, Person.home_pc4, Person.phone
        ).where(Person.status != PersonStatus.erased)
        for id_, email, call_name, formal_name, pc4, phone in session.execute(known):
            if email:
                self.by_email[email] = id_
            self.by_name.setdefault(_key(call_name, formal_name, pc4, phone), []).append((id_, email))

    def planned(self, line: Line | DomainError) -> Planned:
        """What becomes of a row."""
        if isinstance(line, DomainError):
            return Planned(int(str(line.facts["line"])), Outcome.refuse, "", line.message, problem=line)
        name = line.cells["formal_name"] or line.cells["call_name"]
        try:
            details = self._details(line)
        except DomainError as problem:
            told = refused(line.number, problem.message, problem.code, problem.field)
            return Planned(line.number, Outcome.refuse, name, told.message, problem=told)
        return self._known(line.number, name, details) or Planned(line.number, Outcome.create, name, details=details)

    def _known(self, number: int, name: str, details: dict[str, Any]) -> Planned | None:
        email = details["email"]
        key = _key(details["call_name"], details["formal_name"], details["home_pc4"], details["phone"])
        earlier = self.line_by_email.get(email) or _same(self.line_by_name.get(key, []), email)
        if earlier:
            return Planned(number, Outcome.skip, name, _("The same person stands on line %(line)s.", line=earlier))
        if email:
            self.line_by_email[email] = number
        self.line_by_name.setdefault(key, []).append((number, email))
        if email in self.by_email:
            return Planned(number, Outcome.match, name, _("Known by this e-mail address."), self.by_email[email])
        alike = [id_ for id_, theirs in self.by_name.get(key, []) if not (email and theirs)]
        if len(alike) > 1:
            return Planned(number, Outcome.skip, name, _("More than one person has this name and postal code."))
        if alike:
            return Planned(number, Outcome.match, name, _("Known by this name and postal code."), alike[0])
        return None

    def _details(self, line: Line) -> dict[str, Any]:
        cells = line.cells
        details = tidy_details(
            Details(
                call_name=cells["call_name"],
                formal_name=cells["formal_name"],
                email=cells["email"],
                phone=cells["phone"],
                home_pc4=cells["pc4"],
                locale=cells["locale"].lower() or "nl",
            )
        )
        channel = _channel(cells["channel"]) or usual_channel(details["email"], details["phone"])
        rules.check_channel(channel, email=details["email"], phone=details["phone"])
        place = self._place(cells["municipality"])
        return {
            **details,
            "channel": channel,
            "home_municipality_id": place.id if place else None,
            "lat": place.lat if place else None,
            "lon": place.lon if place else None,
        }

    def _place(self, words: str) -> Municipality | None:
        if not words:
            return None
        place = self.places.get(search_key(words))
        if place is None:
            raise RuleBroken(
                _("There is no one municipality called “%(words)s”. Use its code, for example GM0796.", words=words),
                code="municipality",
                field="municipality",
            )
        return place


def _channel(words: str) -> Channel | None:
    if not words:
        return None
    if words.lower() not in list(Channel):
        raise RuleBroken(
            _("Choose a channel: %(channels)s.", channels=", ".join(Channel)), code="channel", field="channel"
        )
    return Channel(words.lower())


def _key(call_name: str, formal_name: str | None, pc4: str | None, phone: str | None) -> tuple[str, ...]:
    """What makes two people without an e-mail address the same: their names and postal code, else their names and phone."""
    return (call_name.casefold(), (formal_name or "").casefold(), pc4 or f"phone {phone or ''}")


def _same(found: list[tuple[int, str | None]], email: str | None) -> int | None:
    """The first one who is not told apart by another e-mail address."""
    return next((number for number, theirs in found if not (email and theirs)), None)
