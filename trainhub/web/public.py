"""Pages for everybody: what this is, how to check a certificate, privacy, accessibility, contact, and whether the house is well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from trainhub.certification.models import Certificate
from trainhub.certification.numbering import is_number
from trainhub.certification.queries import standing_on
from trainhub.outbox.queries import health
from trainhub.web.access import public
from trainhub.web.forms import Form
from trainhub.web.per_request import house, now, reading, today

if TYPE_CHECKING:
    from datetime import timedelta

    from flask.typing import ResponseReturnValue

    from trainhub.certification.models import Standing

bp = Blueprint("public", __name__)
TOKEN = re.compile(r"(?:^|/)c/([A-Za-z0-9_-]{20,64})/?$|^([A-Za-z0-9_-]{20,64})$")


class CheckForm(Form):
    """The code or the number that stands on a certificate. It is asked by GET, so it has no token."""

    class Meta(Form.Meta):
        """Nothing changes, so nothing needs a token."""

        csrf = False

    code = StringField(
        _("Number or code on the certificate"),
        validators=[InputRequired(), Length(max=300)],
        description=_("For example TH-2026-048391-27, or the address under the square code."),
    )


@bp.get("/")
@public
def home() -> str:
    """What this is, for whom, and how to check a certificate."""
    return render_template("public/home.html", form=CheckForm(formdata=None))


@bp.get("/certificaat-controleren")
@public
def check() -> ResponseReturnValue:
    """Find a certificate: by its code the whole page, by its number only whether it holds (numbers can be guessed)."""
    form = CheckForm(request.args if "code" in request.args else None)
    if "code" not in request.args or not form.validate():
        return render_template("public/check.html", form=form), 422 if form.errors else 200
    words = form.code.data.strip()
    if is_number(words):
        return render_template("public/check.html", form=form, number=words, standing=_standing(words))
    found = TOKEN.search(words)
    if found is None:
        form.code.errors = [gettext("This is neither a number nor a code of a certificate. Type it over once more.")]
        return render_template("public/check.html", form=form), 422
    return redirect(f"{request.script_root}/c/{found[1] or found[2]}")


@bp.get("/privacy")
@public
def privacy() -> str:
    """What we keep of people, why, how long, and what they can ask."""
    return render_template("public/privacy.html")


@bp.get("/toegankelijkheid")
@public
def accessibility() -> str:
    """How far this website can be used by everybody, and where to tell that it cannot."""
    return render_template("public/accessibility.html")


@bp.get("/contact")
@public
def contact() -> str:
    """Whom to call."""
    return render_template("public/contact.html")


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Browsers ask for this name by themselves."""
    return redirect(url_for("static", filename="logo.svg"))


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Search machines may know the public pages, never a page about a person."""
    words = "User-agent: *\nDisallow: /c/\nDisallow: /agenda/\nDisallow: /inloggen\nDisallow: /uitnodiging\n"
    return Response(words, mimetype="text/plain")


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """For a watchman: 200 when the database answers, else 503; and how long worker and mail have been waiting."""
    try:
        found = health(reading(), now=now())
    except SQLAlchemyError as problem:
        current_app.logger.error("The database does not answer: %s", type(problem).__name__)  # noqa: TRY400 - no values in the log
        return jsonify(status="down", database={"reachable": False}, worker=None, mail=None), 503
    return jsonify(
        status="up",
        database={"reachable": True, "kind": "sqlite" if house().database.is_sqlite else "postgresql"},
        worker={"last_run_seconds_ago": _seconds(found.run_age)},
        mail={"oldest_unsent_seconds": _seconds(found.unsent_age), "waiting": found.waiting, "failed": found.failed},
    )


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _standing(number: str) -> Standing | None:
    digits = re.sub(r"\D", "", number)
    known = f"TH-{digits[:4]}-{digits[4:10]}-{digits[10:]}"
    found = reading().scalar(select(Certificate.id).where(Certificate.number == known))
    return None if found is None else standing_on(reading(), found, today())
