"""The cast: about forty fictional people with their roles, wishes and consents. Nobody here exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trainhub.accounts import service as accounts
from trainhub.core.access import Role
from trainhub.demo.stage import facts
from trainhub.people import service as people
from trainhub.people.models import Channel, DayPart, Purpose

if TYPE_CHECKING:
    from trainhub.core.work import Work
    from trainhub.demo.stage import Stage

FIRST_DAY = -1240
ROLES = {
    "coordinators": Role.coordinator,
    "administrators": Role.technical_administrator,
    "officers": Role.municipality_officer,
}
FACILITATORS = ("experts", "pilot", "leaders")
PHONE = "06-00000000"


def gather(stage: Stage) -> None:
    """Register everybody, open an account for who reads e-mail, give the roles that need no edition."""
    told = facts("people")
    with stage.scene("system", FIRST_DAY) as work:
        for group, rows in told.items():
            for row in rows:
                _register(stage, work, row)
                if group in ROLES:
                    accounts.grant_role(
                        work,
                        person_id=stage[row["key"]],
                        role=ROLES[group],
                        municipality_id=stage[row["place"]] if group == "officers" else None,
                    )
    for group in (*FACILITATORS, "trainees", "almost"):
        for row in told[group]:
            with stage.scene(row["key"], FIRST_DAY) as work:
                _say_wishes(stage, work, row)


def agree(stage: Stage, offset: int) -> None:
    """Every facilitator but one lets municipalities find them, in their own scene; the text is the one of that day."""
    for group in FACILITATORS:
        for row in facts("people")[group]:
            with stage.scene(row["key"], offset, 20) as work:
                for purpose in (Purpose.directory, Purpose.contact):
                    people.give_consent(work, person_id=stage[row["key"]], purpose=purpose)


def _register(stage: Stage, work: Work, row: dict[str, Any]) -> None:
    place = row["place"]
    is_municipality = place.startswith("GM")
    channel = Channel(row.get("channel", "email"))
    person = people.register(
        work,
        call_name=row["call_name"],
        formal_name=row["formal_name"],
        email=f"{row['key']}@example.org" if channel == Channel.email else None,
        phone=PHONE,
        channel=channel,
        is_demo=True,
        home_municipality_id=stage[place] if is_municipality else None,
        home_neighbourhood_id=None if is_municipality else stage[place],
    )
    stage.ids[row["key"]] = person.id
    if person.email:
        accounts.open_account(work, person_id=person.id)


def _say_wishes(stage: Stage, work: Work, row: dict[str, Any]) -> None:
    people.set_preference(
        work, person_id=stage[row["key"]], radius_km=row.get("radius_km", 25), languages=row.get("languages", ("nl",))
    )
    parts = [(weekday, DayPart(part)) for weekday, part in row.get("parts", [])]
    if parts:
        people.set_availability(work, person_id=stage[row["key"]], parts=parts)
