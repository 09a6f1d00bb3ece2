"""Tables of places: municipalities as the law names them, neighbourhoods inside them, regions across them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised
from trainhub.core.i18n import _

PLACES = Privacy(purpose="where meetings are held and people live nearby", retention="as long as the programme")


class Municipality(Keyed, Revised, Base):
    """A municipality (gemeente) under its CBS code; a new name or a merger is a new period or a successor."""

    __tablename__ = "municipality"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until > valid_from", name="period"),)
    privacy = PLACES

    gm_code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    former_names: Mapped[list[str]] = mapped_column(default=list)
    province: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))

    @property
    def scope(self) -> Scope:
        """A municipality belongs to itself."""
        return Scope(municipality_id=self.id)


class Neighbourhood(Keyed, Revised, Base):
    """A neighbourhood (wijk or buurt); its point is approximate and may be missing."""

    __tablename__ = "neighbourhood"
    __table_args__ = (
        UniqueConstraint(
            "municipality_id",
            "name",
            info={"sentence": _("This municipality already has a neighbourhood with that name.")},
        ),
        UniqueConstraint("id", "municipality_id"),
    )
    privacy = PLACES

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    name: Mapped[str]
    code: Mapped[str | None] = mapped_column(unique=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    municipality: Mapped[Municipality] = relationship()

    @property
    def scope(self) -> Scope:
        """A neighbourhood belongs to its municipality."""
        return Scope(municipality_id=self.municipality_id)


class Region(Keyed, Revised, Base):
    """A named set of municipalities, such as Meierij en Bommelerwaard."""

    __tablename__ = "region"
    privacy = PLACES

    name: Mapped[str] = mapped_column(unique=True, info={"sentence": _("There is already a region with that name.")})

    municipalities: Mapped[list[Municipality]] = relationship(
        secondary="region_municipality", order_by="Municipality.name"
    )

    @property
    def scope(self) -> Scope:
        """A region belongs to nobody in particular."""
        return Scope()


class RegionMunicipality(Base):
    """Which municipalities a region holds."""

    __tablename__ = "region_municipality"
    privacy = PLACES

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True, index=True)
