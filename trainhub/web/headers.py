"""What every answer says to the browser, and what no request may bring: a strict policy, no foreign host, no NUL bytes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, abort, g, request

from trainhub.web.per_request import house

if TYPE_CHECKING:
    from collections.abc import Iterator

NUL = "\0"
PERMISSIONS = ", ".join(
    f"{feature}=()" for feature in ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
)


def init_app(app: Flask) -> None:
    """Guard both ways."""
    app.before_request(refuse_nul)
    app.after_request(protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The nonce of this answer: only a script that carries it runs."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return cast("str", g.csp_nonce)


def policy() -> str:
    """The content security policy: our own host, our own nonce, nothing inline."""
    return "; ".join((
        "default-src 'none'",
        f"script-src 'nonce-{csp_nonce()}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ))  # fmt: skip


def protect(response: Response) -> Response:
    """Put our headers on an answer; pages of somebody signed in are not kept by anyone."""
    given = response.headers
    given.setdefault("Content-Security-Policy", policy())
    given.setdefault("Referrer-Policy", "same-origin")
    given.setdefault("X-Content-Type-Options", "nosniff")
    given.setdefault("X-Frame-Options", "DENY")
    given.setdefault("Permissions-Policy", PERMISSIONS)
    given.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    given.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if house().settings.is_secure:
        given.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if response.mimetype == "text/html":
        given.setdefault("Cache-Control", "no-store, private")
    return response


def refuse_nul() -> None:
    """A NUL byte never belongs in what a person types; PostgreSQL refuses it, so we do at the door."""
    if any(NUL in text for text in _texts()):
        abort(400)


def _texts() -> Iterator[str]:
    yield request.path
    for name, value in request.args.items(multi=True):
        yield name
        yield value
    if request.method == "POST":
        for name, value in request.form.items(multi=True):
            yield name
            yield value
