"""Law 12 and decision 9 on the whole demo: no calendar and no mail subject tells of a person, a role, a theme or a life."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.calendar import queries
from trainhub.calendar.rules import is_neutral
from trainhub.core.access import Actor, Role, RoleHeld
from trainhub.core.db import Database
from trainhub.core.settings import Settings
from trainhub.courses.models import Module
from trainhub.demo.loader import load
from trainhub.editions.models import Edition, TrainingSession
from trainhub.meetings.models import Meeting
from trainhub.outbox.models import Message
from trainhub.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tests.conftest import Templates

COORDINATOR = Actor(1, roles=frozenset({RoleHeld(Role.coordinator)}))
ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


@pytest.fixture(scope="module")
def demo(templates: Templates) -> Iterator[Session]:
    """Both programmes with their people, as the demo loads them."""
    database = Database(templates.copy("sqlite")[0])
    load(database, Settings(secret_key="a secret that only the tests know, not you"), now=NOW, reset=False)
    with database.read_session() as session:
        yield session
    database.close()


@pytest.fixture(scope="module")
def calendars(demo: Session) -> list[str]:
    """Every file and every person's agenda as text: unfolded, and with what stands in it in base64 beside it."""
    bodies = [
        b"".join(queries.person_vevents(demo, person_id, now=NOW)) for person_id in demo.scalars(select(Person.id))
    ]
    for model, file in (
        (TrainingSession, queries.session_file),
        (Edition, queries.edition_file),
        (Meeting, queries.meeting_file),
    ):
        found = [file(demo, COORDINATOR, key, now=NOW) for key in demo.scalars(select(model.public_id))]
        bodies += [one.body for one in found if one]
    return [_decoded(body.decode().replace("\r\n ", "")) for body in bodies]


def _decoded(text: str) -> str:
    hidden = [
        base64.b64decode(found + "=" * (-len(found) % 4)) for found in ENCODED.findall(text) if len(found) % 4 != 1
    ]
    return "\n".join([text, *(part.decode(errors="replace") for part in hidden)])


def names_of(people: list[Person]) -> re.Pattern[str]:
    """Every name, address and number of these people, as whole words."""
    words = {word for person in people for word in _said_of(person)}
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in sorted(words)) + r")\b", re.IGNORECASE)


def _said_of(person: Person) -> list[str]:
    """An erased person has a dash for a name."""
    words = (person.call_name, person.formal_name, person.email, person.phone)
    return [word for word in words if word and word != "-"]


def test_there_is_something_to_leak(demo: Session, calendars: list[str]) -> None:
    modules = " ".join(demo.scalars(select(Module.title)))

    assert not is_neutral(modules)
    assert sum(text.count("BEGIN:VEVENT") for text in calendars) > 100


def test_law_12_no_calendar_tells_of_a_role_a_theme_or_a_lived_experience(calendars: list[str]) -> None:
    for text in calendars:
        told = [line for line in text.splitlines() if not is_neutral(line)]
        assert told == []


def test_no_calendar_holds_anybodys_name_address_or_number(demo: Session, calendars: list[str]) -> None:
    pattern = names_of(list(demo.scalars(select(Person))))

    for text in calendars:
        assert pattern.findall(text) == []


def test_no_calendar_invites_anybody(calendars: list[str]) -> None:
    for text in calendars:
        assert not re.search(r"^(METHOD|ORGANIZER|ATTENDEE|CONTACT|ATTACH)[:;]", text, re.MULTILINE)


def test_law_12_no_subject_in_the_mail_queue_tells_of_it_or_names_somebody_else(demo: Session) -> None:
    people = list(demo.scalars(select(Person)))

    for message in demo.scalars(select(Message)):
        others = names_of([person for person in people if person.id != message.person_id])
        assert is_neutral(message.subject), message.subject
        assert others.findall(message.subject) == []


def test_mail_with_an_agenda_holds_nobodys_name_in_it(demo: Session) -> None:
    pattern = names_of(list(demo.scalars(select(Person))))

    for attachment in demo.scalars(select(Message.attachment).where(Message.attachment.is_not(None))):
        text = _decoded(attachment.decode().replace("\r\n ", ""))
        assert pattern.findall(text) == []
        assert is_neutral(text)
