"""Factories of certification: schemes, certificates with a period, decisions, and a course with somebody in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from tests.factories.base import NOW, TODAY, Factory
from trainhub.attendance.models import Attendance, AttendanceStatus
from trainhub.certification.models import (
    Certificate,
    CertificatePeriod,
    Decision,
    DecisionKind,
    Scheme,
    SchemeVersion,
)
from trainhub.certification.numbering import numbered
from trainhub.competence.models import SignOff
from trainhub.courses.models import (
    Competence,
    Course,
    CourseState,
    CourseVersion,
    Module,
    Requirement,
    RequirementKind,
    Track,
)
from trainhub.editions.models import Edition, EditionState, Enrolment, EnrolmentState, TrainingSession
from trainhub.meetings.models import Assignment, AssignmentState, Part
from trainhub.people.models import Person


@dataclass
class Training:
    """A small course (two modules, two core competences) with an edition of two lessons, and its scheme."""

    edition: Edition
    version: CourseVersion
    scheme_version: SchemeVersion
    modules: list[Module]
    competences: list[Competence]
    lessons: list[TrainingSession]
    requirements: list[Requirement]
    enrolments: list[Enrolment] = field(default_factory=list)


class MakeCertification(Factory):
    """Schemes, certificates, decisions; a training and people who have shown all or nothing of it."""

    def scheme(self, track: Track = Track.expert_by_experience) -> Scheme:
        """The scheme of a track; there is one per track."""
        found = self.session.scalar(select(Scheme).where(Scheme.track == track))
        return found or self.row(Scheme, track=track, title="Certificaat Welkome Wijk")

    def scheme_version(self, *, track: Track = Track.expert_by_experience, **given: Any) -> SchemeVersion:
        """A published scheme version with its own published course version."""
        if "course_version_id" not in given:
            course = self.row(Course, track=track, title="Training")
            given["course_version_id"] = self.row(
                CourseVersion, course=course, version=1, state=CourseState.published
            ).id
        given = {"version": self.number(), "state": CourseState.published, **given}
        return self.row(SchemeVersion, scheme=self.scheme(track), **given)

    def certificate(
        self,
        *,
        person: Person | None = None,
        track: Track = Track.expert_by_experience,
        starts_on: date = TODAY - timedelta(days=365),
        ends_on: date = TODAY + timedelta(days=730),
        **given: Any,
    ) -> Certificate:
        """A certificate that was granted with one period; `decision` and `period` add to it."""
        if "scheme_version" not in given:
            given["scheme_version"] = self.scheme_version(track=track)
        serial = self.number()
        if person is not None:
            given["person"] = person
        defaults = {
            "number": numbered(starts_on.year, serial),
            "public_token": f"token-{serial:024d}",
            "granted_at": NOW,
        }
        certificate = self.row(Certificate, **{**defaults, "scheme_id": given["scheme_version"].scheme_id, **given})
        self.period(certificate, starts_on, ends_on)
        self.decision(certificate, DecisionKind.grant, starts_on)
        return certificate

    def period(self, certificate: Certificate, starts_on: date, ends_on: date) -> CertificatePeriod:
        """A period of a certificate, first and last day included."""
        return self.row(CertificatePeriod, certificate=certificate, starts_on=starts_on, ends_on=ends_on)

    def decision(self, certificate: Certificate, kind: DecisionKind, effective_on: date, **given: Any) -> Decision:
        """A decision about a certificate from a day on, by somebody else."""
        return self.row(
            Decision,
            **{
                "certificate": certificate,
                "person_id": certificate.person_id,
                "scheme_version_id": certificate.scheme_version_id,
                "kind": kind,
                "effective_on": effective_on,
                "reason": "Because of a test.",
                **given,
            },
        )

    def training(
        self, *, track: Track = Track.expert_by_experience, asks: dict[str, dict[str, Any]] | None = None
    ) -> Training:
        """A running edition with two lessons in the past; it asks `asks` (kind to params), by default all four usual kinds."""
        course = self.row(Course, track=track, title="Training")
        version = self.row(CourseVersion, course=course, version=1, state=CourseState.published)
        modules = [
            self.row(Module, course_version=version, code=f"M{n}", title=f"Module {n}", position=n) for n in (1, 2)
        ]
        competences = [
            self.row(Competence, course_version=version, code=f"ED{n}", statement=f"Kan iets {n}", position=n)
            for n in (1, 2)
        ]
        usual: dict[str, dict[str, Any]] = {
            "attendance_share": {"percent": 80},
            "modules_present": {"which": "core"},
            "competences_signed": {"which": "core"},
            "practice_meetings": {"observe": 1, "co_lead": 2},
        }
        requirements = [
            self.row(Requirement, course_version=version, kind=RequirementKind(kind), params=params)
            for kind, params in (usual if asks is None else asks).items()
        ]
        edition = self.row(Edition, course_version=version, title="Najaar", capacity=12, state=EditionState.running)
        lessons = [
            self.row(
                TrainingSession,
                edition=edition,
                module=module,
                starts_at=NOW - timedelta(days=30 - 7 * place),
                ends_at=NOW - timedelta(days=30 - 7 * place) + timedelta(minutes=150),
            )
            for place, module in enumerate(modules)
        ]
        scheme_version = self.scheme_version(track=track, course_version_id=version.id)
        return Training(edition, version, scheme_version, modules, competences, lessons, requirements)

    def learner(self, training: Training, **given: Any) -> Enrolment:
        """Somebody who takes part and has shown nothing yet."""
        person = given.pop("person", None) or self.row(Person, call_name=f"Deelnemer {self.number()}", created_at=NOW)
        enrolment = self.row(
            Enrolment,
            **{
                "edition": training.edition,
                "person": person,
                "state": EnrolmentState.active,
                "queued_at": NOW,
                **given,
            },
        )
        training.enrolments.append(enrolment)
        return enrolment

    def finished(self, training: Training, *, assessor: Person | None = None, **given: Any) -> Enrolment:
        """Somebody who has shown everything that a training asks by default."""
        enrolment = self.learner(training, **given)
        assessor = assessor or self.row(Person, call_name="Beoordelaar", created_at=NOW)
        for lesson in training.lessons:
            self.attended(enrolment, lesson)
        for competence in training.competences:
            self.row(
                SignOff,
                enrolment=enrolment,
                person_id=enrolment.person_id,
                competence=competence,
                assessor=assessor,
                signed_at=NOW - timedelta(days=3),
            )
        for place, part in enumerate((Part.observe, Part.co_lead, Part.co_lead)):
            self.practised(enrolment.person_id, part, training.version.course.track, days_ago=2 + place)
        return enrolment

    def attended(
        self,
        enrolment: Enrolment,
        lesson: TrainingSession,
        status: AttendanceStatus = AttendanceStatus.present,
        **given: Any,
    ) -> Attendance:
        """What is known of somebody at a lesson."""
        return self.row(
            Attendance,
            edition_id=enrolment.edition_id,
            session_id=lesson.id,
            enrolment_id=enrolment.id,
            status=status,
            recorded_at=NOW,
            **given,
        )

    def practised(self, person_id: int, part: Part, track: Track, *, days_ago: int, **given: Any) -> Assignment:
        """A meeting that was held with this person in it."""
        at = NOW - timedelta(days=days_ago)
        return self.row(
            Assignment,
            **{
                "person_id": person_id,
                "part": part,
                "role": track,
                "state": AssignmentState.done,
                "starts_at": at,
                "ends_at": at + timedelta(hours=2),
                "confirmed_at": at,
                **given,
            },
        )
