"""The desk's screens of courses: the list, one version with its parts, publish and copy."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import abort, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin.acts import act, say
from admin.course_parts import PartsOfCourse
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.courses import queries, rules, service
from trainhub.courses.models import Course, Track
from trainhub.programmes import queries as programmes
from trainhub.web.forms import Form, VersionedForm, attempt, whole_number
from trainhub.web.per_request import allows, begin, reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_admin import BaseView
    from werkzeug.wrappers import Response

    from trainhub.courses.models import CourseVersion


class NewCourseForm(Form):
    """What a course begins with."""

    programme_id = SelectField(_("Programme"), validators=[InputRequired()])
    code = StringField(_("Code"), validators=[InputRequired(), Length(max=20)], description=_("Short, for example ED."))
    title = StringField(_("Title"), validators=[InputRequired(), Length(max=120)])
    track = SelectField(_("For which role"), validators=[InputRequired()])


class CourseForm(VersionedForm):
    """What of a course can be changed."""

    title = StringField(_("Title"), validators=[InputRequired(), Length(max=120)])


class Courses(PartsOfCourse, Screen):
    """Courses (trainingsopzetten) and their versions."""

    permission = Permission.COURSE_CHANGE

    @expose("/")
    def index(self) -> str:
        """Every course with its versions."""
        values = {"courses": queries.course_list(reading()), "states": rules.STATE_WORDS, "tracks": rules.TRACK_WORDS}
        return str(self.render("courses/list.html", **values))

    @expose("/nieuw", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        """A course with an empty draft."""
        form = NewCourseForm()
        form.programme_id.choices = [(str(one.public_id), one.name) for one in programmes.programme_list(reading())]
        form.track.choices = [(track.value, say(rules.TRACK_WORDS[track])) for track in Track]
        made: list[CourseVersion] = []
        if form.validate_on_submit() and attempt(form, lambda: made.append(_create(form))):
            return self.to_version(made[0].public_id)
        return self.form(
            form, gettext("New course"), gettext("Make course"), self.get_url(".index"), gettext("All courses")
        )

    @expose("/<uuid:public_id>/wijzigen", methods=("GET", "POST"))
    def change(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Another title; code and role stay."""
        course = _course(public_id)
        form = CourseForm(obj=course, version=course.row_version)
        if form.validate_on_submit() and attempt(
            form, lambda: _change(form, public_id), saved=lambda: _course(public_id)
        ):
            return redirect(self.get_url(".index"))
        return self.form(
            form, gettext("Change course"), gettext("Save"), self.get_url(".index"), gettext("All courses")
        )

    @expose("/versie/<uuid:public_id>/")
    def version(self, public_id: uuid.UUID) -> str:
        """One version: what is taught, what one must be able to do, what one must show."""
        version = self.own(public_id)
        requirements = [(one, say(rules.sentence(one.kind, one.params))) for one in version.requirements]
        return str(
            self.render(
                "courses/version.html",
                version=version,
                requirements=requirements,
                is_draft=version.state == "draft",
                states=rules.STATE_WORDS,
                tracks=rules.TRACK_WORDS,
                phases=rules.PHASE_WORDS,
                kinds=rules.KIND_WORDS,
            )
        )

    @expose("/versie/<uuid:public_id>/publiceren", methods=("GET", "POST"))
    def publish(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Freeze a draft, after showing what that means."""
        version = self.own(public_id)
        if request.method == "POST":
            seen = whole_number(request.form.get("version"))
            act(
                lambda work: service.publish(work, version_id=public_id, version=seen),
                gettext("This version is published."),
            )
            return self.to_version(public_id)
        what = [
            gettext("From now on editions can use this version."),
            gettext("Nothing in it can be changed any more. For a change you make the next version."),
            gettext("Editions that run an older version keep that one."),
        ]
        title = gettext("Publish version %(number)s", number=version.version)
        return self.confirm(title, what, gettext("Publish"), public_id, values={"version": version.row_version})

    @expose("/versie/<uuid:public_id>/kopie", methods=("POST",))
    def copy(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """The next version, as a draft with the same parts."""
        self.own(public_id)
        made: list[CourseVersion] = []
        said = gettext("This is the next version, as a draft. Change what you want, then publish it.")
        done = act(lambda work: made.append(service.copy(work, version_id=public_id)), said)
        return self.to_version(made[0].public_id if done else public_id)

    @expose("/versie/<uuid:public_id>/stoppen", methods=("GET", "POST"))
    def retire(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Let no new edition use a version."""
        version = self.own(public_id)
        if request.method == "POST":
            act(
                lambda work: service.retire(work, version_id=public_id), gettext("No new edition can use this version.")
            )
            return self.to_version(public_id)
        what = [gettext("No new edition can use this version."), gettext("Editions that run it keep it.")]
        title = gettext("Version %(number)s: no longer in use", number=version.version)
        return self.confirm(title, what, gettext("Retire"), public_id)

    def own(self, public_id: uuid.UUID) -> CourseVersion:
        """The version, when the reader may change its course; else it does not exist."""
        version = queries.version_page(reading(), public_id)
        return version if allows(Permission.COURSE_CHANGE, version) else abort(404)

    def to_version(self, public_id: uuid.UUID) -> Response:
        """Back to the version."""
        return redirect(self.get_url(".version", public_id=public_id))

    def form(self, form: Form, title: str, submit: str, back_url: str, back_label: str) -> ResponseReturnValue:
        """A form as a screen; what was refused comes back with status 422."""
        values = {"form": form, "title": title, "submit": submit, "back_url": back_url, "back_label": back_label}
        return self.render("admin/form_page.html", **values), 422 if form.errors else 200

    def confirm(
        self, title: str, what: list[str], submit: str, public_id: uuid.UUID, values: dict[str, object] | None = None
    ) -> str:
        """What will happen, and a way back."""
        return str(
            self.render(
                "admin/confirm_page.html",
                title=title,
                what=what,
                whom=(),
                submit=submit,
                form=None,
                values=values or {},
                back_url=self.get_url(".version", public_id=public_id),
                back_label=gettext("Back to the version"),
            )
        )


def views() -> list[BaseView]:
    """The screens of this domain."""
    return [Courses(name=_("Courses"), endpoint="courses", url="/admin/cursussen")]


def _course(public_id: uuid.UUID) -> Course:
    course = reading().scalar(select(Course).where(Course.public_id == public_id))
    return course if course is not None and allows(Permission.COURSE_CHANGE, course) else abort(404)


def _create(form: NewCourseForm) -> CourseVersion:
    with begin() as work:
        return service.create_course(
            work,
            programme_id=uuid.UUID(form.programme_id.data),
            code=form.code.data,
            title=form.title.data,
            track=Track(form.track.data),
        )


def _change(form: CourseForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        service.change_course(work, course_id=public_id, title=form.title.data, version=form.seen_version)
