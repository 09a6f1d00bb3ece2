"""The page that checks a certificate: its verdict in the first line, for today or for the day of a meeting.

The law of the place: whoever was given the address sees whether it holds, the name its holder shows and the number; never a
role. Unknown and erased look the same, nothing is kept by anybody, and the address travels nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, render_template, request

from trainhub.certification import queries, rules
from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.core.errors import NotFound
from trainhub.core.i18n import Text, _
from trainhub.web.access import public
from trainhub.web.per_request import reading, today

if TYPE_CHECKING:
    from trainhub.certification.models import Certificate

bp = Blueprint("certificate", __name__)

TONES = {
    Standing.valid: "good",
    Standing.expiring: "good",
    Standing.expired: "stop",
    Standing.pending: "wait",
    Standing.suspended: "stop",
    Standing.surrendered: "stop",
    Standing.revoked: "stop",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the page says first: one sentence, its tone, whether the holder may lead on that day."""

    sentence: Text
    tone: str
    holds: bool


@bp.get("/c/<token>")
@public
def check(token: str) -> Response:
    """Whether a certificate holds today, or on the day `op=JJJJ-MM-DD`; a quiet page for a token that is not known."""
    try:
        certificate = queries.by_token(reading(), token)
    except NotFound:
        return _private(make_response(render_template("certificate/unknown.html"), 404))
    asked = request.args.get("op", "").strip()
    day = _day(asked)
    verdict = verdict_on(certificate, day or today(), is_today=day is None or day == today())
    page = render_template(
        "certificate/check.html",
        certificate=certificate,
        verdict=verdict,
        day=day,
        asked=asked,
        is_unclear=bool(asked) and day is None,
    )
    return _private(make_response(page))


def verdict_on(certificate: Certificate, day: date, *, is_today: bool) -> Verdict:
    """The verdict on a day, in a sentence that stands by itself."""
    standing = queries.folded(certificate, day)
    holds = standing in rules.MAY_LEAD
    if not is_today:
        yes, no = (
            _("On %(day)s this certificate is valid", day=day),
            _("On %(day)s this certificate is not valid", day=day),
        )
        return Verdict(yes if holds else no, TONES[standing], holds)
    return Verdict(_sentence(certificate, standing, day), TONES[standing], holds)


def _sentence(certificate: Certificate, standing: Standing, day: date) -> Text:
    periods = [rules.Days(one.starts_on, one.ends_on) for one in certificate.periods]
    if standing in rules.MAY_LEAD:
        return _("This certificate is valid until %(day)s", day=rules.covered_until(day, periods))
    if standing == Standing.expired:
        return _("This certificate expired on %(day)s", day=max(one.ends_on for one in periods if one.ends_on < day))
    if standing == Standing.pending:
        return _("This certificate is not valid yet")
    if standing == Standing.suspended:
        return _("This certificate is suspended and does not count now")
    if standing == Standing.surrendered:
        return _("This certificate was handed in on %(day)s", day=_since(certificate, DecisionKind.surrender))
    return _("This certificate was withdrawn on %(day)s", day=_since(certificate, DecisionKind.revoke))


def _since(certificate: Certificate, kind: DecisionKind) -> date:
    return next(one.effective_on for one in certificate.decisions if one.kind == kind)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
