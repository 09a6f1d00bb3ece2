"""The marks that a deployment carries: only the system sets them, and each has one value."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from trainhub.core import marks
from trainhub.core.access import SYSTEM
from trainhub.core.errors import NotAllowed


def test_a_database_is_no_demo_until_it_is_marked(work):
    work.actor = SYSTEM
    assert not marks.is_demo(work.session)

    marks.mark_as_demo(work)

    assert marks.is_demo(work.session)
    assert marks.mark_of(work.session, marks.DEMO) == "yes"


def test_a_mark_has_one_value(work):
    work.actor = SYSTEM
    assert marks.person_to_look_as(work.session, "trainee") is None

    marks.look_as(work, "trainee", 7)
    marks.look_as(work, "trainee", 8)

    assert marks.person_to_look_as(work.session, "trainee") == 8
    assert work.session.scalar(select(func.count(marks.DeploymentMark.id))) == 1
    assert [record.action for record in work.records] == ["deployment.marked"] * 2


def test_nobody_else_sets_a_mark(work):
    with pytest.raises(NotAllowed):
        marks.mark_as_demo(work)

    assert not marks.is_demo(work.session)
