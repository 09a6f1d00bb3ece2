"""The own pages of trainees and facilitators: what happens now, my training, my agenda, my answers.

The law of the place: at most three choices a screen, no percentages, no red; leaving asks no reason.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from trainhub.calendar import service as calendar
from trainhub.calendar.queries import feed_token_of
from trainhub.certification.progress import missing_for
from trainhub.core.errors import DomainError, NotFound
from trainhub.core.i18n import _ as text
from trainhub.core.i18n import render
from trainhub.editions.models import Enrolment, EnrolmentState
from trainhub.editions.queries import TAKES_PART, enrolments_of_person
from trainhub.editions.rules import WHEN_LEAVING
from trainhub.flows import enrol, staff
from trainhub.meetings.models import Assignment, Invitation
from trainhub.web.access import signed_in
from trainhub.web.forms import locale_code
from trainhub.web.own_page import MY_STATES, own_page, shown, steps
from trainhub.web.per_request import begin, current_actor, house, now, reading, today

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("trainee", __name__, url_prefix="/mijn")
Owned = TypeVar("Owned", Enrolment, Invitation, Assignment)
JUDGED = (*TAKES_PART, EnrolmentState.paused, EnrolmentState.completed)


def me() -> int:
    """The person who is signed in."""
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound(text("This page or record does not exist, or it is not yours to see."), code="not_found")
    return person_id


@bp.get("")
@signed_in
def home() -> str:
    """What happens now, what was asked, the way so far, the agenda, the certificate."""
    page = own_page(reading(), me(), now=now())
    return render_template(
        "trainee/home.html",
        page=page,
        steps={row.id: steps(row, now()) for row in page.current},
        feed=_feed(),
    )


@bp.get("/trainingen")
@signed_in
def trainings() -> ResponseReturnValue:
    """My trainings; straight to the one there is."""
    found = enrolments_of_person(reading(), me())
    if len(found) == 1:
        return redirect(url_for(".training", public_id=found[0].public_id))
    return render_template("trainee/trainings.html", enrolments=found, state_words=MY_STATES)


@bp.get("/training/<uuid:public_id>")
@signed_in
def training(public_id: uuid.UUID) -> str:
    """One training: what I have shown, what is still missing, every lesson with its calendar file."""
    found = enrolments_of_person(reading(), me())
    enrolment = next((row for row in found if row.public_id == public_id), None)
    if enrolment is None:
        raise NotFound(text("This page or record does not exist, or it is not yours to see."), code="not_found")
    judged = missing_for(reading(), enrolment.id, today()) if enrolment.state in JUDGED else None
    return render_template(
        "trainee/training.html",
        enrolment=enrolment,
        lessons=[lesson for lesson in enrolment.edition.sessions if lesson.state != "cancelled"],
        judged=judged,
        shown=shown(judged) if judged else [],
        now=now(),
        may_leave=enrolment.state in WHEN_LEAVING,
        state_words=MY_STATES,
    )


@bp.post("/training/<uuid:public_id>/antwoord")
@signed_in
def answer_offer(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take an offered place, or leave it to somebody else."""
    _mine(Enrolment, public_id)
    takes = _answer()
    with begin() as work:
        (enrol.accept if takes else enrol.withdraw)(work, enrolment_id=public_id)
    flash(_("Good that you join.") if takes else _("All right. Somebody else gets the place."), "success")
    return redirect(url_for(".home"))


@bp.route("/training/<uuid:public_id>/stoppen", methods=["GET", "POST"])
@signed_in
def leave_training(public_id: uuid.UUID) -> ResponseReturnValue:
    """Stop with a training, without a reason."""
    enrolment = _mine(Enrolment, public_id)
    if request.method == "POST":
        with begin() as work:
            enrol.withdraw(work, enrolment_id=public_id)
        flash(_("You have stopped with this training. Thank you for telling us."), "success")
        return redirect(url_for(".home"))
    return render_template("trainee/leave_training.html", enrolment=enrolment)


@bp.post("/vraag/<uuid:public_id>")
@signed_in
def answer_invitation(public_id: uuid.UUID) -> ResponseReturnValue:
    """Say yes or no to a question for a meeting."""
    _mine(Invitation, public_id)
    comes = _answer()
    try:
        with begin() as work:
            staff.answer(work, invitation_id=public_id, accepts=comes)
    except DomainError as problem:
        flash(render(problem.message, locale_code()), "error")
    else:
        flash(
            _("Good that you come. The meeting is in your agenda now.") if comes else _("All right. Not this time."),
            "success",
        )
    return redirect(url_for(".home"))


@bp.route("/bijeenkomst/<uuid:public_id>/afmelden", methods=["GET", "POST"])
@signed_in
def release(public_id: uuid.UUID) -> ResponseReturnValue:
    """Let a place in a meeting go: one press, no reason, nothing is counted."""
    place = _mine(Assignment, public_id)
    if request.method == "POST":
        with begin() as work:
            staff.release(work, assignment_id=public_id)
        flash(_("You do not come to this meeting. We look for somebody else."), "success")
        return redirect(url_for(".home"))
    return render_template("trainee/release.html", meeting=place.meeting)


@bp.get("/agenda")
@signed_in
def agenda() -> str:
    """All lessons and meetings ahead with their files, and the private address of my own agenda."""
    return render_template("trainee/agenda.html", page=own_page(reading(), me(), now=now()), feed=_feed())


@bp.post("/agenda")
@signed_in
def renew_agenda() -> ResponseReturnValue:
    """A new address for my own agenda; the old one stops."""
    with begin() as work:
        calendar.renew_feed(work, person_id=me())
    flash(_("Your new calendar link works now. The old one has stopped."), "success")
    return redirect(url_for(".agenda", _anchor="link"))


def _answer() -> bool:
    """Yes or no; a form without one of the two is no answer at all."""
    given = request.form.get("answer")
    return given == "yes" if given in {"yes", "no"} else abort(400)


def _mine(model: type[Owned], public_id: uuid.UUID) -> Owned:
    """The row with this public id, when it is this person's own; another person's is not there."""
    found = reading().scalar(select(model).where(model.public_id == public_id, model.person_id == me()))
    if found is None:
        raise NotFound(text("This page or record does not exist, or it is not yours to see."), code="not_found")
    return found


def _feed() -> str | None:
    """The private address of my own agenda, None when I have none yet."""
    settings = house().settings
    token = feed_token_of(reading(), me(), secret_key=settings.secret_key)
    return f"{settings.base_url}/agenda/{token}.ics" if token else None
