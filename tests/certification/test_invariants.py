"""What holds after every sequence of decisions, and when two people decide at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.conftest import assembled
from tests.factories.base import NOW, TODAY
from trainhub.certification import queries, service
from trainhub.certification.kinds import Standing
from trainhub.certification.models import Certificate, CertificatePeriod, Decision
from trainhub.certification.rules import MAY_LEAD
from trainhub.core.access import Role
from trainhub.core.errors import DomainError
from trainhub.core.work import unit_of_work
from trainhub.courses.models import Phase, Requirement, RequirementKind, Track
from trainhub.meetings.models import Part

VERBS = ("suspend", "reinstate", "renew", "surrender", "revoke")
MOSTLY = (*VERBS[:3] * 4, *VERBS[3:])
"""Final decisions end a history, so they come seldom."""


def kept(session: Any, certificate: Any) -> tuple[list[tuple[Any, ...]], list[tuple[date, date]]]:
    """The decisions and periods as they stand in the database, in the order of writing."""
    decisions = session.execute(
        select(Decision.id, Decision.kind, Decision.effective_on, Decision.reason)
        .where(Decision.certificate_id == certificate.id)
        .order_by(Decision.id)
    )
    periods = session.execute(
        select(CertificatePeriod.starts_on, CertificatePeriod.ends_on)
        .where(CertificatePeriod.certificate_id == certificate.id)
        .order_by(CertificatePeriod.id)
    )
    return [tuple(row) for row in decisions], [(row[0], row[1]) for row in periods]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@hypothesis_settings(max_examples=15)
@given(steps=st.lists(st.tuples(st.sampled_from(MOSTLY), st.integers(0, 400)), min_size=1, max_size=8))
def test_decisions_are_appended_the_past_never_changes_and_periods_never_overlap(
    make: Any, work: Any, steps: Any
) -> None:
    training = make.training()
    params = {"course_version": training.version, "params": {"count": 1}, "phase": Phase.renewal}
    make.row(Requirement, kind=RequirementKind.led_meetings, **params)
    certificate = make.certificate(
        scheme_version=training.scheme_version, starts_on=TODAY, ends_on=TODAY + timedelta(days=300)
    )
    work.now = NOW
    for verb, days in steps:
        work.now += timedelta(days=days)
        lead = make.practised(
            certificate.person_id, Part.lead, Track.expert_by_experience, days_ago=0, certificate_id=certificate.id
        )
        lead.starts_at, lead.ends_at = work.now, work.now + timedelta(hours=1)
        work.session.flush()
        decisions, periods = kept(work.session, certificate)
        past = [work.today - timedelta(days=back) for back in (1, 30, 200)]
        before = [queries.standing_on(work.session, certificate.id, day) for day in past]
        try:
            getattr(service, verb)(work, certificate_id=certificate.id, reason="Because.")
            added = 1
        except DomainError:
            added = 0
        now_decisions, now_periods = kept(work.session, certificate)

        assert now_decisions[: len(decisions)] == decisions
        assert now_periods[: len(periods)] == periods
        assert len(now_decisions) == len(decisions) + added
        assert len(now_periods) == len(periods) + (added if verb == "renew" else 0)
        assert [queries.standing_on(work.session, certificate.id, day) for day in past] == before
        ordered = sorted(now_periods)
        assert all(first[1] < second[0] for first, second in pairwise(ordered))
        standing = queries.standing_on(work.session, certificate.id, work.today)
        assert not (standing in MAY_LEAD and any(row[1] in ("revoke", "surrender") for row in now_decisions))


def test_two_deciders_at_the_same_moment_make_one_certificate(fresh_database: Any, settings: Any) -> None:
    with fresh_database.write_session() as session, session.begin():
        make = assembled()(session)
        enrolment_id = make.finished(make.training()).id
        deciders = [make.actor(Role.coordinator) for _decider in range(2)]
    together = Barrier(2, timeout=20)

    def decide(actor: Any) -> str:
        together.wait()
        try:
            with unit_of_work(fresh_database, settings, actor, now=NOW) as work:
                service.grant(work, enrolment_id=enrolment_id)
        except DomainError as refused:
            return refused.code
        return "granted"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(decide, deciders))

    assert answers[0] == "granted"
    assert answers[1] in ("refused", "several")
    with fresh_database.read_session() as session:
        assert session.scalar(select(func.count(Certificate.id))) == 1
        assert queries.standing_on(session, session.scalar(select(Certificate.id)) or 0, TODAY) == Standing.valid
