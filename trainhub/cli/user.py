"""`trainhub user`: let somebody in from the command line, for example the first coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import click
from sqlalchemy import select

from trainhub.accounts import passwords, service
from trainhub.cli.options import database_option, opened, settings_from
from trainhub.core.access import SYSTEM, Role
from trainhub.core.errors import NotFound
from trainhub.core.i18n import _
from trainhub.core.schema import require_migrated
from trainhub.core.settings import SettingsError
from trainhub.core.work import unit_of_work
from trainhub.editions.models import Edition
from trainhub.flows.accounts import let_in
from trainhub.people.models import Person
from trainhub.people.service import register
from trainhub.places.models import Municipality

if TYPE_CHECKING:
    from trainhub.core.work import Work


class _Place(TypedDict, total=False):
    municipality_id: int
    edition_id: int


ROLE_NAMES = [role.value.replace("_", "-") for role in Role]


@click.group()
def user() -> None:
    """Let people in."""


@user.command()
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="What this person is called.")
@click.option(
    "--role", type=click.Choice(ROLE_NAMES), help="What this person may do; without one only what everybody may."
)
@click.option("--municipality", metavar="GM0796", help="For municipality-officer: the code of the municipality.")
@click.option("--edition", metavar="CODE", help="For trainer and assessor: the code of the edition.")
@click.option("--password", "asks", is_flag=True, help="Ask for a password.")
@click.option("--generate-password", "draws", is_flag=True, help="Draw a password and print it, once.")
@click.option("--send", is_flag=True, help="Mail the link too.")
@database_option
def create(
    email: str,
    name: str,
    role: str | None,
    municipality: str | None,
    edition: str | None,
    database: str | None,
    *,
    asks: bool,
    draws: bool,
    send: bool,
) -> None:
    """Let somebody sign in, with a role. Prints a link that works once, for a week; it is the key, so hand it over safely.

    Somebody who is known by this e-mail address is not made twice: the account and the role are added.
    """
    settings = settings_from(database)
    if not settings.secret_key:
        raise SettingsError(
            "TRAINHUB_SECRET_KEY should be a random text of at least 32 characters, as for trainhub serve."
        )
    word = (
        passwords.drawn()
        if draws
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if asks
        else None
    )
    with opened(settings) as db:
        require_migrated(db)
        with unit_of_work(db, settings, SYSTEM) as work:
            person = _person(work, email, name)
            link = let_in(work, person_id=person.id, password=passwords.hashed(word) if word else None, send=send)
            if role is not None:
                place = _place(work, municipality, edition)
                service.grant_role(work, person_id=person.id, role=Role(role.replace("-", "_")), **place)
            known = person.call_name
    click.echo(f"{known} can sign in with {email.lower()}.")
    if draws:
        click.echo(f"Password (shown once): {word}")
    click.echo(f"Link (works once, for a week): {link}")


def _person(work: Work, email: str, name: str) -> Person:
    known = work.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    return known or register(work, call_name=name, email=email)


def _place(work: Work, municipality: str | None, edition: str | None) -> _Place:
    place: _Place = {}
    if municipality is not None:
        found = work.session.scalar(select(Municipality.id).where(Municipality.gm_code == municipality.upper()))
        if found is None:
            raise NotFound(
                _("There is no municipality with the code %(code)s.", code=municipality), code="municipality"
            )
        place["municipality_id"] = found
    if edition is not None:
        found = work.session.scalar(select(Edition.id).where(Edition.code == edition))
        if found is None:
            raise NotFound(_("There is no edition with the code %(code)s.", code=edition), code="edition")
        place["edition_id"] = found
    return place
