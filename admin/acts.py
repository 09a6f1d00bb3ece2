"""What the screens of the desk share: one button that does one thing, and says what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash

from trainhub.core.errors import DomainError, Several
from trainhub.core.i18n import render
from trainhub.web.forms import locale_code
from trainhub.web.per_request import begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainhub.core.i18n import Text
    from trainhub.core.work import Work


def act(verb: Callable[[Work], object], said: str) -> bool:
    """Run `verb` in a unit of work and flash `said`; a refusal is flashed in its own words and gives False."""
    try:
        with begin() as work:
            verb(work)
    except DomainError as problem:
        reasons = [problem, *(problem.problems if isinstance(problem, Several) else [])]
        flash(" ".join(render(one.message, locale_code()) for one in reasons), "error")
        return False
    flash(said, "success")
    return True


def say(text: Text) -> str:
    """A text of a domain in the reader's language."""
    return render(text, locale_code())
