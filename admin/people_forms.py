"""The forms of the people screens."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import abort
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from admin.people_words import CHANNELS, ROLES
from trainhub.core.access import Role
from trainhub.editions.queries import edition_list
from trainhub.people.models import Channel
from trainhub.places.queries import municipalities, neighbourhoods_of
from trainhub.programmes.queries import programme_list
from trainhub.web.forms import Form, VersionedForm, row_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from trainhub.people.models import Person


class PersonForm(VersionedForm):
    """What is kept of a person. `homes` says in which municipality a neighbourhood lies."""

    homes: dict[int, int] = {}  # noqa: RUF012 - replaced per form, never changed

    call_name = StringField(_("First name"), validators=[InputRequired(), Length(max=120)])
    formal_name = StringField(
        _("Full name"), validators=[Length(max=120)], description=_("As it should stand on the certificate.")
    )
    email = StringField(_("E-mail address"), validators=[Length(max=254)])
    phone = StringField(_("Phone number"), validators=[Length(max=30)])
    channel = SelectField(
        _("Keeps in touch"),
        choices=[
            SelectChoice("", _("As it comes")),
            *(SelectChoice(key.value, word) for key, word in CHANNELS.items()),
        ],
    )
    locale = SelectField(_("Language"), choices=[SelectChoice("nl", "Nederlands"), SelectChoice("en", "English")])
    home_pc4 = StringField(
        _("Four digits of the postal code"),
        validators=[Length(max=7)],
        description=_("Never more: no street, no house."),
    )
    home_municipality_id = SelectField(_("Municipality"), coerce=row_id)
    home_neighbourhood_id = SelectField(
        _("Neighbourhood"), coerce=row_id, description=_("Save first after choosing another municipality.")
    )

    def given(self) -> dict[str, Any]:
        """What the verb wants; a neighbourhood of another municipality is let go."""
        names = ("call_name", "formal_name", "email", "phone", "locale", "home_pc4", "home_municipality_id")
        home = self.home_neighbourhood_id.data
        return {
            **{name: self[name].data for name in names},
            "channel": Channel(self.channel.data) if self.channel.data else None,
            "home_neighbourhood_id": home if self.homes.get(home) == self.home_municipality_id.data else None,
        }


class PauseForm(Form):
    """A break."""

    until = DateField(
        _("Up to and including"), validators=[Optional()], description=_("Leave empty when it is not known.")
    )


class RoleForm(Form):
    """A role, where, and from when until when."""

    role = SelectField(
        _("Role"), choices=[SelectChoice(key.value, word) for key, word in ROLES.items()], validators=[InputRequired()]
    )
    municipality_id = SelectField(_("Municipality (of an officer)"))
    edition_id = SelectField(_("Edition (of a trainer or assessor)"))
    programme_id = SelectField(_("Programme (of a coordinator)"), description=_("Leave empty for all programmes."))
    since = DateField(_("From"), validators=[InputRequired()])
    until = DateField(_("Up to and including"), validators=[Optional()])

    def given(self) -> dict[str, Any]:
        """What the verb wants."""
        places = {name: _key(self[name].data) for name in ("municipality_id", "edition_id", "programme_id")}
        return {"role": Role(self.role.data), "since": self.since.data, "until": self.until.data, **places}


class ImportForm(Form):
    """A file with people."""

    file = FileField(
        _("CSV file"),
        validators=[FileRequired(_("Choose a file."))],
        description=_(
            "UTF-8, with these columns: call_name, formal_name, email, phone, locale, channel, pc4, municipality."
        ),
    )
    now = BooleanField(
        _("Register everybody now"), description=_("Leave this off to see first what would happen with each row.")
    )


def offer_places(form: PersonForm, session: Session, person: Person | None) -> None:
    """Fill the lists of municipalities, and of neighbourhoods of the chosen one and of where the person lives."""
    nowhere = SelectChoice("", gettext("Not known"))
    chosen = {form.home_municipality_id.data, person.home_municipality_id if person else None} - {None}
    rows = [row for place in sorted(chosen) for row in neighbourhoods_of(session, place)]
    form.homes = {row.id: row.municipality_id for row in rows}
    form.home_municipality_id.choices = [nowhere, *(SelectChoice(row.id, row.name) for row in municipalities(session))]
    form.home_neighbourhood_id.choices = [nowhere, *(SelectChoice(row.id, row.name) for row in rows)]


def offer_scopes(form: RoleForm, session: Session) -> None:
    """Fill the lists of places in which a role can hold."""
    nothing = SelectChoice("", "–")
    for field, rows in (
        (form.municipality_id, [(row.public_id, row.name) for row in municipalities(session)]),
        (form.edition_id, [(row.public_id, row.title) for row in edition_list(session)]),
        (form.programme_id, [(row.public_id, row.name) for row in programme_list(session)]),
    ):
        field.choices = [nothing, *(SelectChoice(str(key), name) for key, name in rows)]


def _key(text: str | None) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(404)
