"""Rules of the outbox: steps, pauses and leases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.base import NOW
from trainhub.core.errors import RuleBroken
from trainhub.outbox import rules
from trainhub.outbox.models import MessageState as S
from trainhub.people.models import Channel


def test_sent_and_cancelled_are_the_end() -> None:
    assert [state for state in S if not rules.ALLOWED[state]] == [S.sent, S.cancelled]
    with pytest.raises(RuleBroken):
        rules.may_become(S.sent, S.queued)


def test_pause_doubles_up_to_six_hours_and_then_it_is_given_up() -> None:
    pauses = [rules.next_attempt(NOW, attempts) for attempts in range(1, 12)]

    minutes = [(pause - NOW) // timedelta(minutes=1) for pause in pauses if pause]
    assert minutes == [2, 4, 8, 16, 32, 64, 128, 256, 360]
    assert pauses[9:] == [None, None]


@pytest.mark.parametrize("attempts", [10, 100, 100_000])
def test_mail_server_that_is_away_is_never_given_up(attempts: int) -> None:
    assert rules.next_attempt(NOW, attempts, gives_up=False) == NOW + timedelta(hours=6)


def test_lease_leaves_time_to_post() -> None:
    assert rules.is_still_leased(NOW + timedelta(minutes=4), NOW)
    assert not rules.is_still_leased(NOW + timedelta(minutes=2), NOW)
    assert not rules.is_still_leased(None, NOW)


def test_email_is_posted_and_the_rest_is_told() -> None:
    for channel in (Channel.phone, Channel.letter, Channel.supporter):
        rules.may_be_told(channel)
    with pytest.raises(RuleBroken):
        rules.may_be_told(Channel.email)
