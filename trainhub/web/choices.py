"""My choices: who may find me, when and how far I can come, a break, my data; each undone as easily as done.

The law of the place: a yes is read before it is given, and taken back with one press.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import logout_user

from trainhub.certification.queries import of_person
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _ as text
from trainhub.flows import withdraw
from trainhub.matching.facts import asked_on
from trainhub.matching.search import Card
from trainhub.matching.shortlist import band, explain
from trainhub.people import consents, queries, service
from trainhub.people.models import DayPart, Person, Purpose
from trainhub.places.queries import municipalities, neighbourhoods_of
from trainhub.web.access import signed_in
from trainhub.web.choice_forms import (
    AbsenceForm,
    DetailsForm,
    PauseForm,
    PreferenceForm,
    place_choices,
)
from trainhub.web.forms import attempt, locale_code, whole_number
from trainhub.web.per_request import begin, reading, today
from trainhub.web.trainee import me

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from trainhub.places.models import Municipality, Neighbourhood

bp = Blueprint("choices", __name__, url_prefix="/mijn")
FIRST = (Purpose.directory, Purpose.contact)
OTHER = (Purpose.photo, Purpose.research, Purpose.workshop_contact, Purpose.transfer)
PREVIEW_DAYS = 14


@bp.get("/keuzes")
@signed_in
def hub() -> str:
    """The three groups of choices."""
    return render_template("trainee/hub.html")


@bp.get("/toestemming")
@signed_in
def consent_list() -> str:
    """What I agreed to, with a stop beside each yes; the two about municipalities, or with `?meer` the others."""
    more = "meer" in request.args
    live: dict[Purpose, list[object]] = {}
    for consent in queries.live_consents(reading(), me(), today()):
        live.setdefault(consent.purpose, []).append(consent)
    names = {row.id: row for row in municipalities(reading())} if live.get(Purpose.directory) else {}
    return render_template(
        "trainee/consents.html", purposes=OTHER if more else FIRST, more=more, live=live, municipalities=names
    )


@bp.route(
    "/toestemming/<any(directory, contact, photo, research, workshop_contact, transfer):purpose>",
    methods=["GET", "POST"],
)
@signed_in
def consent(purpose: str) -> ResponseReturnValue:
    """The exact text of one question; yes is a press, for all municipalities or for one."""
    wanted, words = Purpose(purpose), consents.current(Purpose(purpose))
    if request.method == "POST":
        chosen = _municipality(request.form.get("municipality", ""))
        with begin() as work:
            service.give_consent(
                work,
                person_id=me(),
                purpose=wanted,
                municipality_id=chosen,
                locale=locale_code(),
            )
        flash(_("Thank you. Your yes is saved. You can stop on any day."), "success")
        return redirect(_list_of(wanted))
    return render_template(
        "trainee/consent.html",
        purpose=wanted,
        words=words.words(locale_code()),
        back_url=_list_of(wanted),
        places=municipalities(reading()) if wanted == Purpose.directory else (),
    )


@bp.post("/toestemming/<any(directory, contact, photo, research, workshop_contact, transfer):purpose>/stoppen")
@signed_in
def stop(purpose: str) -> ResponseReturnValue:
    """Take a yes back, for one municipality or for all; what rested on it ends in the same moment."""
    chosen = _municipality(request.form.get("municipality", ""))
    with begin() as work:
        withdraw.withdraw_consent(work, person_id=me(), purpose=Purpose(purpose), municipality_id=chosen)
    flash(_("Stopped. Your yes no longer holds, from this moment."), "success")
    return redirect(_list_of(Purpose(purpose)))


@bp.get("/zo-ziet-een-gemeente-jou")
@signed_in
def preview() -> str:
    """Exactly what a municipality finds of me a fortnight from now, or why it does not find me."""
    person = reading().get_one(Person, me())
    places = municipalities(reading())
    wanted = request.args.get("gemeente", "")
    chosen = next((row for row in places if str(row.public_id) == wanted), None) or next(
        (row for row in places if row.id == person.home_municipality_id), None
    )
    cards, reasons = _seen_by(chosen) if chosen else ([], [])
    return render_template("trainee/preview.html", places=places, chosen=chosen, cards=cards, reasons=reasons)


@bp.route("/beschikbaar", methods=["GET", "POST"])
@signed_in
def week() -> ResponseReturnValue:
    """In which parts of the week I can usually come."""
    if request.method == "POST":
        parts = [(int(day), DayPart(part)) for day, part in map(_split, request.form.getlist("parts")) if part]
        with begin() as work:
            service.set_availability(work, person_id=me(), parts=parts)
        flash(
            _("Saved. We ask you for these parts of the week only.") if parts else _("Saved. You can come always."),
            "success",
        )
        return redirect(url_for(".week"))
    return render_template("trainee/week.html", chosen=queries.parts_of(reading(), me()), parts=list(DayPart))


@bp.route("/voorkeuren", methods=["GET", "POST"])
@signed_in
def preferences() -> ResponseReturnValue:
    """How far, how often, with how much rest, in which languages."""
    known = queries.preference_of(reading(), me())
    form = PreferenceForm(obj=known)
    if request.method == "GET" and known is not None:
        form.version.data = str(known.row_version)
    if form.validate_on_submit() and attempt(
        form, lambda: _save(form), saved=lambda: queries.preference_of(reading(), me())
    ):
        flash(_("Saved."), "success")
        return redirect(url_for(".preferences"))
    return render_template("trainee/preferences.html", form=form), 422 if form.errors else 200


def _save(form: PreferenceForm) -> None:
    with begin() as work:
        service.set_preference(work, person_id=me(), version=form.seen_version, **form.given())


@bp.route("/vrij", methods=["GET", "POST"])
@signed_in
def absences() -> ResponseReturnValue:
    """Days on which I cannot come, and a break."""
    form = AbsenceForm()

    def add() -> None:
        with begin() as work:
            service.add_absence(work, person_id=me(), starts_on=form.starts_on.data, ends_on=form.ends_on.data)

    if form.validate_on_submit() and attempt(form, add):
        flash(_("Saved. We do not ask you on these days."), "success")
        return redirect(url_for(".absences"))
    return render_template(
        "trainee/absences.html",
        form=form,
        absences=queries.absences_from(reading(), me(), today()),
        person=reading().get_one(Person, me()),
    ), 422 if form.errors else 200


@bp.post("/vrij/<uuid:public_id>/weg")
@signed_in
def remove_absence(public_id: uuid.UUID) -> ResponseReturnValue:
    """I can come after all."""
    with begin() as work:
        service.remove_absence(work, absence_id=public_id)
    flash(_("Taken away. You can come on these days again."), "success")
    return redirect(url_for(".absences"))


@bp.route("/pauze", methods=["GET", "POST"])
@signed_in
def pause() -> ResponseReturnValue:
    """Take a break, until a day or until I say so."""
    form = PauseForm()

    def rest() -> None:
        with begin() as work:
            withdraw.pause(work, person_id=me(), until=form.until.data)

    if form.validate_on_submit() and attempt(form, rest):
        flash(_("You have a break. We ask you nothing new. Rest well."), "success")
        return redirect(url_for("trainee.home"))
    return render_template("trainee/pause.html", form=form), 422 if form.errors else 200


@bp.post("/pauze/klaar")
@signed_in
def resume() -> ResponseReturnValue:
    """Back from a break."""
    with begin() as work:
        service.resume(work, person_id=me())
    flash(_("Good that you are back."), "success")
    return redirect(url_for("trainee.home"))


@bp.route("/gegevens", methods=["GET", "POST"])
@signed_in
def details() -> ResponseReturnValue:
    """My name, phone, place and language."""
    person = reading().get_one(Person, me())
    form = DetailsForm(obj=person)
    place_choices(form, municipalities(reading()), _neighbourhoods(person, form))
    if request.method == "GET":
        form.version.data = str(person.row_version)

    def save() -> None:
        with begin() as work:
            service.change(work, person_id=me(), version=form.seen_version, **form.given())

    if form.validate_on_submit() and attempt(form, save, saved=lambda: reading().get_one(Person, me())):
        flash(_("Saved."), "success")
        return redirect(url_for(".details"))
    return render_template("trainee/details.html", form=form, email=person.email), 422 if form.errors else 200


@bp.route("/wissen", methods=["GET", "POST"])
@signed_in
def erase() -> ResponseReturnValue:
    """Remove my data for good."""
    if request.method == "POST":
        with begin() as work:
            withdraw.erase(work, person_id=me())
        logout_user()
        flash(_("Your data has been removed. Thank you for all you did."), "success")
        return redirect(url_for("public.home"))
    return render_template("trainee/erase.html")


def _neighbourhoods(person: Person, form: DetailsForm) -> list[Neighbourhood]:
    """Those of the municipality where I live and, while I change it, of the one that I choose."""
    chosen = {form.home_municipality_id.data, person.home_municipality_id} - {None}
    return [row for place in sorted(chosen) for row in neighbourhoods_of(reading(), place)]


def _split(value: str) -> tuple[str, str]:
    day, _dash, part = value.partition("-")
    return (day, part) if whole_number(day) is not None and part in set(DayPart) else ("0", "")


def _municipality(public_id: str) -> int | None:
    """The id of the municipality that a form names, None for all of them."""
    if not public_id:
        return None
    found = next((row for row in municipalities(reading()) if str(row.public_id) == public_id), None)
    if found is None:
        raise NotFound(text("This page or record does not exist, or it is not yours to see."), code="not_found")
    return found.id


def _list_of(purpose: Purpose) -> str:
    return url_for(".consent_list") if purpose in FIRST else url_for(".consent_list", meer=1)


def _seen_by(municipality: Municipality) -> tuple[list[Card], list[str]]:
    """The cards that a search of this municipality shows of me, by the rules of the search; or why there is none."""
    cards, reasons = [], []
    for held in of_person(reading(), me(), today()):
        asked = asked_on(
            role=held.certificate.scheme.track,
            on=today() + timedelta(days=PREVIEW_DAYS),
            part=None,
            today=today(),
            municipality=municipality,
        )
        facts, broken = explain(reading(), asked, me())
        if not broken:
            cards.append(Card(asked.role, band(facts.km or 0.0), facts.languages))
        reasons += [_reason(rule.code) for rule in broken]
    if not cards and not reasons:
        reasons = [_reason("certificate")]
    return cards, list(dict.fromkeys(reasons))


def _reason(code: str) -> str:
    """Why this municipality does not find me, said to myself."""
    words = {
        "consent": _("You have not said that this municipality may find you."),
        "role": _("You have no certificate yet."),
        "certificate": _("You have no certificate that holds on that day."),
        "pause": _("You are taking a break."),
        "distance": _("It is further away than you want to travel."),
        "language": _("You do not speak the language that is asked."),
    }
    return str(words.get(code) or _("You cannot come on that day."))
