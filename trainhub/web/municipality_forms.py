"""The forms of `/gemeente`: looking for people, and asking for a meeting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainhub.core.i18n import Text, render
from trainhub.courses.models import Track
from trainhub.meetings.rules import MOST_PEOPLE
from trainhub.meetings.words import label
from trainhub.people.models import DayPart
from trainhub.programmes.models import Audience
from trainhub.web.choice_forms import LANGUAGES
from trainhub.web.forms import Form, locale_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainhub.places.models import Municipality, Neighbourhood
    from trainhub.programmes.models import Programme

# The address of a search never holds the word for a role (law 12).
ROLES = {"gl": Track.discussion_leader, "ed": Track.expert_by_experience}
DISTANCES = (5, 10, 25, 50)
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Where an officer may look or ask: a municipality of theirs, or one of its neighbourhoods."""

    municipality: Municipality
    neighbourhood: Neighbourhood | None

    @property
    def key(self) -> str:
        """Its value in a form: `w12` for a neighbourhood, `g3` for a whole municipality."""
        return f"w{self.neighbourhood.id}" if self.neighbourhood else f"g{self.municipality.id}"

    @property
    def name(self) -> str:
        """Its name as it is listed."""
        return self.neighbourhood.name if self.neighbourhood else self.municipality.name


class SearchForm(Form):
    """Whom a municipality looks for; everything stands in the address, so that it can be shared."""

    class Meta(Form.Meta):
        """A search changes nothing."""

        csrf = False

    wijk = SelectField(_("Neighbourhood"), validators=[InputRequired()])
    datum = DateField(_("Day"), validators=[InputRequired()])
    dagdeel = SelectField(_("Part of the day"), validators=[Optional()])
    rol = SelectField(_("Whom do you look for?"), validators=[InputRequired()])
    taal = SelectField(_("Language"), validators=[InputRequired()])
    afstand = SelectField(_("Within"), coerce=int, validators=[InputRequired()])

    def offer(self, places: Sequence[Place]) -> None:
        """Fill the lists."""
        self.wijk.choices = [
            SelectChoice(place.key, place.name if place.neighbourhood else _("All of %(name)s", name=place.name))
            for place in places
        ]
        self.dagdeel.choices = [SelectChoice("", _("Any part of the day")), *choices_of(DayPart)]
        self.rol.choices = [SelectChoice(code, words(label(role))) for code, role in ROLES.items()]
        self.taal.choices = list(LANGUAGES)
        self.afstand.choices = [SelectChoice(km, _("%(km)s kilometres", km=km)) for km in DISTANCES]


class RequestForm(Form):
    """What a municipality asks for."""

    neighbourhood_id = SelectField(_("In which neighbourhood?"), coerce=int, validators=[InputRequired()])
    programme_id = SelectField(_("For which programme?"), coerce=int, validators=[InputRequired()])
    audience = RadioField(
        _("For whom?"),
        validators=[InputRequired()],
        description=_("Every audience has a meeting of its own. People speak more freely then."),
    )
    wished_on = DateField(_("On which day, if it were up to you?"), validators=[InputRequired()])
    wished_part = RadioField(_("Which part of the day?"), validators=[InputRequired()])
    discussion_leaders = IntegerField(
        _("How many discussion leaders?"), validators=[InputRequired(), NumberRange(1, MOST_PEOPLE)], default=1
    )
    experts = IntegerField(
        _("How many experts by experience?"), validators=[InputRequired(), NumberRange(1, MOST_PEOPLE)], default=1
    )
    note = TextAreaField(
        _("What else should we know?"),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
        description=_("For example the room, or who is expected. No names of people, please."),
    )
    submission_key = HiddenField(validators=[InputRequired()])

    def offer(self, places: Sequence[Place], programmes: Sequence[Programme]) -> None:
        """Fill the lists."""
        self.neighbourhood_id.choices = [
            SelectChoice(place.neighbourhood.id, place.name) for place in places if place.neighbourhood
        ]
        self.programme_id.choices = [SelectChoice(programme.id, programme.name) for programme in programmes]
        self.audience.choices = choices_of(Audience)
        self.wished_part.choices = choices_of(DayPart)


def choices_of(kind: Any) -> list[SelectChoice]:
    """The members of an enumeration with their words, for a field."""
    return [SelectChoice(member.value, words(label(member))) for member in kind]


def words(text: Text) -> str:
    """A text of a domain in the reader's language; a form is filled per request."""
    return render(text, locale_code())
