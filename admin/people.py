"""The desk's screens of people: find somebody, see all about them, register, change, give roles, bring in a file."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.acts import act
from admin.people_forms import ImportForm, PauseForm, PersonForm, RoleForm, offer_places, offer_scopes
from admin.people_words import (
    CHANNELS,
    CONSENTS,
    DAYS,
    MESSAGE_TONES,
    OWN,
    PERSON_STATES,
    PERSON_TONES,
    ROLES,
    STANDINGS,
    WEEK,
)
from admin.service_view import Screen
from trainhub.accounts import service as accounts
from trainhub.accounts.queries import account_of
from trainhub.certification.queries import of_person
from trainhub.competence.queries import history
from trainhub.core.access import Permission, Role
from trainhub.core.i18n import render
from trainhub.editions import rules as edition_rules
from trainhub.editions.queries import enrolments_of_person, roles_of_person
from trainhub.flows import accounts as letting_in
from trainhub.flows import withdraw
from trainhub.meetings.queries import invitations_to, places_of
from trainhub.meetings.words import label
from trainhub.outbox.queries import messages_to
from trainhub.people import importing, queries, service
from trainhub.people.models import Person, PersonStatus
from trainhub.places.models import Municipality
from trainhub.places.queries import municipalities
from trainhub.web.access import needs
from trainhub.web.forms import attempt, locale_code
from trainhub.web.per_request import allows, begin, reading, today

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_admin import BaseView
    from werkzeug.wrappers import Response
    from wtforms import Form

    from trainhub.places.models import Neighbourhood

MOST_SHOWN = 200


class People(Screen):
    """People: who they are, what they did, what they agreed to, how to reach them."""

    permission = Permission.PERSON_LIST

    @expose("/")
    def index(self) -> str:
        """The list, by words, state and municipality."""
        words, state = request.args.get("q", "").strip(), request.args.get("status", "")
        place = _number(request.args.get("gemeente", ""))
        found = queries.search(
            reading(),
            words,
            _number(request.args.get("page", "")) or 1,
            status=PersonStatus(state) if state in set(PersonStatus) else None,
            municipality_id=place,
        )
        return self.draw(
            "list",
            found=found,
            words=words,
            state=state,
            place=place,
            places=municipalities(reading()),
            state_words=PERSON_STATES,
            tones=PERSON_TONES,
        )

    @expose("/<uuid:public_id>/")
    def page(self, public_id: uuid.UUID) -> str:
        """One person: who, roles, training, what was signed off, certificates, meetings."""
        person, municipality, neighbourhood = self.own(public_id)
        return self.draw(
            "page",
            person=person,
            municipality=municipality,
            neighbourhood=neighbourhood,
            account=account_of(reading(), person.id),
            roles=roles_of_person(reading(), person.id),
            enrolments=enrolments_of_person(reading(), person.id),
            signed=history(reading(), person.id),
            certificates=of_person(reading(), person.id, today()),
            places=places_of(reading(), person.id),
            today=today(),
            channels=CHANNELS,
            state_words=PERSON_STATES,
            tones=PERSON_TONES,
            role_words=ROLES,
            enrolment_words=edition_rules.ENROLMENT_WORDS,
            standings=STANDINGS,
            label=label,
        )

    @expose("/<uuid:public_id>/afspraken")
    def agreements(self, public_id: uuid.UUID) -> str:
        """One person: consents, when they can come, what was asked, letters."""
        person, _municipality, _neighbourhood = self.own(public_id)
        places = {row.id: row.name for row in municipalities(reading())}
        return self.draw(
            "agreements",
            person=person,
            preference=person.preference,
            parts=queries.parts_of(reading(), person.id),
            absences=queries.absences_from(reading(), person.id, today()),
            consents=queries.all_consents(reading(), person.id),
            consent_words=CONSENTS,
            municipalities=places,
            invitations=invitations_to(reading(), person.id),
            messages=messages_to(reading(), person.id),
            message_tones=MESSAGE_TONES,
            week=WEEK,
            days=DAYS,
            own=OWN,
            today=today(),
            label=label,
            state_words=PERSON_STATES,
            tones=PERSON_TONES,
        )

    @expose("/nieuw", methods=("GET", "POST"))
    @needs(Permission.PERSON_CREATE)
    def create(self) -> ResponseReturnValue:
        """Register somebody."""
        form = PersonForm()
        offer_places(form, reading(), None)
        made: list[Person] = []

        def register() -> None:
            with begin() as work:
                made.append(service.register(work, **form.given()))

        if form.validate_on_submit() and attempt(form, register):
            flash(gettext("%(name)s has been registered.", name=made[0].call_name), "success")
            return redirect(self.get_url(".page", public_id=made[0].public_id))
        return self.form(form, _("New person"), _("Register"), self.get_url(".index"), _("All people"))

    @expose("/<uuid:public_id>/wijzigen", methods=("GET", "POST"))
    @needs(Permission.PERSON_CHANGE)
    def change(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Change what is kept of somebody."""
        person = self.own(public_id)[0]
        form = PersonForm(obj=person, version=person.row_version)
        offer_places(form, reading(), person)
        name, back = person.call_name, self.get_url(".page", public_id=public_id)

        def save() -> None:
            with begin() as work:
                service.change(work, person_id=public_id, version=form.seen_version, **form.given())

        if form.validate_on_submit() and attempt(form, save, saved=lambda: self.own(public_id)[0]):
            flash(gettext("Saved."), "success")
            return redirect(back)
        return self.form(form, _("Change data"), _("Save"), back, name)

    @expose("/<uuid:public_id>/pauze", methods=("GET", "POST"))
    @needs(Permission.PERSON_CHANGE)
    def pause(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Give somebody a break."""
        person = self.own(public_id)[0]
        form = PauseForm()
        name, back = person.call_name, self.get_url(".page", public_id=public_id)

        def rest() -> None:
            with begin() as work:
                withdraw.pause(work, person_id=public_id, until=form.until.data)

        if form.validate_on_submit() and attempt(form, rest):
            flash(gettext("The break has begun. Nothing new is asked."), "success")
            return redirect(back)
        return self.form(form, _("Break"), _("Begin the break"), back, name)

    @expose("/<uuid:public_id>/hervatten", methods=("POST",))
    @needs(Permission.PERSON_CHANGE)
    def resume(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Back from a break, or from the archive."""
        act(lambda work: service.resume(work, person_id=public_id), gettext("Takes part again."))
        return self.to_page(public_id)

    @expose("/<uuid:public_id>/account", methods=("POST",))
    @needs(Permission.PERSON_CREATE)
    def let_in(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Open an account and mail the first link."""
        act(
            lambda work: letting_in.let_in(work, person_id=public_id),
            gettext("The account is open. A letter with a link to sign in is on its way."),
        )
        return self.to_page(public_id)

    @expose("/<uuid:public_id>/rol", methods=("GET", "POST"))
    @needs(Permission.ROLE_GRANT)
    def grant(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Give somebody a role from a day."""
        person = self.own(public_id)[0]
        form = RoleForm(since=today())
        offer_scopes(form, reading())
        name, back = person.call_name, self.get_url(".page", public_id=public_id)

        def give() -> None:
            with begin() as work:
                accounts.grant_role(work, person_id=public_id, **form.given())

        if form.validate_on_submit() and attempt(form, give):
            flash(gettext("The role has been given."), "success")
            return redirect(back)
        return self.form(form, _("Give a role"), _("Give this role"), back, name)

    @expose("/<uuid:public_id>/rol/<uuid:role_id>/beeindigen", methods=("GET", "POST"))
    @needs(Permission.ROLE_GRANT)
    def end_role(self, public_id: uuid.UUID, role_id: uuid.UUID) -> ResponseReturnValue:
        """End a role after today."""
        person = self.own(public_id)[0]
        role = next(
            (row for row in roles_of_person(reading(), person.id) if row.assignment.public_id == role_id), None
        ) or abort(404)
        if request.method == "POST":
            act(lambda work: accounts.end_role(work, role_id=role_id), gettext("The role ends after today."))
            return self.to_page(public_id)
        what = [gettext("%(role)s ends after today.", role=ROLES[Role(role.assignment.role)])]
        return self.confirm(gettext("End this role?"), what, person, gettext("End the role"))

    @expose("/<uuid:public_id>/wissen", methods=("GET", "POST"))
    @needs(Permission.PERSON_CHANGE)
    def erase(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Erase a person, after showing what goes."""
        person = self.own(public_id)[0]
        if request.method == "POST":
            act(lambda work: withdraw.erase(work, person_id=public_id), gettext("The data has been erased."))
            return self.to_page(public_id)
        what = [
            gettext("Name, e-mail, phone number and place go for good. This cannot be undone."),
            gettext("Coming meetings, questions and enrolments end; the waiting list moves up."),
            gettext("Permissions, account and calendar link stop. Letters are emptied."),
            gettext("Certificates and attendance stay, without a name. Give the certificate to the person first."),
        ]
        return self.confirm(gettext("Erase this person?"), what, person, gettext("Erase for good"))

    @expose("/inlezen", methods=("GET", "POST"))
    @needs(Permission.PERSON_IMPORT)
    def bring_in(self) -> ResponseReturnValue:
        """People from a CSV file: first what would happen, then all of it or nothing."""
        form = ImportForm()
        plans: list[importing.Plan] = []
        if form.validate_on_submit() and attempt(form, lambda: plans.append(self.read_file(form))) and form.now.data:
            made = plans[0].counts[importing.Outcome.create]
            flash(gettext("%(count)s people have been registered.", count=made), "success")
            return redirect(self.get_url(".index"))
        page = self.draw("import", form=form, plan=plans[0] if plans else None, most=MOST_SHOWN, render=_said)
        return page, 422 if form.errors else 200

    def read_file(self, form: ImportForm) -> importing.Plan:
        """The plan of an uploaded file; carried out when that was asked and nothing is refused."""
        content = form.file.data.read()
        if not form.now.data:
            return importing.plan(reading(), content)
        with begin() as work:
            return importing.import_people(work, content=content)

    def own(self, public_id: uuid.UUID) -> tuple[Person, Municipality | None, Neighbourhood | None]:
        """The person with their place, when the reader may see them; else they do not exist."""
        found = queries.person_at_home(reading(), public_id)
        if found is None or not allows(Permission.PERSON_READ, found[0]):
            abort(404)
        return found

    def draw(self, name: str, **values: Any) -> str:
        """One of this domain's templates."""
        return str(self.render(f"people/{name}.html", **values))

    def to_page(self, public_id: uuid.UUID) -> Response:
        """Back to the person."""
        return redirect(self.get_url(".page", public_id=public_id))

    def form(self, form: Form, title: str, submit: str, back_url: str, back_label: str) -> ResponseReturnValue:
        """A form as a screen; what was refused comes back with status 422."""
        values = {"form": form, "title": title, "submit": submit, "back_url": back_url, "back_label": back_label}
        return self.render("admin/form_page.html", **values), 422 if form.errors else 200

    def confirm(self, title: str, what: list[str], person: Person, submit: str) -> ResponseReturnValue:
        """What will happen, to whom, and a way back."""
        page = self.render(
            "admin/confirm_page.html",
            title=title,
            what=what,
            whom=[person.full_name],
            submit=submit,
            form=None,
            values={},
            back_url=self.get_url(".page", public_id=person.public_id),
            back_label=person.call_name,
        )
        return str(page)


def views() -> list[BaseView]:
    """The screens of this domain."""
    return [People(name=_("People"), endpoint="people", url="/admin/mensen")]


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None  # noqa: PLR2004 - fits an id


def _said(text: Any) -> str:
    return render(text, locale_code())
