"""Who may come in where: every endpoint carries one mark, and one without is closed.

`@public` is for everybody, `@signed_in` for everybody with an account, `@needs(Permission.X)` for the roles that the table of
rights names. The mark opens the door; the verb behind it still asks about the object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user

from trainhub.core.access import Permission, Role, allows, own, roles_with
from trainhub.core.errors import NotAllowed
from trainhub.core.i18n import _
from trainhub.web.per_request import current_actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug.wrappers import Response

View = TypeVar("View", bound="Callable[..., object]")
MARK = "trainhub_access"
MARKS = "trainhub.access"


@dataclass(frozen=True, slots=True)
class Access:
    """The mark of an endpoint: for everybody, for everybody signed in, or for who holds one of `permissions`."""

    is_public: bool = False
    permissions: tuple[Permission, ...] = ()

    def names(self) -> list[str]:
        """`["public"]`, or the names of the roles; `own` is everybody with an account, for what is theirs."""
        if self.is_public:
            return ["public"]
        if not self.permissions:
            return sorted([own.name, *(role.value for role in Role)])
        return sorted({name for permission in self.permissions for name in roles_with(permission)})


PUBLIC = Access(is_public=True)
SIGNED_IN = Access()


def public(view: View) -> View:
    """Everybody may see this page."""
    setattr(view, MARK, PUBLIC)
    return view


def signed_in(view: View) -> View:
    """Everybody with an account may see this page."""
    setattr(view, MARK, SIGNED_IN)
    return view


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Only who holds one of these permissions may see this page."""

    def mark_view(view: View) -> View:
        setattr(view, MARK, Access(permissions=permissions))
        return view

    return mark_view


def mark(app: Flask, endpoints: Iterable[str], access: Access) -> None:
    """Mark endpoints whose views are a library's."""
    app.extensions.setdefault(MARKS, {}).update(dict.fromkeys(endpoints, access))


def access_of(app: Flask, endpoint: str) -> Access | None:
    """The mark of an endpoint, None when it has none and is closed."""
    found: Access | None = app.extensions.get(MARKS, {}).get(endpoint)
    return found or getattr(app.view_functions.get(endpoint), MARK, None)


def guard() -> Response | None:
    """Stand at the door of every request: let in, send to sign in, or refuse."""
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access is None:
        current_app.logger.error("The endpoint %s has no access mark and stays closed.", request.endpoint)
        abort(403)
    if access.is_public:
        return None
    if not current_user.is_authenticated:
        return to_sign_in()
    if access.permissions and not any(allows(current_actor(), permission) for permission in access.permissions):
        raise NotAllowed(_("This page is not for your role."), code="not_allowed")
    return None


def to_sign_in() -> Response:
    """The way to the sign-in page, and back to this page afterwards (a form that was sent is not sent again)."""
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    back = request.full_path if request.query_string else request.path
    address = url_for("security.login", next=back) if request.method == "GET" else url_for("security.login")
    return redirect(address)


def is_own_path(address: str) -> bool:
    """Whether an address is a path of this house: nobody is ever sent to a foreign host."""
    if not address.startswith("/") or address[1:2] in {"/", "\\"} or any(ord(letter) < ord(" ") for letter in address):
        return False
    parts = urlsplit(address)
    return "\\" not in address and not parts.scheme and not parts.netloc


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the house: its path, methods, endpoint, and who may come in."""

    path: str
    methods: list[str]
    endpoint: str
    access: list[str]


def routes(app: Flask) -> list[Route]:
    """Every address, by path; an endpoint without a mark shows as `closed`."""
    found = []
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found.append(Route(rule.rule, methods, rule.endpoint, access.names() if access else ["closed"]))
    return sorted(found, key=lambda route: (route.path, route.methods))
