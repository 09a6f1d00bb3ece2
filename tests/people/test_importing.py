"""Import of people: a plan per row, then all or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from trainhub.core.access import SYSTEM, Actor
from trainhub.core.audit import AuditEntry, first_break
from trainhub.core.errors import NotAllowed, Several
from trainhub.people import importing
from trainhub.people.importing import Outcome
from trainhub.people.models import Channel, Person, PersonStatus

HEAD = "call_name,formal_name,email,phone,locale,channel,pc4,municipality\n"


def content(*rows):
    return (HEAD + "".join(f"{row}\n" for row in rows)).encode()


def outcomes(session, *rows):
    return [(row.line, row.outcome) for row in importing.plan(session, content(*rows)).rows]


def test_new_people_are_registered_with_their_place(work, make):
    place = make.municipality(name="'s-Hertogenbosch")

    importing.import_people(
        work,
        content=content(
            "Noor,N. van der 's-Gravendijk,Noor@Example.org,+31 6 00000000,en,phone,5211,'s-Hertogenbosch",
            f"Jan,,,,,,,{place.gm_code}",
        ),
    )

    noor = work.session.scalars(select(Person).where(Person.email == "noor@example.org")).one()
    assert (noor.formal_name, noor.locale, noor.channel, noor.home_pc4) == (
        "N. van der 's-Gravendijk",
        "en",
        Channel.phone,
        "5211",
    )
    jan = work.session.scalars(select(Person).where(Person.call_name == "Jan")).one()
    for person in (noor, jan):
        assert (person.home_municipality_id, person.lat, person.lon) == (place.id, place.lat, place.lon)
    assert jan.channel == Channel.letter
    assert [record.action for record in work.records] == ["person.imported"] * 2


def test_known_people_are_matched_by_email_or_by_name_and_postal_code_and_left_as_they_are(work, make):
    by_email = make.person(email="noor@example.org", call_name="Noor")
    by_name = make.person(
        email=None, channel=Channel.letter, call_name="Lies", formal_name="L. de Wit", home_pc4="5211"
    )

    plan = importing.import_people(
        work, content=content("Anders,,NOOR@example.org,,,,,", "lies,L. de Wit,,,,,5211,", "Lies,L. de Wit,,,,,5212,")
    )

    assert [(row.outcome, row.person_id) for row in plan.rows] == [
        (Outcome.match, by_email.id),
        (Outcome.match, by_name.id),
        (Outcome.create, None),
    ]
    assert by_email.call_name == "Noor"


def test_same_name_with_another_email_address_is_another_person(work, make):
    make.person(email="een@example.org", call_name="Jan", home_pc4="5211")

    assert outcomes(work.session, "Jan,,twee@example.org,,,,5211,") == [(2, Outcome.create)]


def test_two_people_alike_are_passed_over_with_a_reason(work, make):
    for _ in range(2):
        make.person(email=None, channel=Channel.letter, call_name="Jan", home_pc4="5211")

    (row,) = importing.plan(work.session, content("Jan,,,,,,5211,")).rows

    assert (row.outcome, str(row.reason)) == (Outcome.skip, "More than one person has this name and postal code.")


def test_line_that_stands_twice_in_the_file_is_passed_over(work):
    plan = importing.plan(
        work.session,
        content("Noor,,noor@example.org,,,,,", "N,,NOOR@example.org,,,,,", "Jan,,,,,,5211,", "JAN,,,,,,5211,"),
    )

    assert [row.outcome for row in plan.rows] == [Outcome.create, Outcome.skip, Outcome.create, Outcome.skip]
    assert str(plan.rows[3].reason) == "The same person stands on line 4."
    assert plan.counts == {Outcome.create: 2, Outcome.match: 0, Outcome.skip: 2, Outcome.refuse: 0}


def test_erased_person_is_not_matched(work, make):
    make.person(email=None, call_name="-", status=PersonStatus.erased, channel=Channel.letter)

    assert outcomes(work.session, "Jan,,,,,,,") == [(2, Outcome.create)]


def test_same_file_twice_brings_in_nobody_the_second_time(work):
    file = content("Noor,,noor@example.org,,,,,", "Jan,,,,,,5211,", "Lies,,,06-00000000,,,,", "Piet,,,,,,,")

    importing.import_people(work, content=file)
    again = importing.import_people(work, content=file)

    assert {row.outcome for row in again.rows} == {Outcome.match}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",,,,,,,", None),
        (",N. de Wit,,,,,,", "Line 3: Fill in a name."),
        ("Jan,,geen adres,,,,,", "not an e-mail address"),
        ("Jan,,,bellen,,,,", "not a phone number"),
        ("Jan,,,,de,,,", "Dutch (nl) or English (en)"),
        ("Jan,,,,,duif,,", "email, phone, letter, supporter"),
        ("Jan,,,,,email,,", "Fill in an e-mail address"),
        ("Jan,,,,,,5211 AB,", "only the four digits"),
        ("Jan,,,,,,,Nergenshuizen", "no one municipality called “Nergenshuizen”"),
        ("=Jan,,,,,,,", "starts like a formula"),
    ],
)
def test_row_that_cannot_be_used_stops_the_whole_import(work, row, words):
    file = content("Noor,,noor@example.org,,,,,", row)
    if words is None:
        assert len(importing.plan(work.session, file).rows) == 1
        return

    with pytest.raises(Several) as refused:
        importing.import_people(work, content=file)

    assert [words in str(problem.message) and problem.facts["line"] == 3 for problem in refused.value.problems] == [
        True
    ]
    assert work.session.scalar(select(func.count()).select_from(Person).where(Person.email == "noor@example.org")) == 0


def test_several_problems_are_all_told(work):
    with pytest.raises(Several) as refused:
        importing.import_people(work, content=content("Jan,,x,,,,,", "Lies,,,,,,12,"))

    assert [problem.facts["line"] for problem in refused.value.problems] == [2, 3]
    assert str(refused.value) == "2 rows cannot be used. Nothing was imported."


def test_only_who_may_imports(work, make):
    work.actor = Actor(make.person().id)

    with pytest.raises(NotAllowed):
        importing.import_people(work, content=content("Noor,,,,,,,"))


def test_ten_thousand_rows_come_in_each_with_a_record(begin, session):
    file = content(*(f"Persoon {number},,p{number}@example.org,,,,," for number in range(10_000)))
    heard: list[int] = []

    with begin(SYSTEM) as work:
        importing.import_people(work, content=file, progress=heard.append)

    assert sum(heard) == 20_000
    assert session.scalar(select(func.count()).select_from(Person)) == 10_000
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 10_000
    assert first_break(session) is None
