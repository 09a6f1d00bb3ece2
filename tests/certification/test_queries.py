"""Standing in SQL, who is certified, tokens, progress."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Date, literal, select, true, union_all

from tests.factories.base import TODAY
from trainhub.certification import queries
from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.certification.models import Certificate, CertificatePeriod, SchemeVersion
from trainhub.core.errors import NotFound
from trainhub.courses.models import Track
from trainhub.people.models import PersonStatus

START = date(2024, 2, 1)
MOSTLY = [
    *[DecisionKind.suspend, DecisionKind.reinstate] * 3,
    DecisionKind.renew,
    DecisionKind.surrender,
    DecisionKind.revoke,
]
"""Final decisions hide all others, so they come seldom."""


DAYS = [START + timedelta(days=shift) for shift in range(-2, 60)]
EVERY_DAY = union_all(*[select(literal(day, Date).label("day")) for day in DAYS]).subquery()
FEW = st.sampled_from([3, 7, 8, 14, 21, 30]).map(lambda shift: START + timedelta(days=shift))
"""Few days, so that decisions often fall on one day and on the first or last day of a period."""


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[DecisionKind, date]], list[tuple[date, date]]]:
    """Decisions in any order of days, and periods that do not overlap, with and without gaps."""
    decisions: list[tuple[DecisionKind, date]] = []
    for kind, day in draw(st.lists(st.tuples(st.sampled_from(MOSTLY), FEW), max_size=6)):
        if kind not in (DecisionKind.revoke, DecisionKind.surrender) or kind not in {one for one, _day in decisions}:
            decisions.append((kind, day))
    periods: list[tuple[date, date]] = []
    day = draw(FEW)
    for gap, length in draw(st.lists(st.tuples(st.sampled_from([0, 0, 1, 5]), st.integers(0, 16)), max_size=3)):
        starts_on = day + timedelta(days=gap)
        periods.append((starts_on, starts_on + timedelta(days=length)))
        day = periods[-1][1] + timedelta(days=1)
    return decisions, periods


@hypothesis_settings(max_examples=100)
@given(history=histories(), expiring_days=st.integers(0, 12))
def test_law_2_standing_in_python_and_in_sql_agree_on_every_day(make: Any, history: Any, expiring_days: int) -> None:
    """Law 2 of the domain: `status_on(day)` in Python and in SQL agree on every boundary day, and on every other."""
    decisions, periods = history
    session = make.session
    version = session.scalar(select(SchemeVersion).limit(1)) or make.scheme_version()
    version.expiring_days = expiring_days
    certificate = make.row(Certificate, scheme_version=version, scheme_id=version.scheme_id)
    for starts_on, ends_on in periods:
        make.period(certificate, starts_on, ends_on)
    for kind, day in decisions:
        make.decision(certificate, kind, day)
    session.refresh(certificate, ["periods", "decisions"])

    standing, may_lead = queries.standing_expression(EVERY_DAY.c.day), queries.is_certified(EVERY_DAY.c.day)
    found = session.execute(
        select(EVERY_DAY.c.day, standing, may_lead)
        .select_from(Certificate)
        .join(EVERY_DAY, true())
        .where(Certificate.id == certificate.id)
    )
    in_sql = {day: (Standing(word), bool(leads)) for day, word, leads in found}

    assert set(in_sql) == set(DAYS)
    for day in DAYS:
        in_python = queries.folded(certificate, day)
        assert in_sql[day] == (in_python, in_python in (Standing.valid, Standing.expiring)), day


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_law_2_asked_about_one_certificate_on_one_day(make: Any, read: Any, days: int) -> None:
    certificate = make.certificate(starts_on=TODAY, ends_on=TODAY)
    day = TODAY + timedelta(days=days)

    assert queries.standing_on(read, certificate.id, day) == queries.folded(certificate, day)


def test_certified_gives_people_of_that_role_on_that_day(make: Any, read: Any) -> None:
    certificate = make.certificate(starts_on=START, ends_on=date(2024, 12, 31))
    make.certificate(track=Track.discussion_leader, starts_on=START, ends_on=date(2024, 12, 31))
    make.certificate(starts_on=date(2025, 1, 1), ends_on=date(2027, 12, 31))

    rows = read.execute(queries.certified(date(2024, 12, 31), Track.expert_by_experience)).all()

    assert [tuple(row) for row in rows] == [(certificate.person_id, certificate.id)]
    assert len(read.execute(queries.certified(date(2024, 12, 31))).all()) == 2


def test_certified_takes_a_column_as_the_day(make: Any, read: Any) -> None:
    certificate = make.certificate(starts_on=START, ends_on=date(2024, 12, 31))
    day = select(CertificatePeriod.ends_on).where(CertificatePeriod.certificate_id == certificate.id).scalar_subquery()

    assert len(read.execute(queries.certified(day)).all()) == 1


def test_standings_of_several_take_one_query(make: Any, read: Any, count_queries: Any) -> None:
    first, second = make.certificate(), make.certificate(track=Track.discussion_leader, ends_on=TODAY)

    with count_queries(1):
        found = queries.standings(read, [first.id, second.id], TODAY)

    assert found == {first.id: Standing.valid, second.id: Standing.expiring}


def test_standing_of_an_unknown_certificate_is_not_found(read: Any) -> None:
    with pytest.raises(NotFound):
        queries.standing_on(read, 0, TODAY)
    with pytest.raises(NotFound):
        queries.certificate_page(read, uuid.uuid4())


def test_token_finds_its_certificate_with_everything_a_check_shows(make: Any, read: Any, count_queries: Any) -> None:
    certificate = make.certificate()

    with count_queries(3):
        found = queries.by_token(read, certificate.public_token)
        assert (found.number, found.person.call_name != "", queries.folded(found, TODAY)) == (
            certificate.number, True, Standing.valid,
        )  # fmt: skip


def test_token_of_an_erased_person_and_an_unknown_one_look_the_same(make: Any, read: Any) -> None:
    erased = make.certificate(person=make.person(status=PersonStatus.erased))

    for token in (erased.public_token, "unknown", ""):
        with pytest.raises(NotFound) as refused:
            queries.by_token(read, token)
        assert refused.value.code == "not_found"


def test_expiring_before_gives_the_first_to_end_first_and_leaves_out_what_goes_on(make: Any, read: Any) -> None:
    soon = make.certificate(ends_on=TODAY + timedelta(days=30))
    sooner = make.certificate(ends_on=TODAY + timedelta(days=7))
    renewed = make.certificate(ends_on=TODAY + timedelta(days=20))
    make.period(renewed, TODAY + timedelta(days=21), TODAY + timedelta(days=900))
    suspended = make.certificate(ends_on=TODAY + timedelta(days=10))
    make.decision(suspended, DecisionKind.suspend, TODAY)
    make.certificate(ends_on=TODAY - timedelta(days=1))

    found = queries.expiring_before(read, TODAY + timedelta(days=90), on=TODAY)

    assert [one.certificate.id for one in found] == [sooner.id, soon.id]


def test_certificates_can_be_found_by_standing_name_and_number(make: Any, read: Any) -> None:
    first = make.certificate(person=make.person(call_name="Yara van der Demo"))
    make.certificate(ends_on=TODAY - timedelta(days=1))

    assert [one.certificate.id for one in queries.certificates(read, TODAY, standing=Standing.valid)] == [first.id]
    assert [one.person.call_name for one in queries.certificates(read, TODAY, words="DER demo")] == [
        "Yara van der Demo"
    ]
    assert [one.certificate.id for one in queries.certificates(read, TODAY, words=first.number.lower())] == [first.id]
    assert queries.certificates(read, TODAY, words="100%") == []
    assert len(queries.certificates(read, TODAY)) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_certificates_cost_one_query_for_one_and_for_three(make: Any, read: Any, count_queries: Any, rows: int) -> None:
    for _row in range(rows):
        make.certificate()

    with count_queries(1):
        assert [one.person.call_name and one.certificate.scheme.title for one in queries.certificates(read, TODAY)]


def test_certificates_of_a_person_and_page(make: Any, read: Any) -> None:
    certificate = make.certificate()

    assert [one.ends_on for one in queries.of_person(read, certificate.person_id, TODAY)] == [
        certificate.periods[0].ends_on
    ]
    assert queries.certificate_page(read, certificate.public_id).id == certificate.id


def test_schemes_come_with_their_versions(make: Any, read: Any) -> None:
    version = make.scheme_version()

    assert [one.versions[-1].id for one in queries.schemes(read)] == [version.id]
    assert queries.published_for(read, version.course_version_id).id == version.id
