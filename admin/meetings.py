"""Screens of meetings: the list, one meeting with its people, and what happens to the meeting itself.

Who is asked, comes, practises or is let go stands in `meeting_people.py`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin.acts import act
from admin.meeting_forms import MeetingForm, NeedForm, ReasonForm, WhenForm, when_of
from admin.meeting_people import PeopleOfMeeting
from admin.meeting_requests import Requests
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _, span
from trainhub.courses.models import Track
from trainhub.flows import meeting as flow
from trainhub.meetings import queries, service
from trainhub.meetings.models import Meeting, MeetingState
from trainhub.meetings.rules import ACTIVE, ASKING, BEFORE_HELD
from trainhub.meetings.words import label
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.programmes.models import Audience, Programme
from trainhub.web.forms import attempt, locale_code, whole_number
from trainhub.web.per_request import allows, begin, now, reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from flask_admin import BaseView

PER_PAGE = 25
MOST_PLACES = 500


class Meetings(PeopleOfMeeting, Screen):
    """Meetings, from looking for people to held."""

    permission = Permission.MEETING_STAFF

    @expose("/")
    def index(self) -> str:
        """The meetings ahead, or those before."""
        before = request.args.get("toon") == "eerder"
        page = _page_number()
        rows, total = queries.meetings(reading(), now=now(), upcoming=not before, page=page, per_page=PER_PAGE)
        return str(
            self.render(
                "meetings/list.html",
                rows=[row for row in rows if allows(self.permission, row.meeting)],
                before=before,
                page=page,
                pages=max(1, -(-total // PER_PAGE)),
                total=total,
                label=label,
            )
        )

    @expose("/nieuw", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        """A meeting without a request, with who it needs."""
        form = MeetingForm()
        form.offer(_programmes(), _neighbourhoods())
        made: list[uuid.UUID] = []
        if form.validate_on_submit() and attempt(form, lambda: made.append(_create(form))):
            flash(gettext("The meeting is planned. Now look for people."), "success")
            return self.to_page(made[0])
        return self._form(form, gettext("New meeting"), gettext("Plan the meeting"), self.get_url(".index"))

    @expose("/<uuid:public_id>")
    def page(self, public_id: uuid.UUID) -> str:
        """One meeting: who it needs, who fits and why, who was asked, who comes."""
        meeting = self.own(public_id)
        invitations = queries.invitations_of(reading(), meeting.id)
        is_asking = meeting.state in ASKING and meeting.starts_at > now()
        chosen = self.chosen_need(meeting)
        return str(
            self.render(
                "meetings/page.html",
                meeting=meeting,
                invitations=invitations,
                need=chosen,
                candidates=self.candidates(chosen) if chosen and is_asking else None,
                coming={
                    need.id: sum(one.need_id == need.id and one.state == "confirmed" for one in meeting.assignments)
                    for need in meeting.needs
                },
                active=ACTIVE,
                can_change=meeting.state in BEFORE_HELD,
                can_hold=meeting.state == MeetingState.confirmed and meeting.starts_at <= now(),
                label=label,
            )
        )

    @expose("/<uuid:public_id>/wie-nodig", methods=("GET", "POST"))
    def plan(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Who this meeting needs; the same role and language again changes it."""
        meeting = self.own(public_id)
        form = NeedForm()
        form.offer()
        if form.validate_on_submit() and attempt(form, lambda: _plan(form, public_id)):
            flash(gettext("It is saved who this meeting needs."), "success")
            return self.to_page(public_id)
        return self._form(
            form, gettext("Who does this meeting need?"), gettext("Save"), self._address(public_id), meeting.title
        )

    @expose("/<uuid:public_id>/verplaatsen", methods=("GET", "POST"))
    def move(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Another time or place; everybody hears it, certificates are judged on the new day."""
        form = WhenForm(data=when_of(self.own(public_id)))
        saved = {"saved": lambda: _Saved(self.own(public_id))}
        if form.validate_on_submit() and attempt(form, lambda: _move(form, public_id), **saved):
            flash(gettext("The meeting has moved. Everybody gets a letter."), "success")
            return self.to_page(public_id)
        meeting = self.own(public_id)
        intro = gettext("Everybody who comes or was asked gets a letter. Certificates are checked for the new day.")
        return self._form(
            form,
            gettext("Move this meeting"),
            gettext("Move it and tell everybody"),
            self._address(public_id),
            meeting.title,
            intro,
        )

    @expose("/<uuid:public_id>/bevestigen", methods=("POST",))
    def confirm_meeting(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """It goes ahead."""
        self.own(public_id)
        act(
            lambda work: flow.confirm_meeting(work, meeting_id=public_id),
            gettext("The meeting goes ahead. The municipality gets a letter."),
        )
        return self.to_page(public_id)

    @expose("/<uuid:public_id>/afzeggen", methods=("GET", "POST"))
    def cancel(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """It does not go ahead, with a reason; after showing who hears it."""
        meeting = self.own(public_id)
        form = ReasonForm(data={"version": meeting.row_version})
        if form.validate_on_submit() and attempt(form, lambda: _cancel(form, public_id)):
            flash(gettext("The meeting is cancelled. Everybody gets a letter."), "success")
            return self.to_page(public_id)
        meeting = self.own(public_id)
        asked = [one.person.call_name for one in queries.open_invitations(reading(), meeting.id)]
        comes = [one.person.call_name for one in meeting.assignments if one.state in ACTIVE]
        contact = [meeting.request.contact.call_name] if meeting.request else []
        what = [
            gettext(
                "The meeting of %(when)s is cancelled.", when=span(meeting.starts_at, meeting.ends_at, locale_code())
            ),
            gettext("It stays in agendas as cancelled. Everybody below gets a letter with the reason."),
        ]
        return self.confirm(
            gettext("Cancel this meeting"),
            what,
            [*comes, *asked, *contact],
            gettext("Cancel the meeting"),
            meeting,
            form,
        )

    @expose("/<uuid:public_id>/gehouden", methods=("GET", "POST"))
    def hold(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """It was held: who came is counted for their certificate."""
        meeting = self.own(public_id)
        if request.method == "POST":
            act(lambda work: service.hold(work, meeting_id=public_id), gettext("The meeting is marked as held."))
            return self.to_page(public_id)
        comes = [one.person.call_name for one in meeting.assignments if one.state == "confirmed"]
        what = [
            gettext("The meeting counts for the certificate of everybody below."),
            gettext("Did somebody not come? Let that person go first."),
        ]
        title = gettext("This meeting was held")
        return self.confirm(title, what, comes, gettext("Mark as held"), meeting)

    def own(self, public_id: uuid.UUID) -> Meeting:
        """The meeting, when this coordinator may staff it; else it does not exist."""
        meeting = queries.meeting_page(reading(), public_id)
        if meeting is None or not allows(self.permission, meeting):
            raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")
        return meeting

    def to_page(self, public_id: uuid.UUID, **values: Any) -> ResponseReturnValue:
        """Back to the meeting."""
        return redirect(self.get_url(".page", public_id=public_id, **values))

    def confirm(
        self, title: str, what: list[str], whom: list[str], submit: str, meeting: Meeting, form: Any = None
    ) -> ResponseReturnValue:
        """The page before an act that people notice."""
        page = self.render(
            "admin/confirm_page.html",
            title=title,
            what=what,
            whom=whom,
            submit=submit,
            back_url=self._address(meeting.public_id),
            back_label=meeting.title,
            form=form,
        )
        return str(page), 422 if form is not None and form.errors else 200

    def _address(self, public_id: uuid.UUID) -> str:
        return str(self.get_url(".page", public_id=public_id))

    def _form(
        self, form: Any, title: str, submit: str, back_url: str, back: str = "", intro: str = ""
    ) -> ResponseReturnValue:
        page = self.render(
            "admin/form_page.html",
            title=title,
            form=form,
            submit=submit,
            back_url=back_url,
            back_label=back or gettext("All meetings"),
            intro=intro,
        )
        return str(page), 422 if form.errors else 200


class _Saved:
    """A meeting as the form of a move shows it, to compare two versions."""

    def __init__(self, meeting: Meeting) -> None:
        self.__dict__.update(when_of(meeting), row_version=meeting.row_version)


def _page_number() -> int:
    return min(whole_number(request.args.get("page")) or 1, 10_000)


def _programmes() -> Sequence[Programme]:
    return reading().scalars(select(Programme).order_by(Programme.ends_on.desc(), Programme.name)).all()


def _neighbourhoods() -> Sequence[Neighbourhood]:
    return (
        reading()
        .scalars(
            select(Neighbourhood)
            .join(Neighbourhood.municipality)
            .options(joinedload(Neighbourhood.municipality))
            .order_by(Municipality.name, Neighbourhood.name)
            .limit(MOST_PLACES)
        )
        .all()
    )


def _create(form: MeetingForm) -> uuid.UUID:
    when = form.when()
    with begin() as work:
        place = work.get(Neighbourhood, form.neighbourhood_id.data)
        meeting = flow.create_meeting(
            work,
            municipality_id=place.municipality_id,
            neighbourhood_id=place.id,
            programme_id=form.programme_id.data,
            audience=Audience(form.audience.data),
            **when,
        )
        for role, count in (
            (Track.discussion_leader, form.discussion_leaders.data),
            (Track.expert_by_experience, form.experts.data),
        ):
            service.plan_need(work, meeting_id=meeting.id, role=role, count=count)
        return meeting.public_id


def _plan(form: NeedForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        service.plan_need(
            work,
            meeting_id=public_id,
            role=Track(form.role.data),
            count=form.count.data,
            reserve=form.reserve.data,
            language=form.language.data,
        )


def _move(form: WhenForm, public_id: uuid.UUID) -> None:
    when = form.when()
    with begin() as work:
        flow.move_meeting(work, meeting_id=public_id, version=form.seen_version, **when)


def _cancel(form: ReasonForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        flow.cancel_meeting(work, meeting_id=public_id, reason=form.reason.data, version=form.seen_version)


def views() -> list[BaseView]:
    """The screens of this domain."""
    return [
        Requests(name=lazy_gettext("Requests"), endpoint="requests", url="/admin/aanvragen"),
        Meetings(name=lazy_gettext("Meetings"), endpoint="meetings", url="/admin/bijeenkomsten"),
    ]
