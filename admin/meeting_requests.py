"""Screens of requests: which wait for an answer, a yes with time and place, a no with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext

from admin.meeting_forms import AcceptForm, ReasonForm
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.flows import request as flow
from trainhub.meetings import queries
from trainhub.meetings.models import RequestState
from trainhub.meetings.words import label
from trainhub.web.forms import attempt
from trainhub.web.per_request import allows, begin, reading

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from trainhub.meetings.models import MeetingRequest


class Requests(Screen):
    """Requests of municipalities."""

    permission = Permission.REQUEST_DECIDE

    @expose("/")
    def index(self) -> str:
        """Those that wait first, then those that were answered."""
        waiting = [one for one in queries.requests_to_answer(reading()) if allows(self.permission, one)]
        answered = [one for one in queries.requests_answered(reading()) if allows(self.permission, one)]
        return str(self.render("meetings/requests.html", waiting=waiting, answered=answered, label=label))

    @expose("/<uuid:public_id>", methods=("GET", "POST"))
    def page(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """What was asked; a yes with time and place."""
        wish = self._own(public_id)
        form = AcceptForm.for_request(wish)
        made: list[uuid.UUID] = []
        if form.validate_on_submit() and attempt(form, lambda: made.append(_accept(form, public_id))):
            flash(gettext("The meeting is planned. Now look for people."), "success")
            return redirect(self.get_url("meetings.page", public_id=made[0]))
        wish = self._own(public_id)
        meeting = queries.meeting_of_request(reading(), wish.id)
        page = self.render(
            "meetings/request.html",
            wish=wish,
            form=form,
            meeting=meeting,
            is_open=wish.state == RequestState.submitted,
            label=label,
        )
        return str(page), 422 if form.errors else 200

    @expose("/<uuid:public_id>/afwijzen", methods=("GET", "POST"))
    def reject(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """A no, with the reason that the municipality reads."""
        wish = self._own(public_id)
        back = self.get_url(".page", public_id=public_id)
        if wish.state != RequestState.submitted:
            return redirect(back)
        form = ReasonForm(data={"version": wish.row_version})
        if form.validate_on_submit() and attempt(form, lambda: _reject(form, public_id)):
            flash(gettext("The request is answered. The letter is in the mail queue."), "success")
            return redirect(self.get_url(".index"))
        wish = self._own(public_id)
        page = self.render(
            "admin/confirm_page.html",
            title=gettext("Say no to this request"),
            what=[
                gettext("The request for %(place)s is closed. It stays readable.", place=wish.neighbourhood.name),
                gettext("Whoever asked gets a letter with the reason."),
            ],
            whom=[f"{wish.contact.call_name}, {wish.municipality.name}"],
            submit=gettext("Say no and send the letter"),
            back_url=back,
            back_label=gettext("The request"),
            form=form,
        )
        return str(page), 422 if form.errors else 200

    def _own(self, public_id: uuid.UUID) -> MeetingRequest:
        wish = queries.request_page(reading(), public_id)
        if wish is None or not allows(self.permission, wish):
            raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
        return wish


def _accept(form: AcceptForm, public_id: uuid.UUID) -> uuid.UUID:
    when = form.when()
    with begin() as work:
        meeting = flow.accept(work, request_id=public_id, version=form.seen_version, reserve=form.reserve.data, **when)
        return meeting.public_id


def _reject(form: ReasonForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        flow.reject(work, request_id=public_id, reason=form.reason.data, version=form.seen_version)
