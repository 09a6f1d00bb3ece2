"""Letting somebody in: an account, and a first link to sign in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainhub.accounts import service
from trainhub.accounts.links import WELCOME_LIFE, sign_in_url
from trainhub.outbox.letters import accounts as letters
from trainhub.outbox.service import queue
from trainhub.people.models import Person

if TYPE_CHECKING:
    from trainhub.core.work import Key, Work


def let_in(work: Work, *, person_id: Key, password: str | None = None, send: bool = True) -> str:
    """Open an account for a person and mail a link that works once, for a week; returns the link's address.

    `password` is a hash. Raises `RuleBroken` for a person without an e-mail address.
    """
    account = service.open_account(work, person_id=person_id, password=password)
    url = sign_in_url(work.settings, account, now=work.now, life=WELCOME_LIFE)
    if send:
        person = work.get(Person, account.person_id)
        letter = letters.welcome(name=person.call_name, url=url, until=work.now + WELCOME_LIFE)
        queue(work, letter, person=person, dedupe_key=f"welcome:{person.id}:{work.now:%Y%m%d%H%M}")
    return url
