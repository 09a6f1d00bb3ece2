"""Pages of a municipality officer: find people, ask for a meeting, see who comes.

The law of the place: nothing of another municipality exists here (404), and nobody has a name before they said yes (law 8).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from trainhub.core.access import Permission
from trainhub.core.errors import NotAllowed, NotFound, RuleBroken
from trainhub.core.i18n import _
from trainhub.flows import request as flow
from trainhub.matching import search as matching
from trainhub.matching.facts import asked_on
from trainhub.meetings import queries, requests, rules
from trainhub.meetings.models import Assignment, AssignmentState, MeetingRequest, Part, RequestState
from trainhub.meetings.words import label
from trainhub.people.models import DayPart
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.programmes.models import Programme
from trainhub.web.access import needs
from trainhub.web.area_map import AreaMap, area_map
from trainhub.web.choice_forms import LANGUAGES
from trainhub.web.forms import attempt, locale_code, whole_number
from trainhub.web.municipality_forms import ROLES, Place, RequestForm, SearchForm
from trainhub.web.per_request import allows, begin, current_actor, now, reading, today

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from trainhub.core.access import Scoped
    from trainhub.matching.facts import Asked
    from trainhub.meetings.models import Need

bp = Blueprint("municipality", __name__, url_prefix="/gemeente")

USUAL_LEAD = timedelta(days=28)
COMES = (AssignmentState.confirmed, AssignmentState.done)


@bp.get("")
@needs(Permission.REQUEST_CREATE)
def home() -> str:
    """My requests and meetings, each with its state; who leads them once they said yes."""
    own = _own_ids()
    meetings = queries.meetings_of(reading(), own)
    return render_template(
        "municipality/home.html",
        municipalities=_municipalities(),
        requests=queries.requests_of(reading(), own),
        coming=sorted((row for row in meetings if row.meeting.ends_at > now()), key=lambda row: row.meeting.starts_at),
        past=[row for row in meetings if row.meeting.ends_at <= now()],
        leaders=queries.leaders_of(reading(), [row.meeting.id for row in meetings]),
        label=label,
    )


@bp.get("/zoeken")
@needs(Permission.FACILITATOR_FIND)
def find() -> ResponseReturnValue:
    """Who can be asked, by neighbourhood, day, role, language and distance: without names."""
    places = _places()
    asks = "rol" in request.args
    form = SearchForm(request.args if asks else None, **({} if asks else _usual(places)))
    form.offer(places)
    if not asks:
        _prefill(form, places)
    found = area = None
    if asks and form.validate():
        asked = _asked(form, places)
        page = whole_number(request.args.get("page")) or 1
        found = matching.find(reading(), asked, within_km=form.afstand.data, page=page)
        area = _area(asked, form.afstand.data)
    return render_template(
        "municipality/find.html",
        form=form,
        found=found,
        area=area,
        label=label,
        role=ROLES.get(form.rol.data),
        languages={one.value: one.label for one in LANGUAGES},
        ask=_ask_address(form),
    ), 422 if form.errors else 200


@bp.route("/aanvraag", methods=["GET", "POST"])
@needs(Permission.REQUEST_CREATE)
def ask() -> ResponseReturnValue:
    """Ask for a meeting; a search fills the form in."""
    places, form = _places(), RequestForm()
    form.offer(places, _programmes())
    if request.method == "GET":
        _fill(form, places)
    made: list[uuid.UUID] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_submit(form, places))):
        flash(gettext("Your request has been sent. You get a letter with the answer."), "success")
        return redirect(url_for(".request_page", public_id=made[0]))
    return render_template("municipality/ask.html", form=form), 422 if form.errors else 200


@bp.get("/aanvraag/<uuid:public_id>")
@needs(Permission.REQUEST_READ)
def request_page(public_id: uuid.UUID) -> str:
    """One request: what was asked, the answer, the meeting that came of it."""
    wish = _my_request(public_id)
    meeting = queries.meeting_of_request(reading(), wish.id)
    return render_template("municipality/request.html", wish=wish, meeting=meeting, label=label)


@bp.route("/aanvraag/<uuid:public_id>/intrekken", methods=["GET", "POST"])
@needs(Permission.REQUEST_CREATE)
def withdraw(public_id: uuid.UUID) -> ResponseReturnValue:
    """Take a request back, after one question."""
    wish = _my_request(public_id)
    back = url_for(".request_page", public_id=public_id)
    if wish.state != RequestState.submitted:
        return redirect(back)
    if request.method == "POST":
        with begin() as work:
            requests.withdraw(work, request_id=public_id)
        flash(gettext("Your request has been withdrawn."), "success")
        return redirect(back)
    return render_template("municipality/withdraw.html", wish=wish)


@bp.get("/bijeenkomst/<uuid:public_id>")
@needs(Permission.MEETING_READ)
def meeting_page(public_id: uuid.UUID) -> str:
    """One meeting: when, where, who leads it, who is still to be found."""
    meeting = queries.meeting_page(reading(), public_id)
    _reach(Permission.MEETING_READ, meeting)
    assert meeting is not None  # noqa: S101 - `_reach` refused None
    leaders = [one for one in meeting.assignments if one.part == Part.lead and one.state in COMES]
    return render_template(
        "municipality/meeting.html", meeting=meeting, leaders=leaders, open=_open(meeting.needs, leaders), label=label
    )


def _reach(permission: Permission, thing: Scoped | None) -> None:
    """Only what belongs to the own municipality exists."""
    if thing is None or not allows(permission, thing):
        raise NotFound(_("This page or record does not exist, or it is not yours to see."), code="not_found")


def _my_request(public_id: uuid.UUID) -> MeetingRequest:
    wish = queries.request_page(reading(), public_id)
    _reach(Permission.REQUEST_READ, wish)
    assert wish is not None  # noqa: S101 - `_reach` refused None
    return wish


def _own_ids() -> frozenset[int]:
    """The municipalities of this officer. Raises `NotAllowed` for who works for none."""
    own = current_actor().municipality_ids
    if not own:
        raise NotAllowed(_("This page is for people who work for a municipality."), code="not_allowed")
    return own


def _municipalities() -> Sequence[Municipality]:
    own = _own_ids()
    return reading().scalars(select(Municipality).where(Municipality.id.in_(own)).order_by(Municipality.name)).all()


def _places() -> list[Place]:
    """Where this officer may look: the neighbourhoods, then each whole municipality; one query."""
    own = _own_ids()
    rows = reading().execute(
        select(Municipality, Neighbourhood)
        .outerjoin(Neighbourhood, Neighbourhood.municipality_id == Municipality.id)
        .where(Municipality.id.in_(own))
        .order_by(Municipality.name, Neighbourhood.name)
    )
    places: list[Place] = []
    whole: dict[int, Place] = {}
    for municipality, neighbourhood in rows:
        if neighbourhood is not None:
            places.append(Place(municipality, neighbourhood))
        whole[municipality.id] = Place(municipality, None)
    return [*places, *whole.values()]


def _programmes() -> Sequence[Programme]:
    """The programmes that still run; one that has ended can hold no meeting any more."""
    going_on = select(Programme).where(Programme.ends_on >= today())
    return reading().scalars(going_on.order_by(Programme.ends_on.desc(), Programme.name)).all()


def _usual(places: Sequence[Place]) -> dict[str, object]:
    return {
        "wijk": places[0].key if places else "",
        "datum": today() + USUAL_LEAD,
        "dagdeel": "",
        "rol": "ed",
        "taal": "nl",
        "afstand": 25,
    }


def _prefill(form: SearchForm, places: Sequence[Place]) -> None:
    """An address may fill in a part of the form, such as a neighbourhood."""
    wijk = request.args.get("wijk")
    if wijk in {place.key for place in places}:
        form.wijk.data = wijk


def _asked(form: SearchForm, places: Sequence[Place]) -> Asked:
    place = next(one for one in places if one.key == form.wijk.data)
    return asked_on(
        role=ROLES[form.rol.data],
        on=form.datum.data,
        part=DayPart(form.dagdeel.data) if form.dagdeel.data else None,
        today=today(),
        municipality=place.municipality,
        neighbourhood=place.neighbourhood,
        language=form.taal.data,
    )


def _area(asked: Asked, within_km: int) -> AreaMap | None:
    municipality = reading().get(Municipality, asked.municipality_id)
    if municipality is None:
        return None
    return area_map(reading(), municipality, matching.nearby(reading(), asked, within_km=within_km), locale_code())


def _ask_address(form: SearchForm) -> str:
    """The address of the request form, filled in with what was looked for."""
    return url_for(
        ".ask", wijk=form.wijk.data or None, datum=form.datum.data or None, dagdeel=form.dagdeel.data or None
    )


def _fill(form: RequestForm, places: Sequence[Place]) -> None:
    """What the search said, and a key that makes a double click one request."""
    given = SearchForm(MultiDict(request.args))
    given.offer(places)
    form.submission_key.data = uuid.uuid4().hex
    form.wished_on.data = given.datum.data or today() + USUAL_LEAD
    if (given.wijk.data or "").startswith("w"):
        form.neighbourhood_id.data = whole_number(given.wijk.data[1:])
    if given.dagdeel.data in set(DayPart):
        form.wished_part.data = given.dagdeel.data


def _submit(form: RequestForm, places: Sequence[Place]) -> uuid.UUID:
    audience = rules.one_audience(request.form.getlist("audience"))
    place = next(
        (one for one in places if one.neighbourhood and one.neighbourhood.id == form.neighbourhood_id.data), None
    )
    if place is None:
        raise RuleBroken(_("Choose a neighbourhood of this municipality."), code="place", field="neighbourhood_id")
    municipality_id = place.municipality.id
    with begin() as work:
        return flow.submit(
            work,
            municipality_id=municipality_id,
            neighbourhood_id=form.neighbourhood_id.data,
            programme_id=form.programme_id.data,
            audience=audience,
            wished_on=form.wished_on.data,
            wished_part=DayPart(form.wished_part.data),
            discussion_leaders=form.discussion_leaders.data,
            experts=form.experts.data,
            note=form.note.data or "",
            submission_key=form.submission_key.data,
        ).public_id


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A role of which people are still to be found."""

    need: Need
    number: int


def _open(needs_of_meeting: Sequence[Need], leaders: Sequence[Assignment]) -> list[OpenPlace]:
    found = []
    for need in needs_of_meeting:
        number = need.count - sum(one.need_id == need.id for one in leaders)
        if number > 0:
            found.append(OpenPlace(need, number))
    return found
