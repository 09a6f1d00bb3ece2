"""Tables of people: who they are, how to reach them, what they agreed to, when and where they can come."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _


class Channel(StrEnum):
    """How a person wants to hear from the programme."""

    email = "email"
    phone = "phone"
    letter = "letter"
    supporter = "supporter"


class PersonStatus(StrEnum):
    """Whether a person takes part now."""

    active = "active"
    paused = "paused"
    archived = "archived"
    erased = "erased"


class Purpose(StrEnum):
    """What a consent is for; each is given and withdrawn on its own."""

    directory = "directory"
    contact = "contact"
    photo = "photo"
    research = "research"
    workshop_contact = "workshop_contact"
    transfer = "transfer"


class DayPart(StrEnum):
    """A part of the day (dagdeel)."""

    morning = "morning"
    afternoon = "afternoon"
    evening = "evening"


class OwnNeighbourhood(StrEnum):
    """How a person feels about meetings in the own neighbourhood."""

    avoid = "avoid"
    any = "any"
    prefer = "prefer"


class Person(Keyed, Revised, Base):
    """A person in the programmes, with or without an account or e-mail; an erased one is a tombstone without a name.

    `lat` and `lon` are the point of the home neighbourhood or municipality, never of a house.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("channel != 'email' OR email IS NOT NULL OR status = 'erased'", name="email_for_channel"),
        CheckConstraint("channel != 'phone' OR phone IS NOT NULL OR status = 'erased'", name="phone_for_channel"),
        CheckConstraint("email IS NULL OR email = lower(email)", name="email_lower"),
        CheckConstraint("home_pc4 IS NULL OR length(home_pc4) = 4", name="pc4"),
        Index("ix_person_lat_lon", "lat", "lon"),
        Index(
            "uq_person_email",
            "email",
            unique=True,
            sqlite_where=text("email IS NOT NULL"),
            postgresql_where=text("email IS NOT NULL"),
            info={"sentence": _("There is already a person with this e-mail address.")},
        ),
    )
    privacy = Privacy(
        purpose="take part in training and meetings",
        retention="end of the last certificate + 2 years",
        personal="call_name formal_name email phone home_pc4 home_municipality_id home_neighbourhood_id lat lon",
    )

    call_name: Mapped[str] = mapped_column(index=True)
    formal_name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="nl")
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"), default=Channel.email)
    status: Mapped[PersonStatus] = mapped_column(choice(PersonStatus, "status"), default=PersonStatus.active)
    paused_until: Mapped[date | None]
    home_pc4: Mapped[str | None]
    home_municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    home_neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    preference: Mapped[Preference | None] = relationship(back_populates="person")

    @property
    def scope(self) -> Scope:
        """A person belongs to themselves."""
        return Scope(person_id=self.id)

    @property
    def full_name(self) -> str:
        """The formal name where one is known, else the call name."""
        return self.formal_name or self.call_name


class Consent(Keyed, Base):
    """One answer to one exact text: appended, withdrawn, never rewritten. `municipality_id` empty means all municipalities."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_active_everywhere",
            "person_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND municipality_id IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND municipality_id IS NULL"),
            info={"sentence": _("This consent has already been given.")},
        ),
        Index(
            "uq_consent_active_municipality",
            "person_id",
            "purpose",
            "municipality_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND municipality_id IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND municipality_id IS NOT NULL"),
            info={"sentence": _("This consent has already been given.")},
        ),
        CheckConstraint("expires_on > given_on", name="period"),
    )
    privacy = Privacy(
        purpose="proof of consent (AVG art. 7(1))", retention="withdrawal or expiry + 5 years", special="purpose"
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    text_version: Mapped[str]
    text_sha256: Mapped[str]
    channel: Mapped[str]
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    expires_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]

    @property
    def scope(self) -> Scope:
        """A consent belongs to the person who gave it."""
        return Scope(person_id=self.person_id)


class Preference(Keyed, Revised, Base):
    """What a facilitator asked for: how far, how often, how much rest, in which languages."""

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint("radius_km BETWEEN 1 AND 300", name="radius"),
        CheckConstraint("max_per_month BETWEEN 0 AND 31", name="per_month"),
        CheckConstraint("rest_days BETWEEN 0 AND 60", name="rest"),
    )
    privacy = Privacy(purpose="ask people only what suits them", retention="end of the last certificate + 2 years")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    radius_km: Mapped[int] = mapped_column(default=25)
    max_per_month: Mapped[int] = mapped_column(default=4)
    rest_days: Mapped[int] = mapped_column(default=0)
    own_neighbourhood: Mapped[OwnNeighbourhood] = mapped_column(
        choice(OwnNeighbourhood, "own_neighbourhood"), default=OwnNeighbourhood.any
    )
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["nl"])

    person: Mapped[Person] = relationship(back_populates="preference")

    @property
    def scope(self) -> Scope:
        """A preference belongs to its person."""
        return Scope(person_id=self.person_id)


class Availability(Base):
    """A part of the week in which a person can usually come; who names none can come always."""

    __tablename__ = "availability"
    __table_args__ = (
        UniqueConstraint("person_id", "weekday", "part"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
    )
    privacy = Privacy(
        purpose="ask people only when it suits them", retention="3 months after the last use", personal="weekday part"
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    weekday: Mapped[int]
    part: Mapped[DayPart] = mapped_column(choice(DayPart, "part"))


class Absence(Keyed, Base):
    """Days on which a person cannot come, first and last included; no reason is ever asked."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="period"),)
    privacy = Privacy(
        purpose="ask people only when it suits them",
        retention="3 months after the last day",
        personal="starts_on ends_on",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    @property
    def scope(self) -> Scope:
        """An absence belongs to its person."""
        return Scope(person_id=self.person_id)
