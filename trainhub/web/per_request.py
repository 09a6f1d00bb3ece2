"""What a view may ask for: who acts, what day it is, a session to read with, a unit of work to change with."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app, g
from flask_login import current_user

from trainhub.accounts.queries import actor_of
from trainhub.core.access import VISITOR, Actor, Permission, Scoped
from trainhub.core.access import allows as core_allows
from trainhub.core.clock import Clock, local_day
from trainhub.core.work import Work, unit_of_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from trainhub.core.db import Database, ReadSession
    from trainhub.core.settings import Settings

KEY = "trainhub"


@dataclass(frozen=True, slots=True)
class House:
    """What one application was built with."""

    settings: Settings
    database: Database
    clock: Clock


def house() -> House:
    """The settings, database and clock of this application."""
    return cast("House", current_app.extensions[KEY])


def now() -> datetime:
    """The moment of this request, the same from its first line to its last (aware UTC)."""
    if "moment" not in g:
        g.moment = house().clock()
    return cast("datetime", g.moment)


def today() -> date:
    """The Dutch calendar day of this request."""
    return local_day(now())


def reading() -> ReadSession:
    """The session that this request reads with; it refuses to write and is closed when the request ends."""
    if "reading" not in g:
        g.reading = house().database.read_session()
    return cast("ReadSession", g.reading)


@contextmanager
def begin(actor: Actor | None = None) -> Iterator[Work]:
    """A unit of work as the signed-in person (or as `actor`): the block ends, it is committed; it raises, nothing happened.

    What was read before is read anew afterwards, so that a page never shows the old state of what it just changed.
    """
    acting = actor or current_actor()
    look_again()
    with unit_of_work(house().database, house().settings, acting, now=now()) as work:
        work.session.connection()  # the transaction begins here, before anything in the block is read
        try:
            yield work
        finally:
            look_again()


def current_actor() -> Actor:
    """Who asks, with today's roles; a visitor when nobody is signed in."""
    if "actor" not in g:
        person_id, known = getattr(current_user, "person_id", None), getattr(current_user, "actor", None)
        g.actor = VISITOR if person_id is None else known or actor_of(reading(), person_id, on=today())
    return cast("Actor", g.actor)


def allows(permission: Permission | str, thing: Scoped | None = None) -> bool:
    """Whether the asker may do this (to this thing): to hide in a page what would be refused anyway."""
    return core_allows(current_actor(), Permission(permission), thing)


def forget_actor() -> None:
    """Ask again who acts: after signing in or out."""
    g.pop("actor", None)


def close_reading(_error: BaseException | None = None) -> None:
    """Close the reading session at the end of a request."""
    session = g.pop("reading", None)
    if session is not None:
        session.close()


def look_again() -> None:
    """Let go of what was read, so that the next question sees the newest state."""
    if "reading" in g:
        g.reading.rollback()
