"""The desk's screens of editions: the list, one edition with its lessons, people and trainers, and every act on it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, redirect, request
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin.acts import act, say
from admin.edition_people import PeopleOfEdition
from admin.edition_sessions import SessionsOfEdition
from admin.service_view import Screen
from trainhub.attendance.queries import facts
from trainhub.core.access import Permission
from trainhub.courses import queries as courses
from trainhub.editions import queries, rules, service
from trainhub.editions.models import EditionState, EnrolmentState, SessionState
from trainhub.flows import schedule
from trainhub.places import queries as places
from trainhub.web.forms import Form, VersionedForm, attempt, whole_number
from trainhub.web.per_request import allows, begin, reading, today

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_admin import BaseView
    from werkzeug.wrappers import Response

    from trainhub.editions.models import Edition, Enrolment

GOING = (EditionState.draft, EditionState.open, EditionState.running)
NOBODY = ""
"""The value of an empty choice."""


class NewEditionForm(Form):
    """What an edition begins with."""

    course_version_id = SelectField(_("Course"), validators=[InputRequired()])
    code = StringField(
        _("Code"),
        validators=[InputRequired(), Length(max=40)],
        description=_("Short and unique, for example WW-2027-1."),
    )
    title = StringField(_("Title"), validators=[InputRequired(), Length(max=120)])
    municipality_key = SelectField(_("Municipality"), validators=[Optional()])
    capacity = IntegerField(_("Number of places"), validators=[InputRequired(), NumberRange(1, 200)], default=12)
    enrol_from = DateField(_("Enrolment opens on"), validators=[Optional()])
    enrol_until = DateField(_("Enrolment closes on"), validators=[Optional()])


class EditionForm(VersionedForm):
    """What of an edition can be changed."""

    title = StringField(_("Title"), validators=[InputRequired(), Length(max=120)])
    municipality_key = SelectField(_("Municipality"), validators=[Optional()])
    capacity = IntegerField(_("Number of places"), validators=[InputRequired(), NumberRange(1, 200)])
    enrol_from = DateField(_("Enrolment opens on"), validators=[Optional()])
    enrol_until = DateField(_("Enrolment closes on"), validators=[Optional()])


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField(
        _("Reason"), validators=[InputRequired(), Length(max=500)], description=_("Everybody reads this in the letter.")
    )


class Editions(SessionsOfEdition, PeopleOfEdition, Screen):
    """Editions (groepen): from draft to completed."""

    permission = Permission.EDITION_CHANGE

    @expose("/")
    def index(self) -> str:
        """The editions that still go on, or all."""
        everything = request.args.get("toon") == "alles"
        rows = queries.edition_list(reading(), states=() if everything else GOING)
        return str(self.render("editions/list.html", editions=rows, everything=everything, words=rules.EDITION_WORDS))

    @expose("/nieuw", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        """A draft edition of a published version."""
        form = NewEditionForm()
        form.course_version_id.choices = [
            (
                str(version.public_id),
                gettext("%(title)s, version %(number)s", title=version.course.title, number=version.version),
            )
            for version in courses.published_versions(reading())
        ]
        form.municipality_key.choices = municipality_choices()
        made: list[Edition] = []
        if form.validate_on_submit() and attempt(form, lambda: made.append(_create(form))):
            return redirect(self.get_url(".page", public_id=made[0].public_id))
        return self.form(form, _("New edition"), _("Make edition"), self.get_url(".index"), _("All editions"))

    @expose("/<uuid:public_id>/")
    def page(self, public_id: uuid.UUID) -> str:
        """One edition: lessons, people, trainers, and what can be done now."""
        edition = self.own(public_id)
        lessons = [
            (one.module.code, one.starts_at, one.ends_at)
            for one in edition.sessions
            if one.state != SessionState.cancelled
        ]
        modules = [(module.code, module.half_days) for module in edition.course_version.modules]
        return str(
            self.render(
                "editions/page.html",
                edition=edition,
                staff=queries.staff(reading(), edition.id, today()),
                warnings=[say(one.sentence) for one in rules.half_days_that_differ(modules, lessons)],
                groups=_by_group(edition.enrolments),
                taken=sum(one.state.value in rules.TAKES_A_PLACE for one in edition.enrolments),
                can=rules.EDITION_ALLOWED[edition.state],
                steps=rules.ENROLMENT_ALLOWED,
                edition_words=rules.EDITION_WORDS,
                session_words=rules.SESSION_WORDS,
                enrolment_words=rules.ENROLMENT_WORDS,
            )
        )

    @expose("/<uuid:public_id>/wijzigen", methods=("GET", "POST"))
    def change(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Title, place, places, enrolment period; extra places are offered to who waits."""
        edition = self.own(public_id)
        form = EditionForm(obj=edition, version=edition.row_version)
        form.municipality_key.choices = municipality_choices()
        if request.method == "GET":
            form.municipality_key.data = str(edition.municipality.public_id) if edition.municipality else NOBODY
        if form.validate_on_submit() and attempt(
            form, lambda: _change(form, public_id), saved=lambda: self.own(public_id)
        ):
            return self.to_page(public_id)
        return self.form(
            form, _("Change edition"), _("Save"), self.get_url(".page", public_id=public_id), edition.title
        )

    @expose("/<uuid:public_id>/openen", methods=("POST",))
    def open(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Let people apply."""
        act(
            lambda work: service.open_edition(work, edition_id=public_id),
            gettext("This edition is open for enrolment."),
        )
        return self.to_page(public_id)

    @expose("/<uuid:public_id>/starten", methods=("GET", "POST"))
    def start(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Begin, after showing who then takes part."""
        edition = self.own(public_id)
        if request.method == "POST":
            act(lambda work: service.start(work, edition_id=public_id), gettext("The edition has begun."))
            return self.to_page(public_id)
        people = [one for one in edition.enrolments if one.state == EnrolmentState.confirmed]
        what = [
            ngettext("%(num)s person takes part from now on.", "%(num)s people take part from now on.", len(people)),
            gettext("Who waits stays on the waiting list. You can still add somebody."),
        ]
        return self.confirm(
            gettext("Begin: %(title)s", title=edition.title), what, people, gettext("Begin the edition"), public_id
        )

    @expose("/<uuid:public_id>/afronden", methods=("GET", "POST"))
    def complete(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """End the training: tick who followed it."""
        edition = self.own(public_id)
        if request.method == "POST":
            completed = {key for key in map(whole_number, request.form.getlist("completed")) if key is not None}
            act(
                lambda work: service.complete(work, edition_id=public_id, completed=completed),
                gettext("The edition is completed."),
            )
            return self.to_page(public_id)
        people = [one for one in edition.enrolments if one.state.value in rules.TAKES_PART]
        known = facts(reading(), [one.id for one in people])
        rows = [(one, sum(fact.status in {"present", "partly", "made_up"} for fact in known[one.id])) for one in people]
        lessons = sum(one.state != SessionState.cancelled for one in edition.sessions)
        return str(self.render("editions/complete.html", edition=edition, rows=rows, lessons=lessons))

    @expose("/<uuid:public_id>/annuleren", methods=("GET", "POST"))
    def cancel(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Cancel everything, after showing what and for whom."""
        edition = self.own(public_id)
        form = ReasonForm()
        if form.validate_on_submit() and attempt(form, lambda: _cancel(form, public_id)):
            return self.to_page(public_id)
        people = [one for one in edition.enrolments if one.state.value in rules.WHEN_CANCELLED]
        lessons = sum(one.state == SessionState.planned for one in edition.sessions)
        what = [
            ngettext("%(num)s planned lesson is cancelled.", "%(num)s planned lessons are cancelled.", lessons),
            gettext("Every enrolment ends, without a judgement. The waiting list ends too."),
            gettext("Everybody below and every trainer gets a letter with your reason."),
        ]
        title = gettext("Cancel: %(title)s", title=edition.title)
        return self.confirm(title, what, people, gettext("Cancel the edition"), public_id, form=form)

    @expose("/<uuid:public_id>/archiveren", methods=("POST",))
    def archive(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Put a completed edition away."""
        act(lambda work: service.archive(work, edition_id=public_id), gettext("The edition is archived."))
        return self.to_page(public_id)

    def own(self, public_id: uuid.UUID) -> Edition:
        """The edition, when the reader may change it; else it does not exist."""
        edition = queries.edition_page(reading(), public_id)
        if not allows(Permission.EDITION_CHANGE, edition):
            abort(404)
        return edition

    def to_page(self, public_id: uuid.UUID) -> Response:
        """Back to the edition."""
        return redirect(self.get_url(".page", public_id=public_id))

    def form(self, form: Form, title: str, submit: str, back_url: str, back_label: str) -> ResponseReturnValue:
        """A form as a screen; what was refused comes back with status 422."""
        values = {"form": form, "title": title, "submit": submit, "back_url": back_url, "back_label": back_label}
        return self.render("admin/form_page.html", **values), 422 if form.errors else 200

    def confirm(
        self,
        title: str,
        what: list[str],
        people: list[Enrolment],
        submit: str,
        public_id: uuid.UUID,
        form: Form | None = None,
    ) -> ResponseReturnValue:
        """What will happen, for whom, and a way back."""
        page = self.render(
            "admin/confirm_page.html",
            title=title,
            what=what,
            whom=[one.person.call_name for one in people],
            submit=submit,
            form=form,
            back_url=self.get_url(".page", public_id=public_id),
            back_label=gettext("Back to the edition"),
        )
        return page, 422 if form is not None and form.errors else 200


def views() -> list[BaseView]:
    """The screens of this domain."""
    return [Editions(name=_("Editions"), endpoint="editions", url="/admin/edities")]


def municipality_choices() -> list[tuple[str, str]]:
    """Every municipality by name, after an empty choice."""
    found = [(str(one.public_id), one.name) for one in places.municipalities(reading())]
    return [(NOBODY, gettext("No municipality")), *found]


def key_of(text: str | None) -> uuid.UUID | None:
    """A chosen public id; None for the empty choice."""
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(404)


def _create(form: NewEditionForm) -> Edition:
    with begin() as work:
        return service.create_edition(
            work,
            course_version_id=uuid.UUID(form.course_version_id.data),
            code=form.code.data,
            title=form.title.data,
            capacity=form.capacity.data,
            municipality_id=key_of(form.municipality_key.data),
            enrol_from=form.enrol_from.data,
            enrol_until=form.enrol_until.data,
        )


def _change(form: EditionForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        schedule.change_edition(
            work,
            edition_id=public_id,
            title=form.title.data,
            capacity=form.capacity.data,
            municipality_id=key_of(form.municipality_key.data),
            enrol_from=form.enrol_from.data,
            enrol_until=form.enrol_until.data,
            version=form.seen_version,
        )


def _cancel(form: ReasonForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        schedule.cancel_edition(work, edition_id=public_id, reason=form.reason.data)


def _by_group(enrolments: list[Enrolment]) -> list[tuple[str, list[Enrolment]]]:
    """People as a coordinator looks at them: who asks, who waits in order, who takes part, who left."""
    taking = {"offered", "confirmed", "active", "paused", "completed"}
    groups = [
        (gettext("Applied: decide about these people"), {"applied"}),
        (gettext("Take part or have a place"), taking),
        (gettext("Waiting list, who waits longest first"), {"waitlisted"}),
        (gettext("Not any more"), set(rules.ENROLMENT_ALLOWED) - taking - {"applied", "waitlisted"}),
    ]
    ordered = sorted(enrolments, key=lambda one: (one.queued_at, one.id))
    return [(title, [one for one in ordered if one.state.value in states]) for title, states in groups]
