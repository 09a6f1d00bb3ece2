"""The forms of `/mijn`: preferences, absences, a break, my own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from trainhub.people.models import Channel, OwnNeighbourhood
from trainhub.people.rules import FARTHEST_KM, MOST_A_MONTH, MOST_REST_DAYS
from trainhub.web.forms import Form, VersionedForm, row_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainhub.places.models import Municipality, Neighbourhood

LANGUAGES = (
    SelectChoice("nl", _("Dutch")),
    SelectChoice("en", _("English")),
    SelectChoice("ar", _("Arabic")),
    SelectChoice("tr", _("Turkish")),
    SelectChoice("pl", _("Polish")),
    SelectChoice("ti", _("Tigrinya")),
    SelectChoice("uk", _("Ukrainian")),
)


class TickList(SelectMultipleField):
    """Several of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PreferenceForm(VersionedForm):
    """What suits me."""

    radius_km = IntegerField(
        _("How many kilometres do you want to travel at most?"),
        validators=[InputRequired(), NumberRange(1, FARTHEST_KM)],
        default=25,
        description=_("In a straight line. By road it is a little more."),
    )
    max_per_month = IntegerField(
        _("How many meetings a month at most?"), validators=[InputRequired(), NumberRange(0, MOST_A_MONTH)], default=4
    )
    rest_days = IntegerField(
        _("How many days of rest between two meetings?"),
        validators=[InputRequired(), NumberRange(0, MOST_REST_DAYS)],
        default=0,
    )
    own_neighbourhood = RadioField(
        _("Meetings in your own neighbourhood"),
        choices=[
            SelectChoice(OwnNeighbourhood.any.value, _("Makes no difference to me")),
            SelectChoice(OwnNeighbourhood.prefer.value, _("Gladly")),
            SelectChoice(OwnNeighbourhood.avoid.value, _("Rather not")),
        ],
        default=OwnNeighbourhood.any.value,
        validators=[InputRequired()],
    )
    languages = TickList(
        _("In which languages can you do a meeting?"), choices=LANGUAGES, default=["nl"], validators=[InputRequired()]
    )

    def given(self) -> dict[str, Any]:
        """What the verb wants."""
        return {
            "radius_km": self.radius_km.data,
            "max_per_month": self.max_per_month.data,
            "rest_days": self.rest_days.data,
            "own_neighbourhood": OwnNeighbourhood(self.own_neighbourhood.data),
            "languages": self.languages.data or [],
        }


class AbsenceForm(Form):
    """Days on which I cannot come."""

    starts_on = DateField(_("First day"), validators=[InputRequired()])
    ends_on = DateField(_("Last day"), validators=[Optional()], description=_("Leave empty for one day."))


class PauseForm(Form):
    """A break."""

    until = DateField(
        _("Until which day?"), validators=[Optional()], description=_("Leave empty when you do not know yet.")
    )


class DetailsForm(VersionedForm):
    """What is kept of me, as far as I change it myself. `homes` says in which municipality a neighbourhood lies."""

    homes: dict[int, int] = {}  # noqa: RUF012 - replaced per form, never changed

    call_name = StringField(_("First name"), validators=[InputRequired(), Length(max=120)])
    formal_name = StringField(
        _("Full name"), validators=[Length(max=120)], description=_("As it should stand on your certificate.")
    )
    phone = StringField(_("Phone number"), validators=[Length(max=30)])
    channel = RadioField(
        _("How do you want to hear from us?"),
        choices=[
            SelectChoice(Channel.email.value, _("By e-mail")),
            SelectChoice(Channel.phone.value, _("By phone")),
            SelectChoice(Channel.letter.value, _("By letter")),
        ],
        validators=[InputRequired()],
    )
    home_pc4 = StringField(
        _("The four digits of your postal code"),
        validators=[Length(max=7)],
        description=_("Only the digits. We do not need your street."),
    )
    home_municipality_id = SelectField(_("Municipality"), coerce=row_id)
    home_neighbourhood_id = SelectField(
        _("Neighbourhood"),
        coerce=row_id,
        description=_("Save first when you choose another municipality; then its neighbourhoods stand here."),
    )
    locale = RadioField(
        _("Language"),
        choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")],
        validators=[InputRequired()],
    )

    def given(self) -> dict[str, Any]:
        """What the verb wants; a neighbourhood of the former municipality is let go."""
        if self.homes.get(self.home_neighbourhood_id.data) != self.home_municipality_id.data:
            self.home_neighbourhood_id.data = None
        names = (
            "call_name",
            "formal_name",
            "phone",
            "home_pc4",
            "home_municipality_id",
            "home_neighbourhood_id",
            "locale",
        )
        return {**{name: self[name].data for name in names}, "channel": Channel(self.channel.data)}


def place_choices(
    form: DetailsForm, municipalities: Iterable[Municipality], neighbourhoods: Iterable[Neighbourhood]
) -> None:
    """Fill the two lists of places; somebody helped by a supporter keeps that channel."""
    rows = list(neighbourhoods)
    nowhere = SelectChoice("", _("Rather not say"))
    form.home_municipality_id.choices = [nowhere, *(SelectChoice(row.id, row.name) for row in municipalities)]
    form.home_neighbourhood_id.choices = [nowhere, *(SelectChoice(row.id, row.name) for row in rows)]
    form.homes = {row.id: row.municipality_id for row in rows}
    if form.channel.object_data == Channel.supporter:
        helped = SelectChoice(Channel.supporter.value, _("Through the person who helps me"))
        form.channel.choices = [*form.channel.choices, helped]
