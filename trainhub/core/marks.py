"""What this deployment is: a few marks that the database carries itself, such as "this is a demonstration"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from trainhub.core.access import Permission
from trainhub.core.db import Base, Privacy

if TYPE_CHECKING:
    from trainhub.core.work import Work

DEMO = "demo"


class DeploymentMark(Base):
    """One mark: a word and its value."""

    __tablename__ = "deployment_mark"
    privacy = Privacy(purpose="know what this deployment is", retention="as long as the deployment")

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[str]


def mark(work: Work, key: str, value: str) -> DeploymentMark:
    """Set a mark, or change it. Only the system does this."""
    found = work.session.scalar(select(DeploymentMark).where(DeploymentMark.key == key))
    work.require(Permission.DEPLOYMENT_MARK)
    row = found or work.add(DeploymentMark(key=key, value=value))
    row.value = value
    work.record("deployment.marked", row, mark=key)
    return row


def mark_as_demo(work: Work) -> DeploymentMark:
    """Say that every person in this database is made up: only then the demo's door opens."""
    return mark(work, DEMO, "yes")


def mark_of(session: Session, key: str) -> str | None:
    """The value of a mark, None when it was never set."""
    return session.scalar(select(DeploymentMark.value).where(DeploymentMark.key == key))


def is_demo(session: Session) -> bool:
    """Whether this database was marked as a demonstration."""
    return mark_of(session, DEMO) is not None


def look_as(work: Work, role: str, person_id: int) -> DeploymentMark:
    """Name the made-up person whom visitors of the demo become when they choose `role`."""
    return mark(work, f"{DEMO}.as.{role}", str(person_id))


def person_to_look_as(session: Session, role: str) -> int | None:
    """The id of that person, None when the demo has nobody for this role."""
    value = mark_of(session, f"{DEMO}.as.{role}")
    return int(value) if value is not None else None
