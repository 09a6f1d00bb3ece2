"""Tables of accounts: how a person signs in, and which roles they hold from when until when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Role, RoleHeld, Scope
from trainhub.core.db import Base, Keyed, Privacy, choice
from trainhub.people.models import Person


class Account(Keyed, Base):
    """How a person signs in. `fs_uniquifier` names a session's account; a new one ends every session."""

    __tablename__ = "account"
    privacy = Privacy(
        purpose="sign in",
        retention="as long as the person takes part",
        personal="password fs_uniquifier us_phone_number",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    us_totp_secrets: Mapped[str | None]
    us_phone_number: Mapped[str | None]
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def scope(self) -> Scope:
        """An account belongs to its person."""
        return Scope(person_id=self.person_id)


class RoleAssignment(Keyed, Base):
    """A role that a person holds between two dates (both included), everywhere or in one programme, edition or municipality."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="period"),
        CheckConstraint("role != 'municipality_officer' OR municipality_id IS NOT NULL", name="officer_somewhere"),
        CheckConstraint("role != 'trainer' OR edition_id IS NOT NULL", name="trainer_somewhere"),
    )
    privacy = Privacy(purpose="who may do what", retention="end of the role + 3 years")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]

    person: Mapped[Person] = relationship()

    @property
    def scope(self) -> Scope:
        """A role belongs to the person who holds it."""
        return Scope(person_id=self.person_id)

    def held(self) -> RoleHeld:
        """The role as the table of rights reads it."""
        return RoleHeld(self.role, self.programme_id, self.edition_id, self.municipality_id)
