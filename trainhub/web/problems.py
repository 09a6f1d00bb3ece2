"""Problems end in one place: a page that says what happened, why, and what to do; or the same as JSON.

Programming errors are never shown; they get a number that stands in the log too.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException

from trainhub.core.access import VISITOR
from trainhub.core.errors import DomainError
from trainhub.core.i18n import render
from trainhub.web.forms import locale_code
from trainhub.web.per_request import look_again

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

Words = tuple[str, str, str]
Answer = tuple[str | Response, int]


def init_app(app: Flask) -> None:
    """Show every problem on our own page."""
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(OperationalError, database_problem)
    app.register_error_handler(ProgrammingError, database_problem)
    app.register_error_handler(Exception, our_mistake)


def refused(error: DomainError) -> ResponseReturnValue:
    """A service said no: its sentence is the page."""
    title, _text, todo = words_for(error.status)
    return page(error.status, (title, render(error.message, locale_code()), todo), code=error.code)


def stale_form(error: CSRFError) -> ResponseReturnValue:
    """A form without a valid token: an old tab, or somebody else's page."""
    del error
    words = (
        _("This page was open for too long"),
        _("For your safety we did not save anything."),
        _("Go back, load the page again and send the form once more."),
    )
    return page(400, words, code="form_expired")


def http_problem(error: HTTPException) -> ResponseReturnValue:
    """A page that does not exist, a method that is not allowed, a file that is too large."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = page(error.code, words_for(error.code), code=f"http_{error.code}")
    kept = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}]
    return (*answer, dict(kept))


def database_problem(error: DBAPIError) -> Answer:
    """The database does not answer, or its tables were never made."""
    reference = _note(error)
    g.actor, g.in_demo, g._login_user = VISITOR, False, AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps it; the page must not ask again
    text = str(error.orig).lower()
    if (
        "no such table" in text
        or "no such column" in text
        or type(error.orig).__name__ in {"UndefinedTable", "UndefinedColumn"}
    ):
        words = (
            _("TrainHub is not ready yet"),
            _("The database has not been brought up to date."),
            _("Are you the administrator? Run this command: trainhub db upgrade"),
        )
        return page(503, words, code="database_not_migrated", reference=reference)
    return page(503, words_for(503), code="database", reference=reference)


def our_mistake(error: Exception) -> ResponseReturnValue:
    """Something we did not foresee: a number to mention, and nothing about the inside."""
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS") is not False:
        raise error
    return page(500, words_for(500), code="mistake", reference=_note(error))


def page(status: int, words: Words, *, code: str, reference: str | None = None) -> Answer:
    """The problem page, or JSON for a reader that asks for it."""
    title, text, todo = words
    if wants_json():
        return jsonify(error={"status": status, "code": code, "title": title, "message": text, "todo": todo}), status
    problem = {"title": title, "text": text, "todo": todo, "status": status}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return render_template("problems/bare.html", problem=problem, reference=reference), status
    try:
        look_again()
        return render_template("problems/problem.html", problem=problem, reference=reference), status
    except DBAPIError as broken:
        return database_problem(broken)


def wants_json() -> bool:
    """Whether the reader asked for JSON rather than for a page."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def words_for(status: int) -> Words:
    """Title, sentence and advice for an HTTP status."""
    again = _("Go back and try it again.")
    known = {
        400: (_("We do not understand this request"), _("Something in the address or the form is not right."), again),
        401: (
            _("Please sign in first"),
            _("This page is only for people who have signed in."),
            _("Sign in and try again."),
        ),
        403: (
            _("This page is not for you"),
            _("Your role does not give access to this."),
            _("Do you think this is not right? Ask your coordinator."),
        ),
        404: (
            _("We cannot find this page"),
            _("It may have moved, or the address is not complete."),
            _("Check the address, or start again from the start page."),
        ),
        405: (_("This is not possible here"), _("The page exists, but cannot be used in this way."), again),
        409: (_("Somebody was just before you"), "", _("Look at what has changed and try it again.")),
        413: (
            _("This file is too large"),
            _(
                "Choose a file of at most %(size)s MB.",
                size=(current_app.config["MAX_CONTENT_LENGTH"] or 0) // 1_000_000,
            ),
            _("Make the file smaller, or divide it."),
        ),
        422: (_("This is not possible now"), "", _("Go back and change what you filled in.")),
        429: (
            _("That went a bit fast"),
            _("There were many attempts in a short time."),
            _("Wait a few minutes and try it again."),
        ),
        503: (
            _("TrainHub cannot answer right now"),
            _("The database does not respond."),
            _("Wait a few minutes and try it again. What you filled in has not been saved."),
        ),
    }
    fault = (
        _("Something went wrong on our side"),
        _("It is not your fault. Nothing was saved."),
        _("Try it again in a moment. Does it happen again? Tell us the number below."),
    )
    return known.get(status, fault if status >= HTTPStatus.INTERNAL_SERVER_ERROR else known[400])


def _note(error: Exception) -> str:
    reference = secrets.token_hex(4)
    current_app.logger.error("%s %s: %s", reference, request.endpoint, type(error).__name__, exc_info=error)
    return reference
