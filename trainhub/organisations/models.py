"""Tables of organisations: who owns, funds and joins a programme, under which names."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _


class OrganisationKind(StrEnum):
    """What an organisation is to the programmes."""

    owner = "owner"
    municipality = "municipality"
    partner = "partner"
    funder = "funder"


class Organisation(Keyed, Revised, Base):
    """An organisation; a search by a former name finds the present one."""

    __tablename__ = "organisation"
    privacy = Privacy(purpose="who works together in a programme", retention="as long as the programme")

    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind, "kind"))
    name: Mapped[str] = mapped_column(
        unique=True, info={"sentence": _("There is already an organisation with that name.")}
    )
    former_names: Mapped[list[str]] = mapped_column(default=list)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)

    @property
    def scope(self) -> Scope:
        """A municipality's department belongs to that municipality."""
        return Scope(municipality_id=self.municipality_id)
