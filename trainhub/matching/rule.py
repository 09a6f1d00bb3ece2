"""What a rule is: the same decision in SQL, in Python and in a sentence.

The law of the place: only a coordinator reads a sentence; a municipality reads "available" or "not available" (law 8).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from trainhub.core.i18n import Text
    from trainhub.matching.facts import Asked, Facts


class View(StrEnum):
    """Who reads: a coordinator sees the reason, a municipality never does."""

    coordinator = "coordinator"
    municipality = "municipality"


class Rule(ABC):
    """A rule about one person and one place. `is_binding` rules hold even when the person wants to come."""

    code: ClassVar[str]
    is_binding: ClassVar[bool] = False

    @abstractmethod
    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL over `Person`, with `Preference` joined from outside: true for who keeps the rule, never null."""

    @abstractmethod
    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same in Python."""

    @abstractmethod
    def text(self, facts: Facts, asked: Asked) -> Text:
        """Why a person who breaks the rule is left out, with the datum; for coordinators."""
