"""Rules about the person: certified, agreed, taking part, near enough, speaking the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, and_, case, cast, exists, false, func, or_, select, true

from trainhub.certification.models import Certificate, Scheme
from trainhub.certification.queries import certified
from trainhub.core.i18n import Text, _, plain
from trainhub.matching.facts import RADIUS, about, distance_squared
from trainhub.matching.rule import Rule
from trainhub.meetings.words import label
from trainhub.people.models import OwnNeighbourhood, Person, PersonStatus, Preference, Purpose
from trainhub.people.queries import consent_exists, takes_part_exists
from trainhub.people.rules import is_live, takes_part_on

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from trainhub.matching.facts import Asked, Facts


class HoldsRole(Rule):
    """The person was ever certified for the role."""

    code = "role"
    is_binding = True

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: a certificate under the scheme of the role exists."""
        scheme = select(Scheme.id).where(Scheme.track == asked.role).scalar_subquery()
        return exists().where(Certificate.person_id == Person.id, Certificate.scheme_id == scheme)

    def check(self, facts: Facts, asked: Asked) -> bool:
        """A certificate of the role is known."""
        del asked
        return facts.holds_role

    def text(self, facts: Facts, asked: Asked) -> Text:
        """Which role is missing."""
        del facts
        return _("Has no certificate as: %(role)s.", role=label(asked.role))


class CertificateStands(Rule):
    """The certificate is valid or expiring on the Dutch day of the meeting, its last day included (law 3)."""

    code = "certificate"
    is_binding = True

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: by the one meaning of standing, in certification."""
        return Person.id.in_(certified(asked.on, asked.role).with_only_columns(Certificate.person_id))

    def check(self, facts: Facts, asked: Asked) -> bool:
        """A certificate that stands was found for that day."""
        del asked
        return facts.certificate_id is not None

    def text(self, facts: Facts, asked: Asked) -> Text:
        """Until when it ran, or that it does not stand although a period covers the day."""
        if facts.covered_until is None:
            return _("Has no certificate on the day of the meeting.")
        if facts.covered_until < asked.on:
            return _("The certificate ends on %(day)s, before the meeting.", day=facts.covered_until)
        return _("The certificate does not stand on %(day)s.", day=asked.on)


class ConsentGiven(Rule):
    """A live consent to be found, for all municipalities or for this one."""

    code = "consent"
    is_binding = True

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: by the one meaning of live, in people."""
        return consent_exists(Person.id, Purpose.directory, asked.municipality_id, asked.today)

    def check(self, facts: Facts, asked: Asked) -> bool:
        """One of the consents holds today, here."""
        return any(
            one.municipality_id in {None, asked.municipality_id}
            and is_live(given_on=one.given_on, expires_on=one.expires_on, withdrawn=False, on=asked.today)
            for one in facts.agreed
        )

    def text(self, facts: Facts, asked: Asked) -> Text:
        """That there is none, or since when it has expired."""
        ended = [one.expires_on for one in facts.agreed if one.municipality_id in {None, asked.municipality_id}]
        if ended:
            return _("The consent for this municipality expired on %(day)s.", day=max(ended))
        return _("Did not agree to be found by this municipality.")


class SpeaksLanguage(Rule):
    """The person speaks the language of the meeting."""

    code = "language"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: the code stands in the list as it is stored; who named no languages speaks Dutch."""
        spoken = cast(Preference.languages, String).contains(f'"{asked.language}"', autoescape=True)
        return case((Preference.person_id.is_(None), true() if asked.language == "nl" else false()), else_=spoken)

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The language is in the list."""
        return asked.language in facts.languages

    def text(self, facts: Facts, asked: Asked) -> Text:
        """Which languages the person speaks."""
        return _(
            "Speaks %(known)s, not %(asked)s.", known=plain(", ".join(facts.languages)), asked=plain(asked.language)
        )


class WithinDistance(Rule):
    """The meeting is within the distance that the person wants to travel, straight."""

    code = "distance"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: squares are compared, so that no database needs a root."""
        return and_(Person.lat.is_not(None), Person.lon.is_not(None), distance_squared(asked) <= RADIUS * RADIUS)

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The distance is known and small enough."""
        del asked
        return facts.km is not None and facts.km * facts.km <= facts.radius_km * facts.radius_km

    def text(self, facts: Facts, asked: Asked) -> Text:
        """How far it is, and how far the person wants to go."""
        del asked
        if facts.km is None:
            return _("It is not known where this person lives.")
        return _(
            "Lives at %(distance)s, and wants to travel at most %(radius)s km.",
            distance=about(facts.km),
            radius=facts.radius_km,
        )


class NotPaused(Rule):
    """The person takes part on the day: not paused, not gone."""

    code = "pause"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: by the one meaning of taking part, in people."""
        return takes_part_exists(Person.id, asked.on)

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same in Python."""
        return takes_part_on(facts.status, facts.paused_until, asked.on)

    def text(self, facts: Facts, asked: Asked) -> Text:
        """Until when the pause lasts."""
        del asked
        if facts.status != PersonStatus.paused:
            return _("Does not take part any more.")
        if facts.paused_until is None:
            return _("Takes a pause.")
        return _("Takes a pause until %(day)s.", day=facts.paused_until)


class OutsideOwnNeighbourhood(Rule):
    """The meeting is not in the own neighbourhood of a person who wants to avoid that."""

    code = "own_neighbourhood"

    def clause(self, asked: Asked) -> ColumnElement[bool]:
        """SQL: another neighbourhood, or no wish to avoid it."""
        if asked.neighbourhood_id is None:
            return true()
        wish = func.coalesce(Preference.own_neighbourhood, OwnNeighbourhood.any.value)
        home = func.coalesce(Person.home_neighbourhood_id, 0)
        return or_(home != asked.neighbourhood_id, wish != OwnNeighbourhood.avoid.value)

    def check(self, facts: Facts, asked: Asked) -> bool:
        """The same."""
        is_home = asked.neighbourhood_id is not None and facts.home_neighbourhood_id == asked.neighbourhood_id
        return not is_home or facts.own_neighbourhood != OwnNeighbourhood.avoid

    def text(self, facts: Facts, asked: Asked) -> Text:
        """The wish."""
        del facts, asked
        return _("Does not want meetings in the own neighbourhood.")
