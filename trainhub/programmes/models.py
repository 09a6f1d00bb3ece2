"""Tables of programmes: what was promised to whom, where, with whom and by when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _
from trainhub.organisations.models import Organisation
from trainhub.places.models import Neighbourhood, Region

PROGRAMME = Privacy(purpose="what a programme promised", retention="as long as the programme + 7 years")


class Audience(StrEnum):
    """For whom a meeting is; exactly one per meeting (doelgroep)."""

    residents = "residents"
    professionals = "professionals"
    volunteers = "volunteers"


class PartnerRole(StrEnum):
    """What an organisation does in a programme."""

    owner = "owner"
    partner = "partner"
    funder = "funder"
    municipality = "municipality"


class Programme(Keyed, Revised, Base):
    """A programme such as Welkome Wijk, with its runtime and region."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="period"),)
    privacy = PROGRAMME

    slug: Mapped[str] = mapped_column(
        unique=True, info={"sentence": _("There is already a programme with that short name.")}
    )
    name: Mapped[str]
    background: Mapped[str] = mapped_column(default="")
    aim: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    derived_from_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))

    region: Mapped[Region | None] = relationship()
    partners: Mapped[list[ProgrammePartner]] = relationship(back_populates="programme", order_by="ProgrammePartner.id")
    targets: Mapped[list[Target]] = relationship(back_populates="programme")
    deliverables: Mapped[list[Deliverable]] = relationship(back_populates="programme", order_by="Deliverable.due_on")
    derived_from: Mapped[Programme | None] = relationship(remote_side="Programme.id")

    @property
    def scope(self) -> Scope:
        """A programme belongs to itself."""
        return Scope(programme_id=self.id)


class ProgrammePartner(Keyed, Base):
    """An organisation in a role, for a period."""

    __tablename__ = "programme_partner"
    __table_args__ = (
        UniqueConstraint(
            "programme_id", "organisation_id", "role", info={"sentence": _("This partner is already in the list.")}
        ),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="period"),
    )
    privacy = PROGRAMME

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[PartnerRole] = mapped_column(choice(PartnerRole, "role"))
    since: Mapped[date | None]
    until: Mapped[date | None]

    programme: Mapped[Programme] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class Target(Keyed, Base):
    """One cell of the target matrix: how many meetings a programme promised for a neighbourhood and an audience."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("programme_id", "neighbourhood_id", "audience"),
        CheckConstraint("planned > 0", name="planned"),
    )
    privacy = PROGRAMME

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    planned: Mapped[int] = mapped_column(default=1)

    programme: Mapped[Programme] = relationship(back_populates="targets")
    neighbourhood: Mapped[Neighbourhood] = relationship()


class Deliverable(Keyed, Base):
    """Something the programme promised to hand over."""

    __tablename__ = "deliverable"
    privacy = PROGRAMME

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    title: Mapped[str]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]

    programme: Mapped[Programme] = relationship(back_populates="deliverables")
