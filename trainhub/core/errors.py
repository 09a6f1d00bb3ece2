"""Problems in words: what a service raises when a person's wish cannot be granted.

Programming errors are ordinary Python exceptions and are never shown to a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainhub.core.i18n import Text


class DomainError(Exception):
    """A refusal that a person can read: a sentence, a stable code and, if there is one, the field it belongs to.

    `message` is a `Text`, translated at the edge in the reader's language. `status` is the HTTP status of the page
    that shows it. `facts` carries what a page may show beside the sentence (for example the values of both versions
    of a record that two people changed).
    """

    status = 400

    def __init__(
        self,
        message: Text,
        *,
        code: str,
        field: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.code = code
        self.field = field
        self.facts = dict(facts or {})


class NotAllowed(DomainError):
    """The actor's roles never allow this act (403)."""

    status = 403


class NotFound(DomainError):
    """There is no such object, or it is not this actor's to see: both look the same (404)."""

    status = 404


class RuleBroken(DomainError):
    """A rule of the programme forbids this act now (422)."""

    status = 422


class Conflict(DomainError):
    """Somebody else changed the object first, or took the last place (409)."""

    status = 409


class Several(DomainError):
    """Several problems at once, for example of a form or a file: nothing was written (422).

    `problems` keeps them in the order of the fields.
    """

    status = 422

    def __init__(self, message: Text, problems: list[DomainError]) -> None:
        super().__init__(message, code="several")
        self.problems = problems
