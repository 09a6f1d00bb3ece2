"""The page behind a signed link: a question with two buttons. Looking changes nothing, only a press answers.

A link is used without signing in, so the page tells no more than the letter did. An unknown, forged, used or late link gives the
same quiet page.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainhub.core import links
from trainhub.core.access import Actor
from trainhub.core.errors import DomainError, NotFound, Several
from trainhub.core.i18n import render
from trainhub.flows import staff
from trainhub.meetings.models import Assignment, AssignmentState, Invitation, InvitationState, Meeting, Need
from trainhub.meetings.rules import ASKING
from trainhub.web.access import public
from trainhub.web.forms import locale_code
from trainhub.web.per_request import begin, house, now, reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("invitation", __name__, url_prefix="/uitnodiging")
ANSWERS = {"yes": True, "no": False}


@bp.get("/<token>")
@public
def question(token: str) -> ResponseReturnValue:
    """The question, or what was answered."""
    invitation = _invitation(token)
    if invitation is None:
        return _quiet()
    return _page(invitation)


@bp.post("/<token>")
@public
def answer(token: str) -> ResponseReturnValue:
    """Yes or no; the same answer twice changes nothing."""
    invitation = _invitation(token)
    accepts = ANSWERS.get(request.form.get("answer", ""))
    if invitation is None:
        return _quiet()
    if accepts is None:
        return _page(invitation), 422
    actor, public_id = Actor(invitation.person_id, kind="link"), invitation.public_id
    try:
        with begin(actor) as work:
            staff.answer(work, invitation_id=public_id, accepts=accepts)
    except DomainError as problem:
        again = _invitation(token)
        if again is None:
            return _quiet()
        return _page(again, problem=_why(problem)), problem.status
    return redirect(url_for(".question", token=token))


def _why(problem: DomainError) -> str:
    if isinstance(problem, Several):  # the reasons are written for coordinators
        return str(
            gettext(
                "You cannot get this place now. Your certificate or your consent does not hold on that day, or you are "
                "expected elsewhere. Call us if you want to know more."
            )
        )
    return render(problem.message, locale_code())


def _invitation(token: str) -> Invitation | None:
    """The invitation that a token names; None for every link that does not work."""
    try:
        subject = links.subject_of(house().settings.secret_key, purpose=staff.PURPOSE, token=token, now=now())
        public_id = uuid.UUID(subject)
    except (NotFound, ValueError):
        return None
    return reading().scalar(
        select(Invitation)
        .where(Invitation.public_id == public_id)
        .options(
            joinedload(Invitation.person),
            joinedload(Invitation.need).joinedload(Need.meeting).joinedload(Meeting.neighbourhood),
            joinedload(Invitation.need).joinedload(Need.meeting).joinedload(Meeting.municipality),
        )
    )


def _page(invitation: Invitation, problem: str | None = None) -> str:
    meeting = invitation.need.meeting
    is_open = (
        invitation.state == InvitationState.sent
        and now() <= invitation.answer_until
        and meeting.state in ASKING
        and meeting.starts_at > now()
    )
    if not is_open and problem is None and not _is_answered(invitation):
        return _quiet_words()
    return render_template(
        "invitation/question.html", invitation=invitation, meeting=meeting, is_open=is_open, problem=problem
    )


def _is_answered(invitation: Invitation) -> bool:
    """Whether the answer still stands: a no, or a yes whose place is still sure."""
    place = select(Assignment.id).where(
        Assignment.need_id == invitation.need_id,
        Assignment.person_id == invitation.person_id,
        Assignment.state.in_((AssignmentState.confirmed, AssignmentState.done)),
    )
    if invitation.state == InvitationState.accepted:
        return reading().scalar(place) is not None
    return invitation.state == InvitationState.declined


def _quiet() -> ResponseReturnValue:
    return _quiet_words(), 404


def _quiet_words() -> str:
    return render_template("invitation/gone.html")
