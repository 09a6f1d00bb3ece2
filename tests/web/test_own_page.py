"""What the own page says, in words to the person: no codes, no percentages, one step that is now."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.factories.base import NOW, TODAY
from trainhub.certification.progress import Progress
from trainhub.certification.requirements import Asked, Facts, Lesson, Part, whats_missing
from trainhub.core.i18n import render
from trainhub.editions.models import EnrolmentState, SessionState
from trainhub.people.models import Channel, Person
from trainhub.web import own_page

DAY = timedelta(days=1)
ASKED = (
    Asked(1, "attendance_share"),
    Asked(2, "modules_present"),
    Asked(3, "competences_signed"),
    Asked(4, "practice_meetings", params={"observe": 1, "co_lead": 2}),
    Asked(5, "led_meetings", params={"count": 1}),
    Asked(6, "declaration"),
)
FACTS = Facts(
    modules=(Part(1, "M1", "Jouw verhaal"), Part(2, "M2", "Stigma")),
    competences=(Part(1, "ED1", "Luistert zonder oordeel"), Part(2, "ED2", "Spreekt als buur")),
    lessons=(Lesson(1, TODAY, "present"), Lesson(2, TODAY + DAY)),
    signed={1: TODAY},
)


def said(steps):
    return [(render(what, "nl"), state, render(words, "nl") if words else None) for what, state, words in steps]


def test_what_is_still_to_come_is_said_to_the_person():
    judged = Progress(None, None, FACTS, whats_missing(ASKED, FACTS, TODAY))

    found = said(own_page.shown(judged))

    assert [state for _what, state, _words in found] == ["now", "next", "next", "next", "next", "next", "later"]
    assert found[0] == ("Naar de lessen komen", "now", "Je komt nog naar 1 les.")
    assert found[1][2] == "Komt nog: Stigma."
    assert found[2][2] == "Laat nog zien dat jij: Spreekt als buur."
    assert found[3][2] == "Je loopt nog mee met 3 bijeenkomsten. Wij vragen je daarvoor."
    assert found[4][2] == "Je leidt nog 1 bijeenkomst. Wij vragen je daarvoor."
    assert found[5][2] == "Hier kijken we samen met jou naar."
    assert not re.search(r"%|\bED\d|\bM\d", str(found))


def test_what_was_shown_is_done_and_asks_nothing():
    judged = Progress(None, None, FACTS, whats_missing(ASKED[:1], Facts(lessons=FACTS.lessons[:1]), TODAY))

    assert said(own_page.shown(judged)) == [("Naar de lessen komen", "done", None), ("Jouw certificaat", "later", None)]


def test_way_through_a_training_has_one_step_that_is_now(make):
    edition = make.edition()
    for days in (-7, 1, 8):
        make.training_session(edition, starts_at=NOW + days * DAY)
    make.training_session(edition, starts_at=NOW + 2 * DAY, state=SessionState.cancelled)
    enrolment = make.enrolment(edition, state=EnrolmentState.active)
    make.session.refresh(edition)

    found = said(own_page.steps(enrolment, NOW))

    assert [state for _what, state, _words in found] == ["done", "now", "next", "later", "later"]
    assert found[0] == ("1 les geweest", "done", "de laatste op dinsdag 17 november 2026")
    assert found[2] == ("nog 1 les", "next", "de laatste op woensdag 2 december 2026")


def test_after_the_last_lesson_practice_is_now(make):
    edition = make.edition()
    make.training_session(edition, starts_at=NOW - 7 * DAY)
    enrolment = make.enrolment(edition, state=EnrolmentState.active)
    make.session.refresh(edition)

    assert [state for _what, state, _words in own_page.steps(enrolment, NOW)] == ["done", "now", "later"]


def test_every_state_of_an_enrolment_has_words_to_the_person():
    assert set(own_page.MY_STATES) == set(EnrolmentState)


def test_home_has_no_next_thing_for_somebody_who_waits_for_nothing(session, make):
    page = own_page.own_page(session, make.person().id, now=NOW)

    assert (page.next, page.offers, page.waiting, page.current) == (None, [], [], [])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_speak_the_language_of_the_person(client, make, sign_in, language):
    sign_in(client, make.person(locale=language))

    assert ("Er staat nu niets voor je klaar" in client.get("/mijn").text) is (language == "nl")


def test_somebody_helped_by_a_supporter_keeps_that_channel(client, make, sign_in, session):
    person = make.person(channel=Channel.supporter, email=None)
    sign_in(client, person)
    assert "Via de persoon die mij helpt" in client.get("/mijn/gegevens").text

    data = {"call_name": "Noor", "channel": "supporter", "locale": "nl", "home_pc4": ""}
    client.post("/mijn/gegevens", data={**data, "home_municipality_id": "", "home_neighbourhood_id": ""})

    session.expire_all()
    assert session.get_one(Person, person.id).call_name == "Noor"


def test_form_of_preferences_shows_what_was_chosen(client, make, sign_in):
    person = make.person()
    make.preference(person, radius_km=13)
    sign_in(client, person)

    assert 'value="13"' in client.get("/mijn/voorkeuren").text
