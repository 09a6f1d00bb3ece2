"""Pages of assessors: who still has something to show, and the form that signs it off.

The law of the place: an assessor sees only people in the editions that were given to them, and a form sent twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from trainhub.competence import queries
from trainhub.competence.rules import Mandate
from trainhub.core.access import Permission, Role
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _ as mark
from trainhub.flows import certify
from trainhub.web.access import needs
from trainhub.web.forms import Form, attempt
from trainhub.web.per_request import begin, current_actor, reading, today

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from trainhub.competence.queries import Learner, Step

bp = Blueprint("signing", __name__, url_prefix="/training/aftekenen")
LONGEST = 4000


class SignOffForm(Form):
    """What was seen, and words for the person."""

    evidence = TextAreaField(
        _("What did you see?"),
        validators=[InputRequired(), Length(max=LONGEST)],
        description=_("Write when and where, and what this person did. Nothing about health, please."),
    )
    feedback = TextAreaField(
        _("A message for this person"),
        validators=[Optional(), Length(max=LONGEST)],
        description=_("What went well, and one tip. The person reads this in a letter."),
    )


@bp.get("")
@needs(Permission.COMPETENCE_SIGN_OFF)
def people() -> str:
    """Everybody in my editions, with what is still open."""
    groups = _by_edition(queries.learners(reading(), edition_ids=_my_editions()))
    mandates = _mandates()
    mandated = [any(_covers(mandates, learners[0], step) for step in learners[0].steps) for _title, learners in groups]
    return render_template("training/people_to_sign.html", groups=groups, mandated=mandated)


@bp.get("/<uuid:enrolment_id>")
@needs(Permission.COMPETENCE_SIGN_OFF)
def person(enrolment_id: uuid.UUID) -> str:
    """One person: what was signed, and a way to sign each thing that is open."""
    learner, mandates = _learner(enrolment_id), _mandates()
    return render_template(
        "training/person_to_sign.html",
        learner=learner,
        own=learner.person.id == current_actor().person_id,
        may_sign={step.competence_id for step in learner.open_steps if _covers(mandates, learner, step)},
    )


@bp.route("/<uuid:enrolment_id>/<uuid:competence_id>", methods=["GET", "POST"])
@needs(Permission.COMPETENCE_SIGN_OFF)
def sign(enrolment_id: uuid.UUID, competence_id: uuid.UUID) -> ResponseReturnValue:
    """The form for one competence; what was typed stays when it is refused."""
    learner = _learner(enrolment_id)
    step = next((one for one in learner.steps if one.public_id == competence_id), None)
    if step is None:
        raise _unknown()
    back = url_for(".person", enrolment_id=enrolment_id)
    if step.signed_on is not None:
        flash(gettext("This competence was already signed off. Nothing was changed."), "info")
        return redirect(back)
    form = SignOffForm()
    if form.validate_on_submit() and attempt(form, lambda: _sign(form, enrolment_id, competence_id)):
        flash(
            gettext("Signed off: %(code)s. %(name)s gets a message.", code=step.code, name=learner.person.call_name),
            "success",
        )
        return redirect(back)
    page = render_template("training/sign.html", form=form, learner=learner, step=step)
    return page, 422 if form.errors else 200


def _sign(form: SignOffForm, enrolment_id: uuid.UUID, competence_id: uuid.UUID) -> None:
    with begin() as work:
        certify.sign_off(
            work,
            enrolment_id=enrolment_id,
            competence_id=competence_id,
            evidence=form.evidence.data or "",
            feedback=form.feedback.data or "",
        )


def _my_editions() -> set[int]:
    roles = current_actor().roles
    return {held.edition_id for held in roles if held.role == Role.assessor and held.edition_id is not None}


def _learner(enrolment_id: uuid.UUID) -> Learner:
    found = queries.learners(reading(), edition_ids=_my_editions(), enrolment_id=enrolment_id)
    if not found:
        raise _unknown()
    return found[0]


def _by_edition(learners: list[Learner]) -> list[tuple[str, list[Learner]]]:
    """The learners per edition; where something is open comes first."""
    groups: dict[int, tuple[str, list[Learner]]] = {}
    for learner in learners:
        groups.setdefault(learner.edition.id, (learner.edition.title, []))[1].append(learner)
    found = [(title, sorted(people, key=lambda one: not one.open_steps)) for title, people in groups.values()]
    return sorted(found, key=lambda group: not group[1][0].open_steps)


def _covers(mandates: list[Mandate], learner: Learner, step: Step) -> bool:
    version_id = learner.edition.course_version_id
    return any(
        one.covers(course_version_id=version_id, competence_id=step.competence_id, on=today()) for one in mandates
    )


def _mandates() -> list[Mandate]:
    person_id = current_actor().person_id
    return [] if person_id is None else queries.mandates_of(reading(), person_id)


def _unknown() -> NotFound:
    return NotFound(mark("This page or record does not exist, or it is not yours to see."), code="not_found")
