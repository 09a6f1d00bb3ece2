"""The lessons of an edition at the desk: plan, move and cancel; agenda and letters follow in the same act."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from admin.acts import act
from trainhub.core.clock import AMSTERDAM
from trainhub.core.i18n import span
from trainhub.editions import queries, rules
from trainhub.editions.models import SessionState
from trainhub.flows import schedule
from trainhub.web.forms import VersionedForm, attempt, locale_code
from trainhub.web.per_request import begin, reading

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from trainhub.editions.models import Edition, TrainingSession


class LessonForm(VersionedForm):
    """A lesson about a module: when and where it is, in Dutch wall time."""

    module_id = SelectField(_("Module"), validators=[InputRequired()], coerce=int)
    day = DateField(_("Day"), validators=[InputRequired()])
    starts_at = TimeField(_("From"), validators=[InputRequired()])
    ends_at = TimeField(_("Until"), validators=[InputRequired()])
    place = StringField(
        _("Place"),
        validators=[Optional(), Length(max=200)],
        description=_("Name and address, for example Wijkcentrum De Brug, Brugstraat 1."),
    )
    online_url = StringField(
        _("Link for online"), validators=[Optional(), Length(max=500)], description=_("Begins with https://")
    )

    def times(self) -> dict[str, Any]:
        """The typed times as aware moments, and where. Raises `RuleBroken` for an hour that the clock skips or repeats."""
        return {
            "starts_at": rules.dutch_moment(datetime.combine(self.day.data, self.starts_at.data), "starts_at"),
            "ends_at": rules.dutch_moment(datetime.combine(self.day.data, self.ends_at.data), "ends_at"),
            "place": self.place.data,
            "online_url": self.online_url.data,
        }


class TimesForm(LessonForm):
    """Another time or place for a lesson that is planned; its module stays."""

    module_id = None


class SessionsOfEdition:
    """The part of the screen of editions that is about lessons."""

    @expose("/<uuid:public_id>/les", methods=("GET", "POST"))
    def add_lesson(self: Any, public_id: uuid.UUID) -> ResponseReturnValue:
        """Plan a lesson; the form comes back with the next module, so that a series is quick."""
        edition: Edition = self.own(public_id)
        form = LessonForm()
        form.module_id.choices = [(one.id, f"{one.code} · {one.title}") for one in edition.course_version.modules]
        if request.method == "GET":
            _propose(form, edition)
        if form.validate_on_submit() and attempt(form, lambda: _plan(form, public_id)):
            return self.to_page(public_id)
        url = self.get_url(".page", public_id=public_id)
        return self.form(form, gettext("Plan a lesson"), gettext("Plan the lesson"), url, edition.title)

    @expose("/les/<uuid:session_id>/verplaatsen", methods=("GET", "POST"))
    def move_lesson(self: Any, session_id: uuid.UUID) -> ResponseReturnValue:
        """Another time or place for a planned lesson."""
        lesson, edition = _lesson(self, session_id)
        start, end = (at.astimezone(AMSTERDAM) for at in (lesson.starts_at, lesson.ends_at))
        form = TimesForm(
            data={
                "day": start.date(),
                "starts_at": start.time(),
                "ends_at": end.time(),
                "place": lesson.place,
                "online_url": lesson.online_url,
                "version": lesson.row_version,
            }
        )
        if form.validate_on_submit() and attempt(form, lambda: _move(form, session_id)):
            return self.to_page(edition.public_id)
        url = self.get_url(".page", public_id=edition.public_id)
        title = gettext("Move: %(lesson)s", lesson=lesson.module.title)
        return self.form(form, title, gettext("Move the lesson and tell everybody"), url, edition.title)

    @expose("/les/<uuid:session_id>/annuleren", methods=("GET", "POST"))
    def cancel_lesson(self: Any, session_id: uuid.UUID) -> ResponseReturnValue:
        """Cancel a planned lesson, after showing who hears it."""
        lesson, edition = _lesson(self, session_id)
        if request.method == "POST":
            act(lambda work: schedule.cancel_session(work, session_id=session_id), gettext("The lesson is cancelled."))
            return self.to_page(edition.public_id)
        people = [one for one in edition.enrolments if one.state.value in rules.TAKES_A_PLACE]
        what = [
            gettext("The lesson of %(when)s is cancelled.", when=span(lesson.starts_at, lesson.ends_at, locale_code())),
            gettext("It stays in agendas as cancelled, and counts for nobody."),
            gettext("Everybody below and every trainer gets a letter."),
        ]
        title = gettext("Cancel: %(lesson)s", lesson=lesson.module.title)
        return self.confirm(title, what, people, gettext("Cancel the lesson"), edition.public_id)


def _lesson(screen: Any, session_id: uuid.UUID) -> tuple[TrainingSession, Edition]:
    lesson = queries.session_page(reading(), session_id)
    return lesson, screen.own(lesson.edition.public_id)


def _propose(form: LessonForm, edition: Edition) -> None:
    """The next module, a week after the last lesson, at the same hours and place."""
    lessons = [one for one in edition.sessions if one.state != SessionState.cancelled]
    planned = {one.module_id for one in lessons}
    rest = [module.id for module in edition.course_version.modules if module.id not in planned]
    if rest:
        form.module_id.data = rest[0]
    if lessons:
        last = lessons[-1]
        start, end = (at.astimezone(AMSTERDAM) for at in (last.starts_at, last.ends_at))
        form.day.data = start.date() + rules.A_WEEK
        form.starts_at.data, form.ends_at.data = start.time(), end.time()
        form.place.data, form.online_url.data = last.place, last.online_url


def _plan(form: LessonForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        schedule.plan_session(work, edition_id=public_id, module_id=form.module_id.data, **form.times())


def _move(form: TimesForm, session_id: uuid.UUID) -> None:
    with begin() as work:
        schedule.move_session(work, session_id=session_id, version=form.seen_version, **form.times())
