"""The main job from end to end through the library alone: enrol, attend, sign off, decide, search, invite, accept, agenda."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import icalendar
import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.accounts import service as accounts
from trainhub.attendance.service import record_sheet
from trainhub.calendar.queries import feed_of
from trainhub.calendar.rules import token_sha256
from trainhub.calendar.service import renew_feed
from trainhub.certification.queries import certified
from trainhub.certification.ready import waiting_for_decision
from trainhub.competence import service as competence
from trainhub.core.access import Role
from trainhub.core.errors import Several
from trainhub.courses.models import Competence, Module, Track
from trainhub.demo import setting
from trainhub.demo.stage import Stage, submission_key
from trainhub.editions import service as editions
from trainhub.flows import certify, enrol, request, schedule, staff
from trainhub.matching.facts import asked_on
from trainhub.matching.search import find
from trainhub.matching.shortlist import shortlist
from trainhub.meetings.models import Assignment, Meeting
from trainhub.outbox.models import Message
from trainhub.people import service as people
from trainhub.people.models import DayPart, Purpose
from trainhub.places.models import Municipality, Neighbourhood
from trainhub.programmes.models import Audience

if TYPE_CHECKING:
    from trainhub.core.db import Database
    from trainhub.core.settings import Settings

README = Path(__file__).parent.parent / "README.md"
CAST = ("coordinator", "decider", "trainer", "assessor", "trainee", "officer")


@pytest.fixture
def stage(fresh_database: Database, settings: Settings) -> Stage:
    """The places and courses of the programmes, and six people with their roles; no edition yet."""
    stage = Stage(fresh_database, settings, NOW)
    setting.build(stage)
    with stage.scene("system", -200) as work:
        for name in CAST:
            person = people.register(
                work, call_name=name.title(), email=f"{name}@example.org", home_neighbourhood_id=stage["Hatert"]
            )
            stage.ids[name] = person.id
        for name in ("coordinator", "decider"):
            accounts.grant_role(work, person_id=stage[name], role=Role.coordinator)
        accounts.grant_role(
            work, person_id=stage["officer"], role=Role.municipality_officer, municipality_id=stage["GM0268"]
        )
    return stage


def test_person_goes_from_first_lesson_to_a_meeting_in_the_agenda(stage: Stage) -> None:
    enrolment_id = train(stage)
    certify_trainee(stage, enrolment_id)
    meeting_id = ask_for_a_meeting(stage)

    lead_it(stage, meeting_id)

    with stage.db.read_session() as session:
        place = session.scalars(select(Assignment).where(Assignment.meeting_id == meeting_id)).one()
        letters = set(session.scalars(select(Message.letter).where(Message.person_id == stage["trainee"])))
    assert (place.person_id, place.state) == (stage["trainee"], "confirmed")
    assert {"certificate_granted", "invitation", "place_confirmed"} <= letters
    meeting_starts = stage.at(30, 19, 30)
    assert meeting_starts in starts_in_agenda(stage, "trainee")


def train(stage: Stage) -> int:
    """Plan an edition of all modules, enrol the trainee, hold the lessons and sign off the competences."""
    with stage.scene("coordinator", -190) as work:
        edition = editions.create_edition(
            work,
            course_version_id=stage["ED 1"],
            code="TEST",
            title="Test",
            capacity=1,
            municipality_id=stage["GM0268"],
        )
        modules = work.session.scalars(select(Module).where(Module.course_version_id == stage["ED 1"])).all()
        lessons = []
        for number, module in enumerate(modules):
            starts_at = stage.at(-100 + number, 13, 30)
            lesson = schedule.plan_session(
                work,
                edition_id=edition.id,
                module_id=module.id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=3),
                place="Wijkcentrum",
            )
            lessons.append(lesson.id)
        accounts.grant_role(work, person_id=stage["trainer"], role=Role.trainer, edition_id=edition.id)
        accounts.grant_role(work, person_id=stage["assessor"], role=Role.assessor, edition_id=edition.id)
        competence.grant_mandate(
            work, person_id=stage["assessor"], course_version_id=stage["ED 1"], valid_from=stage.day(-190)
        )
        editions.open_edition(work, edition_id=edition.id)
        enrolment = enrol.enrol(work, edition_id=edition.id, person_id=stage["trainee"])
    with stage.scene("coordinator", -101) as work:
        editions.start(work, edition_id=edition.id)
    for number, lesson_id in enumerate(lessons):
        with stage.scene("trainer", -100 + number, 18) as work:
            record_sheet(work, session_id=lesson_id, statuses={}, everyone_present=True)
    with stage.scene("assessor", -50) as work:
        core = work.session.scalars(select(Competence.id).where(Competence.course_version_id == stage["ED 1"])).all()
        for competence_id in core:
            certify.sign_off(
                work, enrolment_id=enrolment.id, competence_id=competence_id, evidence="Seen at the lesson."
            )
    return enrolment.id


def certify_trainee(stage: Stage, enrolment_id: int) -> None:
    """Nobody who trained or assessed may decide; the other coordinator does."""
    with pytest.raises(Several), stage.scene("decider", -99) as work:
        certify.grant(work, enrolment_id=enrolment_id)
    with stage.scene("decider", -10) as work:
        ready = waiting_for_decision(work.session, work.today)
        assert [one.person.id for one in ready] == [stage["trainee"]]
        certify.grant(work, enrolment_id=enrolment_id)
    with stage.scene("trainee", -9) as work:
        people.give_consent(work, person_id=stage["trainee"], purpose=Purpose.directory)


def ask_for_a_meeting(stage: Stage) -> int:
    """The officer finds somebody for the evening and asks; a coordinator says yes."""
    with stage.scene("officer", -5) as work:
        asked = asked_on(
            municipality=work.get(Municipality, stage["GM0268"]),
            neighbourhood=work.get(Neighbourhood, stage["Hatert"]),
            on=stage.day(30),
            part=DayPart.evening,
            role=Track.expert_by_experience,
            today=work.today,
        )
        assert len(find(work.session, asked).cards) == 1
        wish = request.submit(
            work,
            municipality_id=stage["GM0268"],
            neighbourhood_id=stage["Hatert"],
            programme_id=stage["welkome-wijk"],
            audience=Audience.residents,
            wished_on=stage.day(30),
            wished_part=DayPart.evening,
            submission_key=submission_key(),
        )
    with stage.scene("coordinator", -4) as work:
        starts_at = stage.at(30, 19, 30)
        meeting = request.accept(
            work, request_id=wish.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), place="Buurthuis"
        )
        return meeting.id


def lead_it(stage: Stage, meeting_id: int) -> None:
    """The shortlist names the trainee; the invitation is sent and accepted."""
    with stage.scene("coordinator", -3) as work:
        needs = {need.role: need.id for need in work.get(Meeting, meeting_id).needs}
        assert shortlist(work.session, needs[Track.discussion_leader], today=work.today) == []
        best = shortlist(work.session, needs[Track.expert_by_experience], today=work.today)[0]
        invitation = staff.invite(work, need_id=needs[Track.expert_by_experience], person_id=best.facts.person_id)
    with stage.scene("trainee", -2) as work:
        staff.answer(work, invitation_id=invitation.id, accepts=True)


def starts_in_agenda(stage: Stage, name: str) -> set[object]:
    """The starts in somebody's own feed, as a foreign library reads them."""
    with stage.scene(name) as work:
        token = renew_feed(work, person_id=stage[name])
    with stage.db.read_session() as session:
        body = feed_of(session, token_sha256(token), now=stage.now)
    assert body is not None
    return {event.start for event in icalendar.Calendar.from_ical(body).events}


def test_readme_shows_the_main_job_and_it_runs(tmp_path: Path) -> None:
    """The Python of the README, word for word, in a fresh process, on a demo that the command made."""
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    assert len([line for line in code[1].splitlines() if line]) <= 20
    env = {name: value for name, value in os.environ.items() if not name.startswith("TRAINHUB_")}
    command = Path(sys.executable).with_name("trainhub")
    subprocess.run([command, "demo", "--no-serve"], cwd=tmp_path, env=env, check=True, capture_output=True)

    shown = subprocess.run(
        [sys.executable, "-c", code[1]], cwd=tmp_path, env=env, check=True, capture_output=True, text=True
    )

    assert "BEGIN:VEVENT" in shown.stdout


def test_certified_people_are_those_on_the_day(stage: Stage) -> None:
    certify_trainee(stage, train(stage))

    with stage.db.read_session() as session:
        seen = {
            offset: [row.person_id for row in session.execute(certified(stage.day(offset), Track.expert_by_experience))]
            for offset in (-11, -10, 0)
        }

    assert seen == {-11: [], -10: [stage["trainee"]], 0: [stage["trainee"]]}
