"""The desk's screens of programmes: the list, one programme with its matrix, partners and deliverables."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import abort, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from admin.acts import act, say
from admin.service_view import Screen
from trainhub.core.access import Permission
from trainhub.meetings.queries import held_per_cell
from trainhub.organisations import queries as organisations
from trainhub.places import queries as places
from trainhub.programmes import queries, rules, service
from trainhub.programmes.models import Audience, PartnerRole, Programme, ProgrammePartner
from trainhub.web.forms import Form, VersionedForm, attempt
from trainhub.web.per_request import allows, begin, reading

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_admin import BaseView
    from werkzeug.wrappers import Response

A_NUMBER = [InputRequired(), NumberRange(0, rules.MOST_MEETINGS_PER_CELL)]


class ProgrammeForm(VersionedForm):
    """What a programme says of itself."""

    name = StringField(_("Name"), validators=[InputRequired(), Length(max=120)])
    starts_on = DateField(_("First day"), validators=[InputRequired()])
    ends_on = DateField(_("Last day"), validators=[InputRequired()])
    aim = TextAreaField(_("Aim"), validators=[Optional(), Length(max=2000)])
    background = TextAreaField(_("Background"), validators=[Optional(), Length(max=5000)])
    region_key = SelectField(_("Region"), validators=[Optional()])
    earlier_key = SelectField(_("Continues the programme"), validators=[Optional()])


class NewProgrammeForm(ProgrammeForm):
    """The same, with the short name that stays."""

    slug = StringField(
        _("Short name"),
        validators=[InputRequired(), Length(max=60)],
        description=_("Small letters and dashes, for example welkome-wijk. It stays."),
    )


class PartnerForm(Form):
    """An organisation in a role, for a period."""

    organisation_key = SelectField(_("Organisation"), validators=[InputRequired()])
    role = SelectField(_("Role"), validators=[InputRequired()])
    since = DateField(_("Since"), validators=[Optional()])
    until = DateField(_("Until"), validators=[Optional()])


class EndForm(Form):
    """Until when."""

    until = DateField(_("Until"), validators=[InputRequired()])


class TargetForm(Form):
    """How many meetings one neighbourhood gets, per audience."""

    neighbourhood_key = SelectField(_("Neighbourhood"), validators=[InputRequired()])
    residents = IntegerField(_("For residents"), validators=A_NUMBER, default=1)
    professionals = IntegerField(_("For professionals"), validators=A_NUMBER, default=1)
    volunteers = IntegerField(_("For volunteers"), validators=A_NUMBER, default=1)


class DeliverableForm(Form):
    """Something to hand over."""

    title = StringField(_("What"), validators=[InputRequired(), Length(max=200)])
    due_on = DateField(_("Before"), validators=[Optional()])


class Programmes(Screen):
    """Programmes: what was promised, with whom, and how far we are."""

    permission = Permission.PROGRAMME_CHANGE

    @expose("/")
    def index(self) -> str:
        """All programmes, or those with a partner of that (former) name."""
        words = request.args.get("q", "").strip()
        return str(
            self.render("programmes/list.html", programmes=queries.programme_list(reading(), words), words=words)
        )

    @expose("/nieuw", methods=("GET", "POST"))
    def create(self) -> ResponseReturnValue:
        """A new programme."""
        form = NewProgrammeForm()
        _offer_choices(form)
        made: list[Programme] = []
        if form.validate_on_submit() and attempt(form, lambda: made.append(_create(form))):
            return self.to_page(made[0].public_id)
        back_url = self.get_url(".index")
        return self.form(form, gettext("New programme"), gettext("Make programme"), back_url, gettext("All programmes"))

    @expose("/<uuid:public_id>/")
    def page(self, public_id: uuid.UUID) -> str:
        """One programme: planned beside held, partners, what is to be handed over."""
        programme = self.own(public_id)
        matrix = queries.target_matrix(reading(), programme.id).with_held(held_per_cell(reading(), programme.id))
        values = {"audiences": rules.AUDIENCE_WORDS, "roles": rules.PARTNER_WORDS}
        return str(self.render("programmes/page.html", programme=programme, matrix=matrix, **values))

    @expose("/<uuid:public_id>/wijzigen", methods=("GET", "POST"))
    def change(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Name, runtime, aim, background, region."""
        programme = self.own(public_id)
        form = ProgrammeForm(obj=programme, version=programme.row_version)
        _offer_choices(form)
        if request.method == "GET":
            form.region_key.data = str(programme.region.public_id) if programme.region else ""
            form.earlier_key.data = str(programme.derived_from.public_id) if programme.derived_from else ""
        if form.validate_on_submit() and attempt(
            form, lambda: _change(form, public_id), saved=lambda: self.own(public_id)
        ):
            return self.to_page(public_id)
        return self.part(form, gettext("Change programme"), gettext("Save"), public_id)

    @expose("/<uuid:public_id>/partner", methods=("GET", "POST"))
    def add_partner(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """A partner, funder, owner or municipality."""
        self.own(public_id)
        form = PartnerForm()
        form.organisation_key.choices = [(str(one.public_id), one.name) for one in organisations.find(reading())]
        form.role.choices = [(role.value, say(rules.PARTNER_WORDS[role])) for role in PartnerRole]

        def save() -> None:
            with begin() as work:
                service.add_partner(
                    work,
                    programme_id=public_id,
                    organisation_id=uuid.UUID(form.organisation_key.data),
                    role=PartnerRole(form.role.data),
                    since=form.since.data,
                    until=form.until.data,
                )

        if form.validate_on_submit() and attempt(form, save):
            return self.to_page(public_id)
        return self.part(form, gettext("Add a partner"), gettext("Add"), public_id)

    @expose("/partner/<uuid:partner_id>/einde", methods=("GET", "POST"))
    def end_partner(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        """Until when a partner took part; it stays in the list."""
        partner = reading().scalar(select(ProgrammePartner).where(ProgrammePartner.public_id == partner_id)) or abort(
            404
        )
        page, name = self.own(partner.programme.public_id).public_id, partner.organisation.name
        form = EndForm(data={"until": partner.until})

        def save() -> None:
            with begin() as work:
                service.end_partner(work, partner_id=partner_id, until=form.until.data)

        if form.validate_on_submit() and attempt(form, save):
            return self.to_page(page)
        return self.part(form, gettext("Until when did %(name)s take part?", name=name), gettext("Save"), page)

    @expose("/<uuid:public_id>/doelen", methods=("GET", "POST"))
    def targets(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """How many meetings were promised for a neighbourhood; 0 takes a cell out."""
        programme = self.own(public_id)
        chosen = request.args.get("wijk", "")
        form = TargetForm(data=_planned(programme.id, chosen) if request.method == "GET" and chosen else None)
        form.neighbourhood_key.choices = [
            (str(one.id), f"{one.municipality.name}: {one.name}")
            for one in queries.places_to_choose(reading(), programme)
        ]

        def save() -> None:
            with begin() as work:
                for audience in Audience:
                    service.set_target(
                        work,
                        programme_id=public_id,
                        neighbourhood_id=int(form.neighbourhood_key.data),
                        audience=audience,
                        planned=form[audience.value].data,
                    )

        if form.validate_on_submit() and attempt(form, save):
            return self.to_page(public_id)
        return self.part(form, gettext("How many meetings per audience?"), gettext("Save"), public_id)

    @expose("/<uuid:public_id>/op-te-leveren", methods=("GET", "POST"))
    def add_deliverable(self, public_id: uuid.UUID) -> ResponseReturnValue:
        """Something that was promised."""
        self.own(public_id)
        form = DeliverableForm()

        def save() -> None:
            with begin() as work:
                service.add_deliverable(work, programme_id=public_id, title=form.title.data, due_on=form.due_on.data)

        if form.validate_on_submit() and attempt(form, save):
            return self.to_page(public_id)
        return self.part(form, gettext("Add something to hand over"), gettext("Add"), public_id)

    @expose("/<uuid:public_id>/op-te-leveren/<uuid:deliverable_id>/klaar", methods=("POST",))
    def finish_deliverable(self, public_id: uuid.UUID, deliverable_id: uuid.UUID) -> ResponseReturnValue:
        """It was handed over today."""
        act(lambda work: service.finish_deliverable(work, deliverable_id=deliverable_id), gettext("Handed over today."))
        return self.to_page(public_id)

    def own(self, public_id: uuid.UUID) -> Programme:
        """The programme, when the reader may change it; else it does not exist."""
        programme = queries.programme_page(reading(), public_id)
        return programme if allows(Permission.PROGRAMME_CHANGE, programme) else abort(404)

    def to_page(self, public_id: uuid.UUID) -> Response:
        """Back to the programme."""
        return redirect(self.get_url(".page", public_id=public_id))

    def part(self, form: Form, title: str, submit: str, public_id: uuid.UUID) -> ResponseReturnValue:
        """A form about one programme."""
        back_url = self.get_url(".page", public_id=public_id)
        return self.form(form, title, submit, back_url, gettext("Back to the programme"))

    def form(self, form: Form, title: str, submit: str, back_url: str, back_label: str) -> ResponseReturnValue:
        """A form as a screen; what was refused comes back with status 422."""
        values = {"form": form, "title": title, "submit": submit, "back_url": back_url, "back_label": back_label}
        return self.render("admin/form_page.html", **values), 422 if form.errors else 200


def views() -> list[BaseView]:
    """The screens of this domain."""
    return [Programmes(name=_("Programmes"), endpoint="programmes", url="/admin/programmas")]


def _offer_choices(form: ProgrammeForm) -> None:
    nothing = [("", gettext("None"))]
    form.region_key.choices = nothing + [(str(one.public_id), one.name) for one in places.regions(reading())]
    form.earlier_key.choices = nothing + [(str(one.public_id), one.name) for one in queries.programme_list(reading())]


def _said(form: ProgrammeForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "starts_on": form.starts_on.data,
        "ends_on": form.ends_on.data,
        "aim": form.aim.data or "",
        "background": form.background.data or "",
        "region_id": uuid.UUID(form.region_key.data) if form.region_key.data else None,
        "derived_from_id": uuid.UUID(form.earlier_key.data) if form.earlier_key.data else None,
    }


def _create(form: NewProgrammeForm) -> Programme:
    with begin() as work:
        return service.create_programme(work, slug=form.slug.data, **_said(form))


def _change(form: ProgrammeForm, public_id: uuid.UUID) -> None:
    with begin() as work:
        service.change_programme(work, programme_id=public_id, version=form.seen_version, **_said(form))


def _planned(programme_id: int, chosen: str) -> dict[str, Any]:
    """What is planned for the chosen neighbourhood, to begin the form with."""
    for row in queries.target_matrix(reading(), programme_id).rows:
        if str(row.neighbourhood_id) == chosen:
            return {"neighbourhood_key": chosen, **{cell.audience.value: cell.planned for cell in row.cells}}
    return {"neighbourhood_key": chosen}
