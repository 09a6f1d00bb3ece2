"""The desk's screens of places: municipalities, neighbourhoods, regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask_admin.form import BaseForm
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FloatField, HiddenField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from admin.service_view import ServiceView
from trainhub.core.access import Permission
from trainhub.places import service
from trainhub.places.models import Municipality, Neighbourhood, Region
from trainhub.places.queries import municipalities
from trainhub.web.per_request import reading

if TYPE_CHECKING:
    from flask_admin import BaseView
    from wtforms import Form

GROUP = _("Places")


class RenameForm(BaseForm):
    """The present name; the old one stays findable."""

    name = StringField(
        _("Name"), validators=[InputRequired(), Length(max=120)], description=_("The old name stays findable.")
    )
    version = HiddenField()


class NewNeighbourhoodForm(BaseForm):
    """A neighbourhood of a municipality."""

    municipality_id = SelectField(
        _("Municipality"), coerce=lambda value: int(value) if value else None, validators=[InputRequired()]
    )
    name = StringField(_("Name"), validators=[InputRequired(), Length(max=120)])
    code = StringField(_("CBS code"), validators=[Length(max=10)], description=_("For example WK079601 or BU07960101."))
    lat = FloatField(
        _("Latitude"), validators=[Optional()], description=_("For example 51.69978. About the middle is enough.")
    )
    lon = FloatField(_("Longitude"), validators=[Optional()], description=_("For example 5.26032."))


class NeighbourhoodForm(BaseForm):
    """What of a neighbourhood can be changed."""

    name, code = NewNeighbourhoodForm.name, NewNeighbourhoodForm.code
    lat, lon = NewNeighbourhoodForm.lat, NewNeighbourhoodForm.lon
    version = HiddenField()


class RegionForm(BaseForm):
    """A name and the municipalities it holds."""

    name = StringField(_("Name"), validators=[InputRequired(), Length(max=120)])
    municipality_ids = SelectMultipleField(
        _("Municipalities"), coerce=int, description=_("Hold Ctrl to choose several.")
    )


class EditRegionForm(RegionForm):
    """The same, for a region that exists."""

    version = HiddenField()


class Municipalities(ServiceView):
    """The municipalities as the law names them; only the name changes."""

    permission_read = Permission.DASHBOARD_READ
    permission_change = Permission.PLACE_CHANGE
    change_with = staticmethod(service.rename_municipality)
    column_list = ("name", "gm_code", "province", "former_names")
    column_details_list = ("name", "gm_code", "province", "former_names", "lat", "lon", "valid_from", "valid_until")
    column_searchable_list = ("name", "gm_code", "former_names")
    column_default_sort = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("Name"),
        "gm_code": _("CBS code"),
        "province": _("Province"),
        "former_names": _("Former names"),
        "lat": _("Latitude"),
        "lon": _("Longitude"),
        "valid_from": _("Exists since"),
        "valid_until": _("Existed until"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {"former_names": lambda _v, _c, row, _n: ", ".join(row.former_names)}
    column_formatters_detail = column_formatters

    def get_edit_form(self) -> type[Form]:
        """Only the name."""
        return RenameForm


class Neighbourhoods(ServiceView):
    """Neighbourhoods (wijken en buurten), each inside one municipality."""

    permission_read = Permission.DASHBOARD_READ
    permission_change = Permission.PLACE_CHANGE
    create_with = staticmethod(service.add_neighbourhood)
    change_with = staticmethod(service.change_neighbourhood)
    column_list = ("name", "municipality.name", "code")
    column_details_list = ("name", "municipality.name", "code", "lat", "lon")
    column_searchable_list = ("name", "code", "municipality.name")
    column_default_sort = "name"
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("Name"),
        "municipality.name": _("Municipality"),
        "code": _("CBS code"),
        "lat": _("Latitude"),
        "lon": _("Longitude"),
    }

    def get_create_form(self) -> type[Form]:
        """With its municipality."""
        return NewNeighbourhoodForm

    def get_edit_form(self) -> type[Form]:
        """It stays in its municipality."""
        return NeighbourhoodForm

    def create_form(self, obj: Any = None) -> Form:
        """The municipalities to choose from."""
        form = super().create_form(obj)
        choose = SelectChoice("", gettext("Choose a municipality"))
        form.municipality_id.choices = [choose, *_municipality_choices()]
        return form


class Regions(ServiceView):
    """Regions: named sets of municipalities."""

    permission_read = Permission.DASHBOARD_READ
    permission_change = Permission.PLACE_CHANGE
    create_with = staticmethod(service.add_region)
    change_with = staticmethod(service.change_region)
    column_list = ("name", "municipalities")
    column_details_list = ("name", "municipalities")
    column_searchable_list = ("name",)
    column_default_sort = "name"
    column_labels: ClassVar[dict[str, Any]] = {"name": _("Name"), "municipalities": _("Municipalities")}
    column_formatters: ClassVar[dict[str, Any]] = {
        "municipalities": lambda _v, _c, row, _n: ", ".join(one.name for one in row.municipalities)
    }
    column_formatters_detail = column_formatters

    def get_create_form(self) -> type[Form]:
        """A name and its municipalities."""
        return RegionForm

    def get_edit_form(self) -> type[Form]:
        """The same, with the version that was seen."""
        return EditRegionForm

    def create_form(self, obj: Any = None) -> Form:
        """The municipalities to choose from."""
        form = super().create_form(obj)
        form.municipality_ids.choices = _municipality_choices()
        return form

    def edit_form(self, obj: Any = None) -> Form:
        """The municipalities to choose from, those of the region chosen."""
        form = super().edit_form(obj)
        form.municipality_ids.choices = _municipality_choices()
        if not form.municipality_ids.raw_data and obj is not None:
            form.municipality_ids.data = [row.id for row in obj.municipalities]
        return form


def views() -> list[BaseView]:
    """The screens of this domain, in the order of the menu."""
    return [
        Municipalities(
            Municipality, name=_("Municipalities"), category=GROUP, endpoint="municipalities", url="/admin/gemeenten"
        ),
        Neighbourhoods(
            Neighbourhood, name=_("Neighbourhoods"), category=GROUP, endpoint="neighbourhoods", url="/admin/wijken"
        ),
        Regions(Region, name=_("Regions"), category=GROUP, endpoint="regions", url="/admin/regios"),
    ]


def _municipality_choices() -> list[SelectChoice]:
    return [SelectChoice(row.id, row.name) for row in municipalities(reading())]
