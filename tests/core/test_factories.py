"""The tests' own tools: a row of any table, somebody who acts, and a count of queries."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from trainhub.core.access import Permission, Role, allows
from trainhub.core.db import Base
from trainhub.editions.models import TrainingSession
from trainhub.meetings.models import Meeting, Need
from trainhub.people.models import Person


def test_every_table_gets_a_row(make):
    for mapper in sorted(Base.registry.mappers, key=lambda found: found.local_table.name):
        given = {"session_id": make.row(TrainingSession).id} if mapper.local_table.name == "calendar_item" else {}

        assert make.row(mapper.class_, **given)


def test_given_values_and_rows_are_kept(make):
    meeting = make.row(Meeting, title="In de buurt")

    need = make.row(Need, meeting=meeting)

    assert (need.meeting_id, need.meeting.title) == (meeting.id, "In de buurt")


def test_actor_holds_a_role(make, work):
    assert allows(work.actor, Permission.PERSON_CREATE)
    assert not allows(make.actor(Role.privacy_officer), Permission.PERSON_CREATE)


def test_counting_queries_fails_above_the_limit(session, count_queries):
    question = select(func.count(Person.id))

    with pytest.raises(AssertionError, match="2 queries"), count_queries(1):
        [session.scalar(question) for _ in range(2)]
