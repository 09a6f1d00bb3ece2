"""Loads the demo into a database: an empty one, or one that was a demo before. Never into one with real people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from trainhub.core import schema
from trainhub.core.access import SYSTEM
from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import _
from trainhub.core.marks import is_demo, look_as, mark, mark_as_demo, mark_of
from trainhub.core.work import unit_of_work
from trainhub.demo import story
from trainhub.demo.stage import Stage
from trainhub.people.models import Person

if TYPE_CHECKING:
    from datetime import datetime

    from trainhub.core.db import Database
    from trainhub.core.settings import Settings

LOADED = "demo.loaded_on"
ROLES = ("coordinator", "trainer", "assessor", "trainee", "facilitator", "municipality", "admin")


def load(db: Database, settings: Settings, *, now: datetime, reset: bool = False) -> bool:
    """Migrate `db` and tell the whole story in it; returns False when a complete demo was there and stays.

    With `reset`, or when an earlier load was cut off, a demo database is emptied first. Raises `RuleBroken` for a database
    with people in it that is not marked as a demo: nothing is touched then.
    """
    was_demo = _is_demo_or_empty(db)
    if was_demo and not reset and _loaded_on(db) is not None:
        schema.upgrade(db)
        return False
    if was_demo:
        schema.downgrade(db, "base")
    schema.upgrade(db)
    stage = Stage(db, settings, now)
    with unit_of_work(db, settings, SYSTEM, now=now) as work:
        mark_as_demo(work)
    story.tell(stage)
    with unit_of_work(db, settings, SYSTEM, now=now) as work:
        for role in ROLES:
            look_as(work, role, stage[role])
        mark(work, LOADED, stage.today.isoformat())
    return True


def _is_demo_or_empty(db: Database) -> bool:
    """True for a demo, False for an empty database. Raises `RuleBroken` when there are real people."""
    if schema.current(db) is None:
        return False
    with db.read_session() as session:
        if is_demo(session):
            return True
        if session.scalar(select(func.count()).select_from(Person)):
            raise RuleBroken(
                _("This database holds real people. The demo only uses an empty database or an earlier demo."),
                code="not_a_demo",
            )
    return False


def _loaded_on(db: Database) -> str | None:
    with db.read_session() as session:
        return mark_of(session, LOADED)
