"""The main job by keyboard on a phone, one journey per user, on the demo as everybody gets it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest
from sqlalchemy import select

from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.certification.models import Certificate, Decision, DecisionKind
from trainhub.competence.models import SignOff
from trainhub.core.clock import local_day, system_clock
from trainhub.meetings.models import Invitation, InvitationState, MeetingRequest
from trainhub.people.models import Person as PersonRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Select

    from tests.browser.conftest import Person, Site

pytestmark = pytest.mark.xdist_group("browser")


def asked(site: Site, statement: Select[Any]) -> Sequence[Any]:
    """What the database holds now."""
    with site.database.read_session() as session:
        return session.scalars(statement).all()


def test_trainee_puts_the_next_lesson_in_the_agenda(person: Person, tmp_path: Path) -> None:
    person.looks_as("trainee", "Deelnemer")
    assert person.reads("Wat gebeurt er nu?")

    with person.page.expect_download() as download:
        person.finds("Zet in mijn agenda")
        person.page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "les.ics")

    event = icalendar.Calendar.from_ical((tmp_path / "les.ics").read_bytes()).events[0]
    assert event["SUMMARY"] == "Training"
    assert event.start > system_clock() - timedelta(days=1)


def test_facilitator_says_yes_and_finds_the_meeting_in_the_agenda(person: Person, site: Site) -> None:
    person.looks_as("facilitator", "heeft een certificaat")
    assert person.reads("Kun jij komen?")

    person.presses("Ja, ik kom")

    assert not person.reads("Kun jij komen?")
    states = asked(site, select(Invitation.state).join(PersonRow).where(PersonRow.call_name == "Karin"))
    assert InvitationState.sent not in states
    person.presses("Hoe werkt dat?")
    assert person.reads("Buurthuis Hatert")


def test_trainer_fills_in_the_sheet_of_today_in_five_taps(person: Person, site: Site) -> None:
    person.looks_as("trainer", "Trainer")
    person.presses("Presentie invullen")

    person.presses("Iedereen aanwezig")

    assert person.reads("opgeslagen")
    today = [status for status, at in _recorded(site) if local_day(at) == local_day(system_clock())]
    assert len(today) == 7
    assert set(today) == {AttendanceStatus.present}


def _recorded(site: Site) -> list[tuple[AttendanceStatus, Any]]:
    with site.database.read_session() as session:
        return [(row.status, row.recorded_at) for row in session.scalars(select(Attendance))]


def test_assessor_signs_off_and_keeps_what_was_typed_when_something_lacks(person: Person, site: Site) -> None:
    person.looks_as("assessor", "Beoordelaar")
    person.presses("Naar de mensen die ik beoordeel")
    person.presses("Dennis")
    person.presses("ED4")
    person.fills("Bericht voor deze persoon", "Je gaf de buurvrouw een duidelijk idee.")
    before = len(asked(site, select(SignOff.id)))
    person.presses("Aftekenen")
    assert person.page.locator("textarea").nth(1).input_value() == "Je gaf de buurvrouw een duidelijk idee."
    assert len(asked(site, select(SignOff.id))) == before

    person.fills("Wat heb je gezien", "In een oefengesprek gaf hij één idee dat morgen kan.")
    person.presses("Aftekenen")

    signed = asked(site, select(SignOff).order_by(SignOff.id.desc()).limit(1))[0]
    assert signed.evidence == "In een oefengesprek gaf hij één idee dat morgen kan."
    assert signed.feedback == "Je gaf de buurvrouw een duidelijk idee."


def test_coordinator_grants_the_certificate_that_waits(person: Person, site: Site) -> None:
    person.looks_as("coordinator", "Coördinator")
    assert person.reads("Certificaten om over te beslissen")
    person.presses("Beslis")

    person.presses("Certificaat toekennen")

    latest = asked(site, select(Decision).order_by(Decision.id.desc()).limit(1))[0]
    assert latest.kind == DecisionKind.grant
    assert asked(site, select(PersonRow.call_name).where(PersonRow.id == latest.person_id)) == ["Bas"]


def test_municipality_finds_people_and_asks_for_a_meeting(person: Person, site: Site) -> None:
    person.looks_as("municipality", "Gemeente")
    before = len(asked(site, select(MeetingRequest.id)))
    person.presses("Zoek mensen")
    person.presses("Zoeken")
    assert person.reads("Dag")  # asked for a day first
    day = local_day(system_clock()) + timedelta(days=40)
    person.finds("Dag", among="input")
    person.page.locator(":focus").fill(day.isoformat())  # the keys of a date field differ per language of the browser
    person.presses("Zoeken")
    assert not person.reads("Karin")
    person.presses("Vraag een bijeenkomst aan")
    person.chooses("Bewoners")
    person.presses("Verstuur de aanvraag")
    assert person.reads("Vul dit nog in.")

    person.chooses("Avond")  # the rest stayed as it was
    person.presses("Verstuur de aanvraag")

    assert len(asked(site, select(MeetingRequest.id))) == before + 1, person.page.locator("main").inner_text()


def test_visitor_checks_a_certificate(person: Person, site: Site) -> None:
    token = asked(site, select(Certificate.public_token).join(PersonRow).where(PersonRow.call_name == "Karin"))[0]

    person.opens(f"/c/{token}")

    heading = person.page.locator("h1").inner_text()
    assert heading.startswith("Dit certificaat is geldig")
    assert not person.reads("ervaringsdeskundige")
