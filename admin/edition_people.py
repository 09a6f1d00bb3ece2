"""The people of an edition at the desk: add, place, offer, withdraw; trainers and assessors come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from admin.acts import act
from trainhub.accounts import service as accounts
from trainhub.accounts.models import RoleAssignment
from trainhub.core.access import Role
from trainhub.editions import enrolments, queries
from trainhub.editions.models import Edition, Enrolment
from trainhub.flows import enrol
from trainhub.people import queries as people
from trainhub.web.per_request import reading, today

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString

    from trainhub.core.work import Work

STEPS: dict[str, tuple[Callable[..., object], LazyString]] = {
    "plaatsen": (enrol.place, _("The application is decided. The letter is in the mail queue.")),
    "bevestigen": (enrol.confirm, _("The place is confirmed. The letter is in the mail queue.")),
    "aanbieden": (enrol.offer, _("The place is offered. The letter is in the mail queue.")),
    "pauze": (enrolments.pause, _("The break has begun. The place is kept.")),
    "hervatten": (enrolments.resume, _("This person takes part again.")),
}
ENDS: dict[str, tuple[Callable[..., object], LazyString, LazyString]] = {
    "stoppen": (
        enrol.withdraw,
        _("Take out of the edition"),
        _("This person has left. A freed place is offered to who waits."),
    ),
    "afwijzen": (enrol.reject, _("Do not place"), _("This person is not placed. The letter is in the mail queue.")),
    "doorschuiven": (enrol.defer, _("Move to a later edition"), _("This person goes to a later edition.")),
}
TEACHING = {"trainer": Role.trainer, "beoordelaar": Role.assessor}


class PeopleOfEdition:
    """The part of the screen of editions that is about people."""

    @expose("/<uuid:public_id>/deelnemer", methods=("GET", "POST"))
    def add_person(self: Any, public_id: uuid.UUID) -> ResponseReturnValue:
        """Find somebody and give a place, or the next number of the waiting list."""
        if request.method == "POST":
            person_id = _posted_key("person_id")
            act(
                lambda work: enrol.enrol(work, edition_id=public_id, person_id=person_id),
                gettext("This person is added. The letter is in the mail queue."),
            )
            return self.to_page(public_id)
        edition = self.own(public_id)
        taken = {one.person_id for one in edition.enrolments}
        return _find(self, edition, gettext("Add somebody"), gettext("Add"), lambda found: found.id not in taken)

    @expose("/<uuid:public_id>/begeleiding/<kind>", methods=("GET", "POST"))
    def add_staff(self: Any, public_id: uuid.UUID, kind: str) -> ResponseReturnValue:
        """Find somebody and make them a trainer or assessor of this edition, from today."""
        role = TEACHING.get(kind) or abort(404)
        edition = self.own(public_id)
        if request.method == "POST":
            person_id, edition_id = _posted_key("person_id"), edition.id

            def grant(work: Work) -> object:
                return accounts.grant_role(work, person_id=person_id, role=role, edition_id=edition_id)

            act(grant, gettext("The role is given, from today."))
            return self.to_page(public_id)
        held = {one.person_id for one in queries.staff(reading(), edition.id, today()) if one.role == role}
        title = gettext("Add a trainer") if role == Role.trainer else gettext("Add an assessor")
        return _find(self, edition, title, gettext("Give this role"), lambda found: found.id not in held)

    @expose("/begeleiding/<uuid:role_id>/einde", methods=("POST",))
    def end_staff(self: Any, role_id: uuid.UUID) -> ResponseReturnValue:
        """End a role in an edition; it still holds today."""
        edition_id = _edition_of_role(role_id)
        act(lambda work: accounts.end_role(work, role_id=role_id), gettext("The role ends today."))
        return self.to_page(edition_id)

    @expose("/deelname/<uuid:enrolment_id>/<step>", methods=("GET", "POST"))
    def step(self: Any, enrolment_id: uuid.UUID, step: str) -> ResponseReturnValue:
        """One step of somebody's enrolment; what ends it is confirmed first."""
        enrolment = _enrolment(enrolment_id)
        edition = self.own(enrolment.edition.public_id)
        verb, said = STEPS.get(step) or (ENDS[step][0], ENDS[step][2]) if step in STEPS | ENDS else abort(404)
        if request.method == "POST":
            page = edition.public_id
            act(lambda work: verb(work, enrolment_id=enrolment_id), str(said))
            return self.to_page(page)
        if step in STEPS:
            return self.to_page(edition.public_id)
        what = [
            gettext("This enrolment ends. It stays readable."),
            gettext("A freed place is offered to who waits longest."),
        ]
        return self.confirm(str(ENDS[step][1]), what, [enrolment], str(ENDS[step][1]), edition.public_id)


def _find(screen: Any, edition: Any, title: str, button: str, fits: Callable[[Any], bool]) -> str:
    words = request.args.get("q", "").strip()
    found = people.search(reading(), words) if words else None
    return str(
        screen.render(
            "editions/find_person.html",
            edition=edition,
            title=title,
            button=button,
            words=words,
            people=[one for one in found.rows if fits(one)] if found else None,
        )
    )


def _posted_key(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else abort(400)  # noqa: PLR2004 - fits an id


def _enrolment(public_id: uuid.UUID) -> Enrolment:
    return reading().scalar(select(Enrolment).where(Enrolment.public_id == public_id)) or abort(404)


def _edition_of_role(public_id: uuid.UUID) -> uuid.UUID:
    statement = (
        select(Edition.public_id)
        .join(RoleAssignment, RoleAssignment.edition_id == Edition.id)
        .where(RoleAssignment.public_id == public_id)
    )
    return reading().scalar(statement) or abort(404)
