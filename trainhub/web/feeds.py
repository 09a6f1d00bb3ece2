"""Calendar addresses: a private feed per person by its secret token, and files of what one may read oneself.

The law of the place: reading changes nothing, and whoever may not read a thing cannot tell it from one that does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from trainhub.calendar import queries
from trainhub.calendar.rules import token_sha256
from trainhub.calendar.text import etag
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.web.access import public, signed_in
from trainhub.web.per_request import current_actor, now, reading

if TYPE_CHECKING:
    import uuid

bp = Blueprint("feeds", __name__)

CONTENT_TYPE = "text/calendar; charset=utf-8"


@bp.get("/agenda/<token>.ics")
@public
def feed(token: str) -> Response:
    """The agenda of the person to whom this token was given; 304 when the reader has it already."""
    body = queries.feed_of(reading(), token_sha256(token), now=now())
    if body is None:
        raise NotFound(
            _("This agenda link does not work any more. You can make a new one on your own page."), code="not_found"
        )
    return _answer(body)


@bp.get("/les/<uuid:public_id>.ics")
@signed_in
def lesson(public_id: uuid.UUID) -> Response:
    """One lesson as a file."""
    return _download(queries.session_file(reading(), current_actor(), public_id, now=now()))


@bp.get("/editie/<uuid:public_id>.ics")
@signed_in
def edition(public_id: uuid.UUID) -> Response:
    """All lessons of an edition as one file."""
    return _download(queries.edition_file(reading(), current_actor(), public_id, now=now()))


@bp.get("/bijeenkomst/<uuid:public_id>.ics")
@signed_in
def meeting(public_id: uuid.UUID) -> Response:
    """One meeting as a file."""
    return _download(queries.meeting_file(reading(), current_actor(), public_id, now=now()))


def _download(file: queries.CalendarFile | None) -> Response:
    if file is None:
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
    response = _answer(file.body)
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return response


def _answer(body: bytes) -> Response:
    """The calendar with its headers; 304 without it when the reader has it already (RFC 9110 §8.8.3, §13.1.2)."""
    response = Response(body, content_type=CONTENT_TYPE)
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.make_conditional(request)
    return response
