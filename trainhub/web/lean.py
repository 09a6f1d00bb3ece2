"""Flask-Security, imported without what this house does not use: that made every start a fifth longer.

It imports all that it finds installed, used or not: OAuth (Authlib with requests) and passkeys (webauthn). Whoever switches one of
them on takes it out of `UNUSED`.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

UNUSED = ("authlib.integrations.flask_client", "webauthn")


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let these modules look as if they were not installed, for as long as the block lasts."""
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    hidden = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            modules.pop(name, None)


with _without(*UNUSED):
    from flask_security import LoginForm, MailUtil, RoleMixin, Security, UserDatastore, UserMixin

__all__ = ["LoginForm", "MailUtil", "RoleMixin", "Security", "UserDatastore", "UserMixin"]
