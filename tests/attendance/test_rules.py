"""The rules of a sheet, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainhub.attendance import rules
from trainhub.attendance.models import AttendanceStatus
from trainhub.core.errors import RuleBroken

LENGTH = 180
known = st.builds(
    rules.Known, st.integers(1, 6), st.sampled_from(sorted(rules.STATUS_WORDS)), is_expected=st.booleans()
)
sheets = st.dictionaries(st.integers(1, 6), st.sampled_from(sorted(set(rules.STATUS_WORDS) - {rules.PARTLY})))


def test_every_status_has_words():
    assert set(rules.STATUS_WORDS) == {status.value for status in AttendanceStatus}


@given(st.lists(known, unique_by=lambda one: one.enrolment_id), sheets, st.booleans())
def test_a_sheet_applied_twice_changes_nothing_the_second_time(people, statuses, everyone):
    statuses = {key: status for key, status in statuses.items() if key in {one.enrolment_id for one in people}}

    changed = {
        one.enrolment_id: one for one in rules.changes(people, statuses, {}, length=LENGTH, everyone_present=everyone)
    }
    after = [changed.get(one.enrolment_id, one) for one in people]

    assert rules.changes(after, statuses, {}, length=LENGTH, everyone_present=everyone) == []


@given(st.lists(known, unique_by=lambda one: one.enrolment_id))
def test_everyone_means_everyone_who_was_expected(people):
    changed = rules.changes(people, {}, {}, length=LENGTH, everyone_present=True)

    assert {one.enrolment_id for one in changed} == {
        one.enrolment_id for one in people if one.is_expected and one.status != rules.PRESENT
    }
    assert all(one.status == rules.PRESENT for one in changed)


def test_who_is_not_on_the_sheet_is_refused():
    with pytest.raises(RuleBroken):
        rules.changes([rules.Known(1)], {2: rules.PRESENT}, {}, length=LENGTH)


def test_other_minutes_are_a_change():
    before = [rules.Known(1, rules.PARTLY, 60)]

    assert rules.changes(before, {1: rules.PARTLY}, {1: 90}, length=LENGTH) == [rules.Known(1, rules.PARTLY, 90)]
    assert rules.changes(before, {1: rules.PARTLY}, {1: 60}, length=LENGTH) == []
