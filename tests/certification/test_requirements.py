"""What a course asks, held against what was shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainhub.certification.requirements import JUDGES, Asked, Done, Facts, Finding, Lesson, Part, Who, whats_missing
from trainhub.courses.models import RequirementKind

TODAY = date(2026, 11, 24)
PAST, LATER = TODAY - timedelta(days=7), TODAY + timedelta(days=7)
M1, M2 = Part(1, "M1", "Jouw verhaal"), Part(2, "M2", "Stigma", is_core=False)
ED1, ED2, ED3 = Part(11, "ED1", "Kiest"), Part(12, "ED2", "Luistert"), Part(13, "ED3", "Helpt", is_core=False)


def judged(kind: str, facts: Facts, on: date = TODAY, **params: Any) -> Finding:
    (finding,) = whats_missing([Asked(1, kind, params=params)], facts, on).findings
    return finding


def lessons(*statuses: str, module: int | None = None) -> list[Lesson]:
    return [Lesson(module or place, PAST, status) for place, status in enumerate(statuses, 1)]


def test_every_kind_of_requirement_has_a_judge() -> None:
    assert set(JUDGES) == {kind.value for kind in RequirementKind}


@pytest.mark.parametrize(("present", "is_met"), [(3, False), (4, True), (5, True)])
def test_attendance_threshold_is_inclusive(present: int, is_met: bool) -> None:
    facts = Facts(lessons=lessons(*["present"] * present, *["absent"] * (5 - present)))

    assert judged("attendance_share", facts, percent=80).is_met is is_met


@given(st.integers(1, 40), st.data(), st.integers(1, 100))
def test_attendance_share_is_exact_in_whole_numbers(total: int, data: st.DataObject, percent: int) -> None:
    present = data.draw(st.integers(0, total))
    facts = Facts(lessons=lessons(*["present"] * present, *["absent"] * (total - present)))

    assert judged("attendance_share", facts, percent=percent).is_met is (present * 100 >= percent * total)


def test_attendance_excused_is_not_present() -> None:
    assert judged("attendance_share", Facts(lessons=lessons("excused")), percent=80).have == 0


def test_attendance_made_up_counts_once_for_its_module() -> None:
    facts = Facts(lessons=lessons("made_up", "made_up", module=1) + lessons("absent", "made_up"))

    assert judged("attendance_share", facts, percent=50).have == 2


@pytest.mark.parametrize(("minutes", "counts"), [(None, False), (112, False), (113, True), (150, True)])
def test_attendance_partly_counts_from_three_quarters_of_the_lesson(minutes: int | None, counts: bool) -> None:
    facts = Facts(lessons=[Lesson(1, PAST, "partly", minutes, 150)])

    assert judged("attendance_share", facts, percent=100).is_met is counts


def test_attendance_partly_share_can_be_chosen() -> None:
    facts = Facts(lessons=[Lesson(1, PAST, "partly", 75, 150)])

    assert judged("attendance_share", facts, percent=100, partly_percent=50).is_met


def test_attendance_without_lessons_is_open_and_the_coordinator_plans() -> None:
    finding = judged("attendance_share", Facts(), percent=80)

    assert (finding.is_met, finding.who) == (False, Who.coordinator)


def test_attendance_says_the_next_lesson_when_it_can_still_be_reached() -> None:
    facts = Facts(lessons=[*lessons("present"), Lesson(2, LATER)])
    finding = judged("attendance_share", facts, percent=80)

    assert (finding.who, str(finding.next_step)) == (Who.learner, "The next lesson is on Tuesday 1 December 2026.")


def test_a_lesson_of_today_that_was_not_filled_in_is_still_ahead() -> None:
    facts = Facts(modules=[M1], lessons=[Lesson(1, TODAY)])

    for kind in ("attendance_share", "modules_present"):
        assert judged(kind, facts).who == Who.learner


def test_attendance_asks_the_trainer_when_a_past_lesson_was_not_filled_in() -> None:
    finding = judged("attendance_share", Facts(lessons=lessons("unknown", "present")), percent=100)

    assert (finding.who, str(finding.next_step)) == (Who.trainer, "The trainer fills in the attendance of 1 lesson.")


def test_attendance_of_a_later_day_does_not_count_yet() -> None:
    facts = Facts(lessons=[Lesson(1, LATER, "present")])

    assert not judged("attendance_share", facts).is_met
    assert judged("attendance_share", facts, on=LATER).is_met


@pytest.mark.parametrize(
    ("status", "is_met"), [("present", True), ("made_up", True), ("excused", False), ("absent", False)]
)
def test_modules_are_present_or_made_up(status: str, is_met: bool) -> None:
    facts = Facts(modules=[M1, M2], lessons=[Lesson(1, PAST, status)])

    assert judged("modules_present", facts, which="core").is_met is is_met


def test_modules_named_by_code_are_asked_too() -> None:
    facts = Facts(modules=[M1, M2], lessons=[Lesson(1, PAST, "present"), Lesson(2, LATER)])
    finding = judged("modules_present", facts, which=["M1", "M2"])

    assert (str(finding.words), finding.who) == ("Not followed yet: M2 Stigma.", Who.learner)


def test_modules_without_a_coming_lesson_are_planned_by_the_coordinator() -> None:
    assert judged("modules_present", Facts(modules=[M1])).who == Who.coordinator


def test_modules_all_followed_has_a_sentence() -> None:
    facts = Facts(modules=[M1], lessons=lessons("present"))

    assert str(judged("modules_present", facts).words) == "All 1 modules were followed."


def test_competences_core_ones_are_asked_and_open_ones_named() -> None:
    facts = Facts(competences=[ED1, ED2, ED3], signed={11: PAST})
    finding = judged("competences_signed", facts, which="core")

    assert (str(finding.words), finding.who) == ("1 of 2 competences signed off. Still open: ED2.", Who.assessor)
    assert finding.has_begun


def test_competences_signed_later_do_not_count_on_an_earlier_day() -> None:
    facts = Facts(competences=[ED1], signed={11: TODAY})

    assert judged("competences_signed", facts).is_met
    assert not judged("competences_signed", facts, on=PAST).is_met


def test_competences_of_a_course_without_any_are_never_met() -> None:
    assert not judged("competences_signed", Facts()).is_met


def test_practice_needs_each_part_and_extra_observing_does_not_replace_leading() -> None:
    observed = [Done("observe", PAST)] * 5
    params = {"observe": 1, "co_lead": 2}

    assert judged("practice_meetings", Facts(meetings=observed), **params).have == 1
    assert judged("practice_meetings", Facts(meetings=[*observed, *[Done("co_lead", PAST)] * 2]), **params).is_met


def test_led_meetings_count_only_since_the_period_began() -> None:
    facts = Facts(meetings=[Done("lead", PAST), Done("lead", TODAY)], since=TODAY)

    assert judged("led_meetings", facts, count=1).have == 1


def test_refresher_counts_half_days_since_the_period_began() -> None:
    assert judged("refresher", Facts(refreshers=[PAST, TODAY], since=TODAY), half_days=1).is_met


@pytest.mark.parametrize("kind", ["declaration", "document_seen", "manual"])
def test_what_somebody_must_record_is_open_and_says_who(kind: str) -> None:
    finding = judged(kind, Facts(), what="Verklaring omtrent gedrag")

    assert (finding.is_met, finding.who) == (False, Who.coordinator)
    assert str(finding.words) == "Verklaring omtrent gedrag: not recorded yet."
    assert str(judged(kind, Facts()).label)


def test_groups_all_of_one_group_suffice() -> None:
    facts = Facts(competences=[ED1], signed={11: PAST})
    asked = [Asked(1, "competences_signed"), Asked(2, "manual"), Asked(3, "competences_signed", group_no=2)]
    judgement = whats_missing(asked, facts, TODAY)

    assert judgement.is_met
    assert judgement.open == ()


def test_groups_open_names_the_group_that_lacks_least() -> None:
    facts = Facts(competences=[ED1], signed={11: PAST})
    asked = [
        Asked(1, "declaration"),
        Asked(2, "manual"),
        Asked(3, "competences_signed", group_no=2),
        Asked(4, "manual", group_no=2),
    ]

    assert [one.requirement_id for one in whats_missing(asked, facts, TODAY).open] == [4]


def test_nothing_asked_is_never_met() -> None:
    judgement = whats_missing([], Facts(), TODAY)

    assert (judgement.is_met, judgement.open) == (False, ())


def test_findings_kept_with_a_decision_hold_numbers_only() -> None:
    facts = whats_missing([Asked(7, "manual", params={"what": "Geheim"})], Facts(), TODAY).as_facts(TODAY)

    assert facts == {
        "on": "2026-11-24",
        "met": False,
        "requirements": [{"id": 7, "kind": "manual", "group": 1, "met": False, "have": 0, "need": 1}],
    }
