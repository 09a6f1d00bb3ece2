"""Screens of what stands behind a certificate: who may assess from when until when, and the rules of each certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin.service_view import Screen
from trainhub.accounts.queries import people_with_role
from trainhub.certification import queries, schemes
from trainhub.certification.models import Scheme, SchemeVersion
from trainhub.competence import queries as competence
from trainhub.competence import service as competence_service
from trainhub.competence.models import AssessorMandate
from trainhub.core.access import Permission, Role
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _ as mark
from trainhub.core.i18n import render
from trainhub.courses.models import CourseState, CourseVersion, Track
from trainhub.courses.queries import published_versions
from trainhub.courses.rules import STATE_WORDS, TRACK_WORDS
from trainhub.web.forms import Form, VersionedForm, attempt, locale_code
from trainhub.web.per_request import allows, begin, reading, today

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

LONGEST_TITLE = 120


class MandateForm(Form):
    """Who may assess which course, from when until when."""

    person_id = SelectField(
        _("Assessor"),
        coerce=int,
        validators=[InputRequired()],
        description=_("People who have the role of assessor stand in this list."),
    )
    course_version_id = SelectField(_("Course"), coerce=int, validators=[InputRequired()])
    valid_from = DateField(_("First day"), validators=[InputRequired()])
    valid_until = DateField(
        _("Last day"), validators=[Optional()], description=_("Leave this empty when it has no end.")
    )


class EndForm(Form):
    """The last day of a mandate."""

    last_day = DateField(_("Last day"), validators=[InputRequired()])


class SchemeForm(Form):
    """A certificate for a role."""

    track = SelectField(_("For which role"), validators=[InputRequired()])
    title = StringField(
        _("Title"),
        validators=[InputRequired(), Length(max=LONGEST_TITLE)],
        description=_("Stands in letters to the person. Choose words that tell nothing of anybody's life."),
    )


class VersionForm(VersionedForm):
    """How long a certificate holds and when its end comes near."""

    validity_months = IntegerField(
        _("Valid for how many months"), default=36, validators=[InputRequired(), NumberRange(1, schemes.MOST_MONTHS)]
    )
    expiring_days = IntegerField(
        _("Warn how many days before the end"),
        default=90,
        validators=[InputRequired(), NumberRange(0, schemes.MOST_DAYS)],
    )


class NewVersionForm(VersionForm):
    """The same, on the requirements of a course version."""

    course_version_id = SelectField(_("Course whose requirements count"), coerce=int, validators=[InputRequired()])


class MandatesScreen(Screen):
    """Mandates of assessors: dated, given and ended, never removed."""

    permission = Permission.MANDATE_GRANT

    @expose("/")
    def index(self) -> str:
        """Every mandate, the newest first."""
        rows = [row for row in competence.mandates(reading()) if allows(Permission.MANDATE_GRANT, row[1])]
        return str(self.render("certification/mandates.html", rows=rows))

    @expose("/nieuw", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """Give a mandate."""
        form = MandateForm()
        form.person_id.choices = [
            (one.id, one.full_name) for one in people_with_role(reading(), Role.assessor, on=today())
        ]
        form.course_version_id.choices = _courses()
        if not form.is_submitted():
            form.valid_from.data = today()
        if form.validate_on_submit() and attempt(form, lambda: _grant_mandate(form)):
            flash(gettext("The mandate is given."), "success")
            return redirect(url_for(".index"))
        words = {"title": gettext("Give a mandate"), "submit": gettext("Give the mandate")}
        page = self.render("certification/form.html", form=form, **words)
        return str(page), 422 if form.errors else 200

    @expose("/<uuid:key>/beeindigen", methods=("GET", "POST"))
    def end(self, key: uuid.UUID) -> ResponseReturnValue:
        """Let a mandate end; what was signed under it stands."""
        mandate = reading().scalar(select(AssessorMandate).where(AssessorMandate.public_id == key))
        if mandate is None:
            raise _unknown()
        name = mandate.person.full_name
        form = EndForm()
        if not form.is_submitted():
            form.last_day.data = today()
        if form.validate_on_submit() and attempt(form, lambda: _end_mandate(form, key)):
            flash(gettext("The mandate has a last day now."), "success")
            return redirect(url_for(".index"))
        return str(self.render("certification/end_mandate.html", form=form, name=name)), 422 if form.errors else 200


class SchemesScreen(Screen):
    """Certificates as rules: versions on a course, published once and frozen."""

    permission = Permission.SCHEME_CHANGE

    @expose("/")
    def index(self) -> str:
        """Every certificate with its versions."""
        page = self.render(
            "certification/schemes.html", schemes=queries.schemes(reading()), states=STATE_WORDS, tracks=TRACK_WORDS
        )
        return str(page)

    @expose("/nieuw", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """A certificate for a role that has none yet."""
        form = SchemeForm()
        form.track.choices = [(track.value, render(TRACK_WORDS[track.value], locale_code())) for track in Track]
        if form.validate_on_submit() and attempt(form, lambda: _create_scheme(form)):
            flash(gettext("The certificate is made. Now give it a version."), "success")
            return redirect(url_for(".index"))
        page = self.render(
            "certification/form.html", form=form, title=gettext("A new certificate"), submit=gettext("Save")
        )
        return str(page), 422 if form.errors else 200

    @expose("/<uuid:key>/versie", methods=("GET", "POST"))
    def new_version(self, key: uuid.UUID) -> ResponseReturnValue:
        """A draft version on a published course version."""
        if reading().scalar(select(Scheme.id).where(Scheme.public_id == key)) is None:
            abort(404)
        form = NewVersionForm()
        form.course_version_id.choices = _courses()
        if form.validate_on_submit() and attempt(form, lambda: _create_version(form, key)):
            flash(gettext("The version is saved as a draft."), "success")
            return redirect(url_for(".index"))
        page = self.render("certification/form.html", form=form, title=gettext("A new version"), submit=gettext("Save"))
        return str(page), 422 if form.errors else 200

    @expose("/versie/<uuid:key>", methods=("GET", "POST"))
    def version(self, key: uuid.UUID) -> ResponseReturnValue:
        """Change a draft; both versions are shown when somebody else was first."""
        found = self._version(key)
        form = VersionForm(obj=found)
        if not form.is_submitted():
            form.version.data = str(found.row_version)
        change: Any = lambda: _change_version(form, key)  # noqa: E731 - one act, named for the line below
        if form.validate_on_submit() and attempt(form, change, saved=lambda: self._version(key)):
            flash(gettext("Saved."), "success")
            return redirect(url_for(".index"))
        page = self.render(
            "certification/form.html", form=form, title=gettext("Change this version"), submit=gettext("Save")
        )
        return str(page), 422 if form.errors else 200

    @expose("/versie/<uuid:key>/publiceren", methods=("GET", "POST"))
    def publish(self, key: uuid.UUID) -> ResponseReturnValue:
        """Freeze a version after a look at what that means."""
        found, form = self._version(key), Form()
        if form.validate_on_submit() and attempt(form, lambda: _publish(key)):
            flash(gettext("The version is published and frozen."), "success")
            return redirect(url_for(".index"))
        course = _titled(found.course_version)
        page = str(self.render("certification/publish.html", form=form, course=course))
        return page, 422 if form.form_errors else 200

    def _version(self, key: uuid.UUID) -> SchemeVersion:
        found = reading().scalar(select(SchemeVersion).where(SchemeVersion.public_id == key))
        if found is None or found.state != CourseState.draft:
            raise _unknown()
        return found


def _courses() -> list[tuple[int, str]]:
    return [(one.id, _titled(one)) for one in published_versions(reading())]


def _titled(version: CourseVersion) -> str:
    number = gettext("version %(number)s", number=version.version)
    return f"{version.course.title}, {number}"


def _grant_mandate(form: MandateForm) -> None:
    with begin() as work:
        competence_service.grant_mandate(
            work,
            person_id=form.person_id.data,
            course_version_id=form.course_version_id.data,
            valid_from=form.valid_from.data,
            valid_until=form.valid_until.data,
        )


def _end_mandate(form: EndForm, key: uuid.UUID) -> None:
    with begin() as work:
        competence_service.end_mandate(work, mandate_id=key, last_day=form.last_day.data)


def _create_scheme(form: SchemeForm) -> None:
    with begin() as work:
        schemes.create_scheme(work, track=Track(form.track.data), title=form.title.data or "")


def _create_version(form: NewVersionForm, key: uuid.UUID) -> None:
    with begin() as work:
        schemes.create_version(
            work,
            scheme_id=key,
            course_version_id=form.course_version_id.data,
            validity_months=form.validity_months.data,
            expiring_days=form.expiring_days.data,
        )


def _change_version(form: VersionForm, key: uuid.UUID) -> None:
    with begin() as work:
        schemes.change_version(
            work,
            version_id=key,
            validity_months=form.validity_months.data,
            expiring_days=form.expiring_days.data,
            version=form.seen_version,
        )


def _publish(key: uuid.UUID) -> None:
    with begin() as work:
        schemes.publish_version(work, version_id=key)


def _unknown() -> NotFound:
    return NotFound(mark("This page or record does not exist, or it is not yours to see."), code="not_found")
