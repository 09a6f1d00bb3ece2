"""Letting somebody in: an account, and a letter with a link that works once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.base import NOW
from trainhub.accounts.links import account_of_link
from trainhub.core.errors import NotFound, RuleBroken
from trainhub.flows.accounts import let_in
from trainhub.outbox.models import Message


def test_let_in_opens_an_account_and_mails_the_link_that_it_returns(work, make):
    person = make.person()

    url = let_in(work, person_id=person.id)

    token = url.rsplit("/", 1)[1]
    account = account_of_link(work.session, work.settings, token, now=NOW + timedelta(days=7))
    assert account.person_id == person.id
    assert url in work.session.scalar(select(Message.body).where(Message.letter == "welcome"))
    with pytest.raises(NotFound):
        account_of_link(work.session, work.settings, token, now=NOW + timedelta(days=7, seconds=1))


def test_let_in_without_a_letter(work, make):
    let_in(work, person_id=make.person().id, send=False)

    assert work.session.scalars(select(Message.id)).all() == []


def test_let_in_needs_an_address_to_mail_to(work, make):
    with pytest.raises(RuleBroken, match="e-mail"):
        let_in(work, person_id=make.person(email=None, channel="letter").id)


def test_link_of_a_closed_account_is_unknown(work, make):
    person = make.person()
    token = let_in(work, person_id=person.id).rsplit("/", 1)[1]
    account_of_link(work.session, work.settings, token, now=NOW).is_active = False
    work.session.flush()

    with pytest.raises(NotFound):
        account_of_link(work.session, work.settings, token, now=NOW)
