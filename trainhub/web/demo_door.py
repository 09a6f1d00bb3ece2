"""The door of the demonstration: look around as somebody of a role. It exists only in a database that is marked as a demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from trainhub.accounts import service
from trainhub.accounts.queries import account_of
from trainhub.core.access import SYSTEM
from trainhub.core.marks import is_demo, person_to_look_as
from trainhub.web.access import public
from trainhub.web.account import sign_in
from trainhub.web.forms import Form
from trainhub.web.identity import as_user
from trainhub.web.per_request import begin, reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("demo_door", __name__)
ROLES = (
    ("coordinator", _("Coordinator: keeps an eye on training, certificates and meetings")),
    ("trainer", _("Trainer: gives the lessons and notes who is there")),
    ("assessor", _("Assessor: signs off what somebody has shown")),
    ("trainee", _("Participant: follows the training")),
    ("facilitator", _("Facilitator: has a certificate and leads meetings")),
    ("municipality", _("Municipality: looks for people and asks for meetings")),
    ("admin", _("Administrator: looks after the system")),
)


class LookForm(Form):
    """As whom to look around."""

    als = RadioField(
        _("As whom do you want to look around?"),
        choices=[SelectChoice(value=name, label=words) for name, words in ROLES],
        validators=[InputRequired()],
    )


@bp.route("/demo/meekijken", methods=["GET", "POST"])
@public
def look() -> ResponseReturnValue:
    """Choose a role and become the made-up person of that role."""
    if not is_demo(reading()):
        abort(404)
    form = LookForm()
    if not form.validate_on_submit():
        return render_template("account/look_as.html", form=form), 422 if form.errors else 200
    if not _become(form.als.data):
        form.als.errors = [gettext("There is nobody with this role in this demonstration.")]
        return render_template("account/look_as.html", form=form), 422
    return redirect(url_for("account.start"))


def _become(role: str) -> bool:
    person_id = person_to_look_as(reading(), role)
    account = account_of(reading(), person_id) if person_id is not None else None
    if account is None or not account.is_active or not account.person.is_demo:
        return False
    with begin(SYSTEM) as work:
        service.touch_sign_in(work, person_id=account.person_id)
    sign_in(as_user(account))
    return True
