"""The parts of a draft at the desk: modules, competences and requirements; each kind of requirement has its own few fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from admin.acts import act, say
from trainhub.courses import rules, service
from trainhub.courses.models import Competence, Module, Phase, Requirement, RequirementKind
from trainhub.web.forms import Form, attempt
from trainhub.web.per_request import begin, reading

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from trainhub.courses.models import CourseVersion

HOW_MANY = [InputRequired(), NumberRange(0, rules.MOST_TIMES)]


class ModuleForm(Form):
    """A module; its code is chosen once."""

    code = StringField(_("Code"), validators=[InputRequired(), Length(max=20)], description=_("Short, for example M1."))
    title = StringField(_("Title"), validators=[InputRequired(), Length(max=120)])
    half_days = IntegerField(_("Half-days"), validators=[InputRequired(), NumberRange(1, 20)], default=1)
    is_core = BooleanField(_("Core module"), default=True)


class CompetenceForm(Form):
    """A competence; its code is chosen once."""

    code = StringField(
        _("Code"), validators=[InputRequired(), Length(max=20)], description=_("Short, for example ED1.")
    )
    statement = TextAreaField(
        _("What somebody can do, in one plain sentence"), validators=[InputRequired(), Length(max=300)]
    )
    is_core = BooleanField(_("Core competence"), default=True)


class RequirementForm(Form):
    """A requirement; the fields that its kind does not ask are taken out."""

    percent = IntegerField(_("Percent of the lessons"), validators=[InputRequired(), NumberRange(1, 100)], default=80)
    which = SelectMultipleField(
        _("Which"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_("Tick nothing to ask for everything that is core."),
    )
    observe = IntegerField(_("How often joined"), validators=HOW_MANY, default=1)
    co_lead = IntegerField(_("How often led together"), validators=HOW_MANY, default=2)
    count = IntegerField(
        _("How many meetings"), validators=[InputRequired(), NumberRange(1, rules.MOST_TIMES)], default=3
    )
    half_days = IntegerField(_("Half-days"), validators=[InputRequired(), NumberRange(1, 20)], default=1)
    what = StringField(_("What is asked"), validators=[InputRequired(), Length(max=120)])
    phase = SelectField(_("For which certificate"), validators=[InputRequired()])
    group_no = IntegerField(
        _("Group"),
        validators=[InputRequired(), NumberRange(1, 9)],
        default=1,
        description=_("Somebody must show everything of one group. With more groups, one of them is enough."),
    )


ASKS: dict[str, tuple[str, ...]] = {
    "attendance_share": ("percent",),
    "modules_present": ("which",),
    "competences_signed": ("which",),
    "practice_meetings": ("observe", "co_lead"),
    "led_meetings": ("count",),
    "refresher": ("half_days",),
    "declaration": ("what",),
    "document_seen": ("what",),
    "manual": ("what",),
}
PARAMS = tuple(dict.fromkeys(name for names in ASKS.values() for name in names))


class PartsOfCourse:
    """The part of the screen of courses that is about what stands in a draft."""

    @expose("/versie/<uuid:public_id>/module", methods=("GET", "POST"))
    def add_module(self: Any, public_id: uuid.UUID) -> ResponseReturnValue:
        """A module at the end of a draft."""
        self.own(public_id)
        form = ModuleForm()

        def save() -> None:
            with begin() as work:
                service.add_module(work, version_id=public_id, **_values(form))

        if form.validate_on_submit() and attempt(form, save):
            return self.to_version(public_id)
        return _part_page(self, form, gettext("Add a module"), gettext("Add"), public_id)

    @expose("/module/<uuid:part_id>/", methods=("GET", "POST"))
    def change_module(self: Any, part_id: uuid.UUID) -> ResponseReturnValue:
        """Another title or length of a module of a draft."""
        module = _part(self, Module, part_id)
        form = ModuleForm(obj=module)
        del form.code
        page = module.course_version.public_id

        def save() -> None:
            with begin() as work:
                service.change_module(work, module_id=part_id, **_values(form))

        if form.validate_on_submit() and attempt(form, save):
            return self.to_version(page)
        return _part_page(self, form, gettext("Change module"), gettext("Save"), page)

    @expose("/versie/<uuid:public_id>/competentie", methods=("GET", "POST"))
    def add_competence(self: Any, public_id: uuid.UUID) -> ResponseReturnValue:
        """A competence at the end of a draft."""
        self.own(public_id)
        form = CompetenceForm()

        def save() -> None:
            with begin() as work:
                service.add_competence(work, version_id=public_id, **_values(form))

        if form.validate_on_submit() and attempt(form, save):
            return self.to_version(public_id)
        return _part_page(self, form, gettext("Add a competence"), gettext("Add"), public_id)

    @expose("/competentie/<uuid:part_id>/", methods=("GET", "POST"))
    def change_competence(self: Any, part_id: uuid.UUID) -> ResponseReturnValue:
        """Another sentence for a competence of a draft."""
        competence = _part(self, Competence, part_id)
        form = CompetenceForm(obj=competence)
        del form.code
        page = competence.course_version.public_id

        def save() -> None:
            with begin() as work:
                service.change_competence(work, competence_id=part_id, **_values(form))

        if form.validate_on_submit() and attempt(form, save):
            return self.to_version(page)
        return _part_page(self, form, gettext("Change competence"), gettext("Save"), page)

    @expose("/versie/<uuid:public_id>/eis/<kind>", methods=("GET", "POST"))
    def add_requirement(self: Any, public_id: uuid.UUID, kind: str) -> ResponseReturnValue:
        """A requirement of this kind; the form asks only what the kind needs."""
        version = self.own(public_id)
        form = _requirement_form(kind, version)

        def save() -> None:
            with begin() as work:
                service.add_requirement(
                    work,
                    version_id=public_id,
                    kind=RequirementKind(kind),
                    params=_params(form, kind),
                    phase=Phase(form.phase.data),
                    group_no=form.group_no.data,
                )

        if form.validate_on_submit() and attempt(form, save):
            return self.to_version(public_id)
        title = gettext("Add a requirement: %(kind)s", kind=say(rules.KIND_WORDS[kind]))
        return _part_page(self, form, title, gettext("Add"), public_id)

    @expose("/eis/<uuid:part_id>/", methods=("GET", "POST"))
    def change_requirement(self: Any, part_id: uuid.UUID) -> ResponseReturnValue:
        """How much a requirement of a draft asks; its phase and group stay."""
        requirement = _part(self, Requirement, part_id)
        version, kind = requirement.course_version, requirement.kind.value
        known = {
            **requirement.params,
            "which": [] if requirement.params.get("which") == rules.CORE else requirement.params.get("which"),
        }
        form = _requirement_form(kind, version, data=known)
        del form.phase, form.group_no
        page, kept = version.public_id, {k: v for k, v in requirement.params.items() if k not in PARAMS}

        def save() -> None:
            with begin() as work:
                service.change_requirement(work, requirement_id=part_id, params=kept | _params(form, kind))

        if form.validate_on_submit() and attempt(form, save):
            return self.to_version(page)
        title = gettext("Change requirement: %(kind)s", kind=say(rules.KIND_WORDS[kind]))
        return _part_page(self, form, title, gettext("Save"), page)

    @expose("/<kind>/<uuid:part_id>/verwijderen", methods=("POST",))
    def remove(self: Any, kind: str, part_id: uuid.UUID) -> ResponseReturnValue:
        """Take a part out of a draft."""
        model, verb, key = REMOVE.get(kind) or abort(404)
        page = _part(self, model, part_id).course_version.public_id
        act(lambda work: verb(work, **{key: part_id}), gettext("This part is taken out of the draft."))
        return self.to_version(page)


REMOVE: dict[str, tuple[Any, Any, str]] = {
    "module": (Module, service.remove_module, "module_id"),
    "competentie": (Competence, service.remove_competence, "competence_id"),
    "eis": (Requirement, service.remove_requirement, "requirement_id"),
}


def _part(screen: Any, model: Any, public_id: uuid.UUID) -> Any:
    """A module, competence or requirement of a version that the reader may change."""
    part = reading().scalar(select(model).where(model.public_id == public_id)) or abort(404)
    screen.own(part.course_version.public_id)
    return part


def _part_page(screen: Any, form: Form, title: str, submit: str, public_id: uuid.UUID) -> ResponseReturnValue:
    url = screen.get_url(".version", public_id=public_id)
    return screen.form(form, title, submit, url, gettext("Back to the version"))


def _values(form: Form) -> dict[str, Any]:
    return {field.short_name: field.data for field in form if field.short_name != "csrf_token"}


def _requirement_form(kind: str, version: CourseVersion, data: dict[str, Any] | None = None) -> RequirementForm:
    """The form with only the fields of this kind."""
    if kind not in ASKS:
        abort(404)
    form = RequirementForm(data=data) if data is not None else RequirementForm()
    for name in PARAMS:
        if name not in ASKS[kind]:
            delattr(form, name)
    if "which" in ASKS[kind]:
        parts: list[Any] = version.modules if kind == "modules_present" else version.competences
        words = "title" if kind == "modules_present" else "statement"
        form.which.choices = [(part.code, f"{part.code} · {getattr(part, words)}") for part in parts]
    form.phase.choices = [(phase.value, say(rules.PHASE_WORDS[phase])) for phase in Phase]
    if request.method == "GET" and data is None and kind in {"led_meetings", "refresher"}:
        form.phase.data = Phase.renewal.value
    return form


def _params(form: RequirementForm, kind: str) -> dict[str, Any]:
    params = {name: form[name].data for name in ASKS[kind]}
    if "which" in params:
        params["which"] = params["which"] or rules.CORE
    return params
