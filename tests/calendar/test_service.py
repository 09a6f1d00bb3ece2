"""Verbs of the calendar: an item changes exactly when its lesson or meeting does, and feeds are given and taken."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.base import NOW
from trainhub.calendar import service
from trainhub.calendar.models import CalendarItem, FeedToken, ItemStatus
from trainhub.calendar.rules import GUARDED_WORDS, is_neutral, session_title
from trainhub.core.access import Actor, Role
from trainhub.core.errors import NotFound, RuleBroken
from trainhub.courses.models import Course, CourseVersion, Module, Track
from trainhub.editions.models import Edition, EditionState, SessionState, TrainingSession
from trainhub.meetings.models import Meeting, MeetingState

if TYPE_CHECKING:
    from trainhub.core.work import Work


def lines(item: CalendarItem) -> dict[str, str]:
    """The properties of an item's VEVENT, without folding, by name."""
    text = item.vevent.decode().replace("\r\n ", "")
    return {re.split("[:;]", line)[0]: line.split(":", 1)[1] for line in text.split("\r\n") if line}


def lesson_of(make: Any, track: Track, **given: Any) -> TrainingSession:
    """A lesson in a course of this track, in a module called "Veiligheid, weerstand, tijd"."""
    version = make.row(CourseVersion, course=make.row(Course, track=track))
    module = make.row(Module, course_version=version, title=given.pop("module_title", "Veiligheid, weerstand, tijd"))
    edition = make.row(Edition, course_version=version, state=given.pop("edition_state", EditionState.open))
    return make.row(TrainingSession, edition=edition, module=module, **given)


def moved(work: Work, lesson: Any, **changes: Any) -> CalendarItem:
    """What the item is after the lesson changed a minute later."""
    for name, value in changes.items():
        setattr(lesson, name, value)
    work.now += timedelta(minutes=1)
    return service.refresh_session(work, session_id=lesson.id)


def test_new_lesson_gets_an_item_with_its_own_identity(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.expert_by_experience, place="Wijkcentrum De Kruiskamp")

    item = service.refresh_session(work, session_id=lesson.public_id)

    told = lines(item)
    assert (item.session_id, item.meeting_id, item.sequence, item.status) == (lesson.id, None, 0, ItemStatus.CONFIRMED)
    assert told["UID"] == str(item.uid)
    assert told["DTSTART"] == "20261124T120000"
    assert told["DTSTAMP"] == told["LAST-MODIFIED"] == "20261124T110000Z"
    assert told["LOCATION"] == "Wijkcentrum De Kruiskamp"
    assert told["CLASS"] == "PRIVATE"
    assert [record.action for record in work.records] == ["calendar_item.written"]


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": NOW + timedelta(hours=1)},
        {"ends_at": NOW + timedelta(hours=4)},
        {"place": "Buurthuis Maaspoort"},
        {"online_url": "https://example.org/kamer"},
        {"state": SessionState.cancelled},
    ],
    ids=["start", "end", "place", "link", "cancelled"],
)
def test_law_6_moved_session_keeps_its_uid_and_raises_sequence(work: Work, make: Any, changes: dict[str, Any]) -> None:
    lesson = lesson_of(make, Track.expert_by_experience, place="Wijkcentrum De Kruiskamp")
    uid = service.refresh_session(work, session_id=lesson.id).uid

    item = moved(work, lesson, **changes)

    assert (item.uid, item.sequence, item.last_modified) == (uid, 1, work.now)
    assert lines(item)["SEQUENCE"] == "1"


def test_law_6_cancelled_session_stays_as_cancelled(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.expert_by_experience)
    service.refresh_session(work, session_id=lesson.id)

    item = moved(work, lesson, state=SessionState.cancelled)

    assert item.status == ItemStatus.CANCELLED
    assert (lines(item)["STATUS"], lines(item)["SUMMARY"]) == ("CANCELLED", "GEANNULEERD: Training")


def test_lesson_of_a_cancelled_edition_is_cancelled(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.expert_by_experience, edition_state=EditionState.cancelled)

    assert service.refresh_session(work, session_id=lesson.id).status == ItemStatus.CANCELLED


def test_typing_mistake_in_a_module_keeps_the_sequence_and_renews_the_text(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.discussion_leader, module_title="Vorbereiden met de wijk")
    service.refresh_session(work, session_id=lesson.id)
    lesson.module.title = "Voorbereiden met de wijk"

    item = moved(work, lesson)

    assert (item.sequence, lines(item)["SUMMARY"]) == (0, "Training: Voorbereiden met de wijk")
    assert item.last_modified == work.now


def test_capitals_and_spaces_in_a_place_are_no_move(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.expert_by_experience, place="buurthuis  maaspoort")
    service.refresh_session(work, session_id=lesson.id)

    item = moved(work, lesson, place="Buurthuis Maaspoort ")

    assert (item.sequence, lines(item)["LOCATION"]) == (0, "Buurthuis Maaspoort")


def test_refresh_without_a_change_writes_nothing(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.expert_by_experience)
    before = service.refresh_session(work, session_id=lesson.id)
    bytes_before, at = before.vevent, before.last_modified
    work.records.clear()

    item = moved(work, lesson)

    assert (item.vevent, item.last_modified, item.sequence, work.records) == (bytes_before, at, 0, [])


def test_title_names_the_module_for_discussion_leaders_only(work: Work, make: Any) -> None:
    leaders = service.refresh_session(work, session_id=lesson_of(make, Track.discussion_leader).id)
    others = service.refresh_session(work, session_id=lesson_of(make, Track.expert_by_experience).id)

    assert lines(leaders)["SUMMARY"] == r"Training: Veiligheid\, weerstand\, tijd"
    assert lines(others)["SUMMARY"] == "Training"


def test_law_12_title_never_tells_of_a_lived_experience() -> None:
    for word in GUARDED_WORDS:
        assert session_title(f"Over {word.upper()} praten", names_module=True) == "Training"
    assert not is_neutral("Stigma en zelfstigma")


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "told"),
    [
        ((2026, 10, 24, 22), (2026, 10, 25, 4), ("20261025T000000", "20261025T050000")),
        ((2026, 10, 25, 0, 30), (2026, 10, 25, 4), ("20261025T003000Z", "20261025T040000Z")),
        ((2026, 10, 24, 22), (2026, 10, 25, 1, 30), ("20261024T220000Z", "20261025T013000Z")),
        ((2027, 3, 28, 0), (2027, 3, 28, 3), ("20270328T010000", "20270328T050000")),
    ],
    ids=["across the change", "starts in the double hour", "ends in the double hour", "across spring"],
)
def test_session_across_a_change_of_the_clock(
    work: Work, make: Any, starts_at: tuple[int], ends_at: tuple[int], told: tuple[str, str]
) -> None:
    begin, end = datetime(*starts_at, tzinfo=UTC), datetime(*ends_at, tzinfo=UTC)
    lesson = lesson_of(make, Track.expert_by_experience, starts_at=begin, ends_at=end)

    item = service.refresh_session(work, session_id=lesson.id)

    assert (lines(item)["DTSTART"], lines(item)["DTEND"]) == told


def test_meeting_has_a_neutral_title_and_follows_its_changes(work: Work, make: Any) -> None:
    meeting = make.row(Meeting, title="Thuisloos in de wijk", state=MeetingState.confirmed, place="Buurthuis")
    first = service.refresh_meeting(work, meeting_id=meeting.public_id)
    assert (lines(first)["SUMMARY"], first.sequence) == ("Bijeenkomst", 0)

    meeting.state = MeetingState.held
    assert service.refresh_meeting(work, meeting_id=meeting.id).sequence == 0
    meeting.state = MeetingState.cancelled
    cancelled = service.refresh_meeting(work, meeting_id=meeting.id)

    assert (cancelled.sequence, lines(cancelled)["SUMMARY"]) == (1, "GEANNULEERD: Bijeenkomst")


def test_unknown_lesson_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        service.refresh_session(work, session_id=999_999)


def test_link_that_is_no_address_is_refused_with_its_field(work: Work, make: Any) -> None:
    lesson = lesson_of(make, Track.expert_by_experience, online_url="kamer 3")

    with pytest.raises(RuleBroken) as refused:
        service.refresh_session(work, session_id=lesson.id)

    assert (refused.value.code, refused.value.field) == ("link_invalid", "online_url")


def test_renewed_feed_has_a_new_token_and_ends_the_old_one(work: Work, make: Any) -> None:
    person = make.person()
    work.actor = Actor(person.id)

    first = service.renew_feed(work, person_id=person.id, label=" Telefoon ")
    second = service.renew_feed(work, person_id=person.public_id)

    feeds = work.session.query(FeedToken).order_by(FeedToken.id).all()
    assert [(feed.label, feed.revoked_at) for feed in feeds] == [("Telefoon", NOW), ("", None)]
    assert feeds[1].token_sha256 == hashlib.sha256(second.encode()).hexdigest()
    assert (len(second), first != second) == (43, True)


def test_audit_of_a_feed_holds_neither_token_nor_hash(work: Work, make: Any) -> None:
    person = make.person()
    work.actor = Actor(person.id)

    token = service.renew_feed(work, person_id=person.id, label="Telefoon van mij")

    told = repr([(record.action, record.facts) for record in work.records])
    assert token not in told
    assert hashlib.sha256(token.encode()).hexdigest() not in told
    assert "Telefoon" not in told


def test_feed_of_somebody_else_is_not_given(work: Work, make: Any) -> None:
    person = make.person()
    with pytest.raises(NotFound):
        service.renew_feed(work, person_id=person.id)
    work.actor = make.actor(Role.technical_administrator)
    with pytest.raises(NotFound):
        service.revoke_feeds(work, person_id=person.id)


def test_coordinator_ends_the_feeds_of_who_leaves(work: Work, make: Any) -> None:
    person = make.person()
    make.feed(person)

    assert service.revoke_feeds(work, person_id=person.id) == 1
    assert service.revoke_feeds(work, person_id=person.id) == 0
    assert work.session.query(FeedToken).one().revoked_at == NOW


def test_feed_without_a_secret_key_is_not_made(work: Work, make: Any) -> None:
    person = make.person()
    work.actor, work.settings = Actor(person.id), replace(work.settings, secret_key="")

    with pytest.raises(ValueError, match="secret key"):
        service.renew_feed(work, person_id=person.id)
