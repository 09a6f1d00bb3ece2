"""The setting: places, organisations, programmes with their targets, courses with their requirements and schemes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from trainhub.certification import schemes
from trainhub.courses import service as courses
from trainhub.courses.models import Phase, RequirementKind, Track
from trainhub.demo.stage import facts
from trainhub.organisations import service as organisations
from trainhub.organisations.models import OrganisationKind
from trainhub.places import service as places
from trainhub.places.models import Municipality
from trainhub.programmes import service as programmes
from trainhub.programmes.models import Audience, PartnerRole

if TYPE_CHECKING:
    from trainhub.core.work import Work
    from trainhub.demo.stage import Stage

FIRST_DAY = -1250
LAST_DAY = 500
WITHOUT_PRACTICE = {"attendance_share", "modules_present", "competences_signed"}


def build(stage: Stage) -> None:
    """Everything that stands before the first person comes: places, partners, programmes, courses."""
    told = facts("programmes")
    with stage.scene("system", FIRST_DAY) as work:
        places.load_municipalities(work)
        for row in work.session.scalars(select(Municipality)):
            stage.ids[row.gm_code] = row.id
    with stage.scene("system", FIRST_DAY) as work:
        _add_places(stage, work, told)
        _add_organisations(stage, work, told)
    for programme in told["programme"]:
        with stage.scene("system", FIRST_DAY) as work:
            _add_programme(stage, work, programme)
    _add_courses(stage)


def _add_places(stage: Stage, work: Work, told: dict[str, Any]) -> None:
    for row in told["neighbourhood"]:
        added = places.add_neighbourhood(
            work, municipality_id=stage[row["municipality"]], name=row["name"], lat=row["lat"], lon=row["lon"]
        )
        stage.ids[row["name"]] = added.id
        stage.ids[f"municipality of {row['name']}"] = added.municipality_id
    for row in told["region"]:
        members = [stage[code] for code in row["municipalities"]]
        stage.ids[row["name"]] = places.add_region(work, name=row["name"], municipality_ids=members).id
    for row in told["renamed"]:
        places.rename_municipality(work, municipality_id=stage[row["code"]], name=row["before"])
        places.rename_municipality(work, municipality_id=stage[row["code"]], name=row["name"])


def _add_organisations(stage: Stage, work: Work, told: dict[str, Any]) -> None:
    for row in told["organisation"]:
        added = organisations.add_organisation(
            work, kind=OrganisationKind(row["kind"]), name=row["name"], former_names=row.get("former_names", ())
        )
        stage.ids[row["name"]] = added.id


def _add_programme(stage: Stage, work: Work, told: dict[str, Any]) -> None:
    programme = programmes.create_programme(
        work,
        slug=told["slug"],
        name=told["name"],
        starts_on=told.get("starts_on", stage.day(FIRST_DAY)),
        ends_on=told.get("ends_on", stage.day(LAST_DAY)),
        background=told["background"],
        aim=told["aim"],
        region_id=stage[told["region"]] if "region" in told else None,
        derived_from_id=stage[told["derived_from"]] if "derived_from" in told else None,
    )
    stage.ids[told["slug"]] = programme.id
    for row in facts("programmes")["organisation"]:
        programmes.add_partner(
            work, programme_id=programme.id, organisation_id=stage[row["name"]], role=PartnerRole(row["kind"])
        )
    for row in facts("programmes")["neighbourhood"]:
        if row["municipality"] in told["municipalities"]:
            for audience in Audience:
                programmes.set_target(
                    work,
                    programme_id=programme.id,
                    neighbourhood_id=stage[row["name"]],
                    audience=audience,
                    planned=1,
                )
    for title in told["deliverables"]:
        programmes.add_deliverable(work, programme_id=programme.id, title=title, due_on=programme.ends_on)


def _add_courses(stage: Stage) -> None:
    """Version 1 of each course asks no practice, since nobody could lead a meeting yet; version 2 does."""
    told = facts("courses")
    for course in told["course"]:
        with stage.scene("system", FIRST_DAY) as work:
            version = courses.create_course(
                work,
                programme_id=stage["welkome-wijk"],
                code=course["code"],
                title=course["title"],
                track=Track(course["track"]),
            )
            _fill(work, version.id, course, told["requirements"])
            courses.publish(work, version_id=version.id)
            scheme = schemes.create_scheme(work, track=Track(course["track"]), title=course["scheme"])
            _add_scheme_version(stage, work, scheme.id, version.id, f"{course['code']} 1")
        with stage.scene("system", FIRST_DAY + 30) as work:
            newer = courses.copy(work, version_id=version.id)
            courses.add_requirement(
                work,
                version_id=newer.id,
                kind=RequirementKind.practice_meetings,
                params=_params(told["requirements"]["initial"], "practice_meetings"),
            )
            courses.publish(work, version_id=newer.id)
            _add_scheme_version(stage, work, scheme.id, newer.id, f"{course['code']} 2")


def _fill(work: Work, version_id: int, course: dict[str, Any], requirements: dict[str, Any]) -> None:
    for module in course["modules"]:
        courses.add_module(work, version_id=version_id, **module)
    for competence in course["competences"]:
        courses.add_competence(work, version_id=version_id, **competence)
    for phase in Phase:
        for row in requirements[phase.value]:
            if phase == Phase.renewal or row["kind"] in WITHOUT_PRACTICE:
                courses.add_requirement(
                    work, version_id=version_id, kind=RequirementKind(row["kind"]), params=row["params"], phase=phase
                )


def _add_scheme_version(stage: Stage, work: Work, scheme_id: int, course_version_id: int, key: str) -> None:
    added = schemes.create_version(work, scheme_id=scheme_id, course_version_id=course_version_id)
    schemes.publish_version(work, version_id=added.id)
    stage.ids[key] = course_version_id


def _params(rows: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(dict(row["params"]) for row in rows if row["kind"] == kind)
