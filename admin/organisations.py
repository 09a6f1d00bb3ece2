"""The desk's screen of organisations: partners, funders, municipalities' departments, with the names they had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask_admin.form import BaseForm
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from admin.service_view import ServiceView
from trainhub.core.access import Permission
from trainhub.organisations import service
from trainhub.organisations.models import Organisation, OrganisationKind
from trainhub.places.queries import municipalities
from trainhub.web.per_request import reading

if TYPE_CHECKING:
    from flask_admin import BaseView
    from wtforms import Form

    from trainhub.core.work import Work

KINDS = {
    OrganisationKind.owner: _("Owner of a programme"),
    OrganisationKind.municipality: _("Department of a municipality"),
    OrganisationKind.partner: _("Partner"),
    OrganisationKind.funder: _("Funder"),
}


class OrganisationForm(BaseForm):
    """What is kept of an organisation."""

    kind = SelectField(
        _("Kind"),
        choices=[SelectChoice(key.value, word) for key, word in KINDS.items()],
        coerce=lambda value: OrganisationKind(str(getattr(value, "value", value))),
        validators=[InputRequired()],
    )
    name = StringField(_("Name"), validators=[InputRequired(), Length(max=160)])
    former_names = TextAreaField(
        _("Former names"), description=_("One on each line. Who searches for one of them finds this organisation.")
    )
    municipality_id = SelectField(
        _("Municipality"), coerce=lambda value: int(value) if value else None, description=_("Only of a department.")
    )


class EditOrganisationForm(OrganisationForm):
    """The same, for one that exists."""

    version = HiddenField()


def add(work: Work, *, former_names: str | None, **values: Any) -> Organisation:
    """Add one, its former names as lines."""
    return service.add_organisation(work, former_names=(former_names or "").splitlines(), **values)


def change(work: Work, *, former_names: str | None, version: int | None = None, **values: Any) -> Organisation:
    """Change one, its former names as lines."""
    return service.change_organisation(work, former_names=(former_names or "").splitlines(), version=version, **values)


class Organisations(ServiceView):
    """Organisations by their present and former names."""

    permission_read = Permission.DASHBOARD_READ
    permission_change = Permission.ORGANISATION_CHANGE
    create_with = staticmethod(add)
    change_with = staticmethod(change)
    column_list = ("name", "kind", "former_names")
    column_details_list = ("name", "kind", "former_names")
    column_searchable_list = ("name", "former_names")
    column_default_sort = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("Name"),
        "kind": _("Kind"),
        "former_names": _("Former names"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "former_names": lambda _v, _c, row, _n: ", ".join(row.former_names),
        "kind": lambda _v, _c, row, _n: KINDS[row.kind],
    }
    column_formatters_detail = column_formatters

    def get_create_form(self) -> type[Form]:
        """Kind, name, former names, municipality."""
        return OrganisationForm

    def get_edit_form(self) -> type[Form]:
        """The same, with the version that was seen."""
        return EditOrganisationForm

    def create_form(self, obj: Any = None) -> Form:
        """The municipalities to choose from."""
        return _with_choices(super().create_form(obj))

    def edit_form(self, obj: Any = None) -> Form:
        """The municipalities to choose from, and former names as lines."""
        form = _with_choices(super().edit_form(obj))
        if not form.former_names.raw_data and obj is not None:
            form.former_names.data = "\n".join(obj.former_names)
        return form


def views() -> list[BaseView]:
    """The screens of this domain."""
    return [
        Organisations(
            Organisation,
            name=_("Organisations"),
            category=_("Places"),
            endpoint="organisations",
            url="/admin/organisaties",
        )
    ]


def _with_choices(form: Form) -> Form:
    rows = [SelectChoice(row.id, row.name) for row in municipalities(reading())]
    form.municipality_id.choices = [SelectChoice("", "–"), *rows]
    return form
