"""Tables of certification: the rules of a scheme, the decisions taken under them, the periods they cover.

A certificate keeps no state: its standing on a day is folded from its decisions and periods.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from trainhub.certification.kinds import DecisionKind, Standing
from trainhub.core.access import Scope
from trainhub.core.db import Base, Keyed, Privacy, Revised, choice
from trainhub.core.i18n import _
from trainhub.courses.models import CourseState, CourseVersion, Track
from trainhub.people.models import Person

__all__ = ["Certificate", "CertificatePeriod", "Decision", "DecisionKind", "Scheme", "SchemeVersion", "Standing"]

SCHEME = Privacy(purpose="the rules of certification", retention="as long as certificates refer to it")
PURPOSE, RETENTION = "show who may lead a meeting", "end of the last period + 2 years"


class Scheme(Keyed, Base):
    """The certificate for one role (track)."""

    __tablename__ = "scheme"
    privacy = SCHEME

    track: Mapped[Track] = mapped_column(choice(Track, "track"), unique=True)
    title: Mapped[str]

    versions: Mapped[list[SchemeVersion]] = relationship(back_populates="scheme", order_by="SchemeVersion.version")

    @property
    def scope(self) -> Scope:
        """A scheme belongs to nobody in particular."""
        return Scope()


class SchemeVersion(Keyed, Revised, Base):
    """One version of a scheme; immutable once published. Its requirements are those of its course version."""

    __tablename__ = "scheme_version"
    __table_args__ = (
        UniqueConstraint("scheme_id", "version"),
        CheckConstraint("validity_months > 0", name="validity"),
        CheckConstraint("expiring_days >= 0", name="expiring"),
    )
    privacy = SCHEME

    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"), unique=True)
    version: Mapped[int]
    state: Mapped[CourseState] = mapped_column(choice(CourseState, "state"), default=CourseState.draft)
    validity_months: Mapped[int] = mapped_column(default=36)
    expiring_days: Mapped[int] = mapped_column(default=90)
    content_sha256: Mapped[str | None]

    scheme: Mapped[Scheme] = relationship(back_populates="versions")
    course_version: Mapped[CourseVersion] = relationship()

    @property
    def scope(self) -> Scope:
        """A scheme version belongs to nobody in particular."""
        return Scope()


class Certificate(Keyed, Base):
    """The proof that a person has shown everything a scheme asks; one per person and scheme, renewed, never replaced."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("person_id", "scheme_id", info={"sentence": _("This person already has this certificate.")}),
    )
    privacy = Privacy(purpose=PURPOSE, retention=RETENTION, personal="public_token")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    number: Mapped[str] = mapped_column(unique=True)
    public_token: Mapped[str] = mapped_column(unique=True)
    granted_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    scheme: Mapped[Scheme] = relationship()
    scheme_version: Mapped[SchemeVersion] = relationship()
    periods: Mapped[list[CertificatePeriod]] = relationship(
        back_populates="certificate", order_by="CertificatePeriod.starts_on"
    )
    decisions: Mapped[list[Decision]] = relationship(back_populates="certificate", order_by="Decision.id")

    @property
    def scope(self) -> Scope:
        """A certificate belongs to its person."""
        return Scope(person_id=self.person_id)


class CertificatePeriod(Keyed, Base):
    """The days a certificate covers, first and last included. Periods of one certificate never overlap (EXCLUDE, triggers)."""

    __tablename__ = "certificate_period"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="period"),
        Index("ix_certificate_period_certificate_id_starts_on", "certificate_id", "starts_on", "ends_on"),
        {
            "info": {
                "sentences": {
                    "ex_certificate_period_overlap": _("This certificate already covers a part of these days.")
                }
            }
        },
    )
    privacy = Privacy(purpose=PURPOSE, retention=RETENTION)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    certificate: Mapped[Certificate] = relationship(back_populates="periods")


class Decision(Keyed, Base):
    """A decision about a person under a scheme version, by someone who neither trained nor assessed them.

    `certificate_id` is empty for a refusal before the first grant. `findings` keeps what was met when it was taken.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("decided_by_id != person_id", name="decider_not_self"),
        CheckConstraint("kind = 'refuse' OR certificate_id IS NOT NULL", name="certificate"),
        CheckConstraint("kind NOT IN ('refuse', 'suspend', 'revoke') OR length(reason) > 0", name="reason"),
        Index("ix_decision_certificate_id_effective_on", "certificate_id", "effective_on"),
        Index(
            "uq_decision_final",
            "certificate_id",
            "kind",
            unique=True,
            sqlite_where=text("kind IN ('revoke', 'surrender', 'grant')"),
            postgresql_where=text("kind IN ('revoke', 'surrender', 'grant')"),
            info={"sentence": _("This has already been decided for this certificate.")},
        ),
    )
    privacy = Privacy(purpose=PURPOSE, retention=RETENTION, personal="reason")

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_version.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[DecisionKind] = mapped_column(choice(DecisionKind, "kind"))
    effective_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    findings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]

    certificate: Mapped[Certificate | None] = relationship(back_populates="decisions")

    @property
    def scope(self) -> Scope:
        """A decision belongs to the person it is about."""
        return Scope(person_id=self.person_id)
