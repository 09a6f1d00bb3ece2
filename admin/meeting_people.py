"""The people of a meeting at the desk: who fits and why, who was asked, who comes, who practises, who is let go."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import abort, request
from flask_admin import expose
from flask_babel import gettext
from sqlalchemy import select

from admin.acts import act
from trainhub.courses.models import Track
from trainhub.flows import staff
from trainhub.matching.shortlist import Candidate, left_out, shortlist
from trainhub.meetings.models import Assignment, Invitation, Need, Part
from trainhub.meetings.practice import trainees
from trainhub.meetings.rules import PRACTICE
from trainhub.meetings.words import label
from trainhub.web.forms import whole_number
from trainhub.web.per_request import reading, today

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from trainhub.meetings.models import Meeting

MOST = 20


class PeopleOfMeeting:
    """The part of the screen of meetings that is about people."""

    @staticmethod
    def chosen_need(meeting: Meeting) -> Need | None:
        """The need that the address names, else the first that is not filled, else the first."""
        named = request.args.get("plek")
        found = next((one for one in meeting.needs if str(one.public_id) == named), None)
        coming = [one.need_id for one in meeting.assignments if one.state == "confirmed"]
        short = next((one for one in meeting.needs if coming.count(one.id) < one.count), None)
        return found or short or next(iter(meeting.needs), None)

    @staticmethod
    def candidates(need: Need) -> list[Candidate]:
        """Who fits, the nearest and least asked first, each with reasons."""
        return shortlist(reading(), need.id, today=today(), limit=MOST)

    @expose("/<uuid:public_id>/wie-niet/<uuid:need_id>")
    def left_out(self: Any, public_id: uuid.UUID, need_id: uuid.UUID) -> str:
        """Who does not fit, with every reason."""
        meeting = self.own(public_id)
        need = _one(meeting.needs, need_id)
        found = left_out(reading(), need.id, today=today())
        return str(self.render("meetings/left_out.html", meeting=meeting, need=need, people=found, label=label))

    @expose("/<uuid:public_id>/uitnodigen", methods=("POST",))
    def invite(self: Any, public_id: uuid.UUID) -> ResponseReturnValue:
        """Ask somebody for a place; every rule is judged again in the same transaction."""
        meeting = self.own(public_id)
        need, person_id = _one(meeting.needs, _posted_uuid("need")), _posted_uuid("person")
        need_id, need_key = need.id, need.public_id
        act(
            lambda work: staff.invite(work, need_id=need_id, person_id=person_id),
            gettext("The invitation is in the mail queue."),
        )
        return self.to_page(public_id, plek=need_key)

    @expose("/<uuid:public_id>/terugnemen/<uuid:invitation_id>", methods=("POST",))
    def recall(self: Any, public_id: uuid.UUID, invitation_id: uuid.UUID) -> ResponseReturnValue:
        """Take a question back that was not answered."""
        self._invitation(public_id, invitation_id)
        act(
            lambda work: staff.recall(work, invitation_id=invitation_id),
            gettext("The question is taken back. The person gets a letter."),
        )
        return self.to_page(public_id)

    @expose("/<uuid:public_id>/laten-gaan/<uuid:assignment_id>", methods=("GET", "POST"))
    def release(self: Any, public_id: uuid.UUID, assignment_id: uuid.UUID) -> ResponseReturnValue:
        """Let somebody go, after one question; no reason is asked."""
        meeting = self.own(public_id)
        place: Assignment = _one(meeting.assignments, assignment_id)
        if request.method == "POST":
            act(
                lambda work: staff.release(work, assignment_id=assignment_id),
                gettext("This person does not come any more. The letter is in the mail queue."),
            )
            return self.to_page(public_id)
        what = [
            gettext("This person is no longer expected and gets a letter."),
            gettext("It is not held against them. The place is open again."),
        ]
        title = gettext("Let %(name)s go?", name=place.person.call_name)
        return self.confirm(title, what, [place.person.call_name], gettext("Let go"), meeting)

    @expose("/<uuid:public_id>/meelopen", methods=("GET", "POST"))
    def practise(self: Any, public_id: uuid.UUID) -> ResponseReturnValue:
        """Let a trainee observe or co-lead."""
        meeting = self.own(public_id)
        if request.method == "POST":
            part, role = _choice(Part, "part"), _choice(Track, "role")
            person_id = whole_number(request.form.get("person_id")) or abort(400)
            done = act(
                lambda work: staff.place_for_practice(
                    work, meeting_id=public_id, person_id=person_id, role=role, part=part
                ),
                gettext("The place to practise is planned. The letter is in the mail queue."),
            )
            if done:
                return self.to_page(public_id)
        words = request.args.get("q", "")
        taken = {one.person_id for one in self.own(public_id).assignments if one.state != "released"}
        people = [one for one in trainees(reading(), words) if one.person_id not in taken]
        page = self.render(
            "meetings/practise.html",
            meeting=meeting,
            people=people,
            words=words,
            parts=[part for part in Part if part in PRACTICE],
            label=label,
        )
        return str(page)

    def _invitation(self: Any, public_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
        meeting = self.own(public_id)
        found = reading().scalar(
            select(Invitation)
            .join(Invitation.need)
            .where(Invitation.public_id == invitation_id, Need.meeting_id == meeting.id)
        )
        return found or abort(404)


def _one(rows: Any, public_id: uuid.UUID) -> Any:
    """The row of this meeting with that public id; else 404."""
    return next((one for one in rows if one.public_id == public_id), None) or abort(404)


def _posted_uuid(name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError:
        return abort(400)


def _choice(kind: Any, name: str) -> Any:
    given = request.form.get(name, "")
    return kind(given) if given in set(kind) else abort(400)
