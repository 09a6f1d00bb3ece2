"""Signing in without a password, choosing a language, and the way to one's own first page."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_security import login_user
from wtforms import EmailField
from wtforms.validators import Email, InputRequired, Length

from trainhub.accounts import service
from trainhub.accounts.links import LIFE, account_of_link, sign_in_url
from trainhub.accounts.models import Account
from trainhub.core.access import SYSTEM
from trainhub.core.errors import NotFound
from trainhub.core.i18n import LOCALES
from trainhub.outbox.letters import accounts as letters
from trainhub.web.access import is_own_path, public, signed_in
from trainhub.web.forms import Form
from trainhub.web.identity import account_by_email, as_user, send
from trainhub.web.per_request import begin, current_actor, forget_actor, house, now, reading
from trainhub.web.words import LANGUAGE, home_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from trainhub.web.identity import SignedIn

bp = Blueprint("account", __name__)
SAME_TIME_SECONDS = 0.15


class LinkForm(Form):
    """The address to send a link to."""

    email = EmailField(_("E-mail address"), validators=[InputRequired(), Email(), Length(max=320)])


@bp.get("/start")
@signed_in
def start() -> ResponseReturnValue:
    """Everybody starts on the page of their role."""
    return redirect(request.script_root + home_of(current_actor()))


@bp.post("/taal")
@public
def language() -> ResponseReturnValue:
    """Read on in the other language, on the same page."""
    wanted = request.form.get("language", "")
    if wanted in LOCALES:
        session[LANGUAGE] = wanted
        session.permanent = True
    back = request.form.get("next", "")
    return redirect(back if is_own_path(back) else url_for("public.home"))


@bp.route("/inloggen/link", methods=["GET", "POST"])
@public
def ask_link() -> ResponseReturnValue:
    """Ask for a link by mail. The answer is the same, in words and in time, whether or not we know the address."""
    form = LinkForm()
    if not form.validate_on_submit():
        return render_template("account/ask_link.html", form=form), 422 if form.errors else 200
    began = time.monotonic()
    user = account_by_email(form.email.data)
    if user is not None:
        _send_link(user)
    time.sleep(max(0.0, SAME_TIME_SECONDS - (time.monotonic() - began)))
    return redirect(url_for(".link_sent"))


@bp.get("/inloggen/link/verstuurd")
@public
def link_sent() -> ResponseReturnValue:
    """Look in your mail."""
    return render_template("account/link_sent.html", minutes=int(LIFE.total_seconds() // 60))


@bp.get("/inloggen/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """A link from the mail: shows one button, and does nothing by itself (mail scanners open links too)."""
    try:
        account = account_of_link(reading(), house().settings, token, now=now())
    except NotFound:
        return render_template("account/link_gone.html"), 404
    return render_template("account/link.html", name=account.person.call_name, token=token)


@bp.post("/inloggen/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Sign in by the link; from now on it no longer works."""
    try:
        with begin(SYSTEM) as work:
            account = account_of_link(work.session, work.settings, token, now=work.now)
            work.lock(Account, account.id)
            account_of_link(work.session, work.settings, token, now=work.now)  # again: of two presses at once, one wins
            service.touch_sign_in(work, person_id=account.person_id)
            user = as_user(account)
    except NotFound:
        return render_template("account/link_gone.html"), 404
    sign_in(user)
    return redirect(url_for(".start"))


def sign_in(user: SignedIn) -> None:
    """Make this the person who is signed in here."""
    chosen = session.get(LANGUAGE)
    session.clear()
    if chosen:
        session[LANGUAGE] = chosen
    login_user(user, authn_via=["link"])
    forget_actor()


def _send_link(user: SignedIn) -> None:
    with begin(SYSTEM) as work:
        account = work.get(Account, user.id)
        url = sign_in_url(work.settings, account, now=work.now)
        letter = letters.sign_in_link(name=user.name, url=url, until=work.now + LIFE)
        send(work, user.person_id, letter)
