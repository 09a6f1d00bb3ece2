"""The forms of the desk about requests and meetings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainhub.core.clock import AMSTERDAM
from trainhub.courses.models import Track
from trainhub.editions.rules import dutch_moment
from trainhub.meetings.rules import HOURS, MOST_PEOPLE
from trainhub.programmes.models import Audience
from trainhub.web.choice_forms import LANGUAGES
from trainhub.web.forms import Form, VersionedForm
from trainhub.web.municipality_forms import choices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainhub.meetings.models import Meeting, MeetingRequest
    from trainhub.places.models import Neighbourhood
    from trainhub.programmes.models import Programme


class WhenForm(VersionedForm):
    """When and where a meeting is, in Dutch wall time."""

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

    def when(self) -> dict[str, Any]:
        """The typed times as aware moments, and where. Raises `RuleBroken` for an hour that the clock skips or repeats."""
        return {
            "starts_at": dutch_moment(datetime.combine(self.day.data, self.starts_at.data), "starts_at"),
            "ends_at": dutch_moment(datetime.combine(self.day.data, self.ends_at.data), "ends_at"),
            "place": (self.place.data or "").strip() or None,
            "online_url": (self.online_url.data or "").strip() or None,
        }


class AcceptForm(WhenForm):
    """A yes to a request."""

    reserve = IntegerField(
        _("How many in reserve, per role?"), validators=[InputRequired(), NumberRange(0, MOST_PEOPLE)], default=0
    )

    @classmethod
    def for_request(cls, request: MeetingRequest) -> AcceptForm:
        """The form with the wished day and the usual hours of its part."""
        first, last = HOURS[request.wished_part]
        hours = {"starts_at": datetime(2000, 1, 1, first).time(), "ends_at": datetime(2000, 1, 1, last).time()}  # noqa: DTZ001 - only the hour is taken
        return cls(data={"day": request.wished_on, "version": request.row_version, "reserve": 0, **hours})


class MeetingForm(WhenForm):
    """A meeting without a request."""

    programme_id = SelectField(_("Programme"), coerce=int, validators=[InputRequired()])
    neighbourhood_id = SelectField(_("Neighbourhood"), coerce=int, validators=[InputRequired()])
    audience = SelectField(_("For whom?"), validators=[InputRequired()])
    discussion_leaders = IntegerField(
        _("How many discussion leaders?"), validators=[InputRequired(), NumberRange(1, MOST_PEOPLE)], default=1
    )
    experts = IntegerField(
        _("How many experts by experience?"), validators=[InputRequired(), NumberRange(1, MOST_PEOPLE)], default=1
    )

    def offer(self, programmes: Sequence[Programme], places: Sequence[Neighbourhood]) -> None:
        """Fill the lists."""
        self.programme_id.choices = [SelectChoice(one.id, one.name) for one in programmes]
        self.neighbourhood_id.choices = [SelectChoice(one.id, f"{one.municipality.name}: {one.name}") for one in places]
        self.audience.choices = choices_of(Audience)


class NeedForm(Form):
    """How many people of a role, in which language."""

    role = SelectField(_("Role"), validators=[InputRequired()])
    count = IntegerField(_("How many?"), validators=[InputRequired(), NumberRange(1, MOST_PEOPLE)], default=1)
    reserve = IntegerField(
        _("How many in reserve?"), validators=[InputRequired(), NumberRange(0, MOST_PEOPLE)], default=0
    )
    language = SelectField(_("Language"), validators=[InputRequired()], default="nl")

    def offer(self) -> None:
        """Fill the lists."""
        self.role.choices = choices_of(Track)
        self.language.choices = list(LANGUAGES)


class ReasonForm(VersionedForm):
    """Why."""

    reason = TextAreaField(
        _("Reason"), validators=[InputRequired(), Length(max=500)], description=_("Everybody reads this in the letter.")
    )


def when_of(meeting: Meeting) -> dict[str, Any]:
    """What the form of a move begins with."""
    start, end = meeting.starts_at.astimezone(AMSTERDAM), meeting.ends_at.astimezone(AMSTERDAM)
    return {
        "day": start.date(),
        "starts_at": start.time(),
        "ends_at": end.time(),
        "place": meeting.place,
        "online_url": meeting.online_url,
        "version": meeting.row_version,
    }
