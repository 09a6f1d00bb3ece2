"""A unit of work: return means commit, raise means nothing happened, and every change leaves a record."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.factories.base import NOW, TODAY
from trainhub.certification.models import Certificate, CertificatePeriod, Decision
from trainhub.core.access import SYSTEM, VISITOR, Permission, Role
from trainhub.core.audit import AuditEntry
from trainhub.core.errors import Conflict, NotAllowed, NotFound
from trainhub.core.work import MissingRecord, sentence_for, unit_of_work
from trainhub.editions.models import EnrolmentEvent
from trainhub.meetings.models import Assignment, Meeting
from trainhub.organisations.models import Organisation, OrganisationKind
from trainhub.people.models import Channel, Consent, Person
from trainhub.places.models import Region


def names(session):
    return list(session.scalars(select(Region.name).order_by(Region.id)))


def new_region(work, name="Meierij"):
    region = work.add(Region(name=name))
    work.record("region.created", region)
    return region


def test_return_means_commit(fresh_database, settings):
    with unit_of_work(fresh_database, settings, SYSTEM) as work:
        new_region(work)

    with fresh_database.read_session() as read:
        assert names(read) == ["Meierij"]
        assert read.scalars(select(AuditEntry.action)).all() == ["region.created"]


def test_raise_means_nothing_happened(fresh_database, settings):
    with pytest.raises(KeyError), unit_of_work(fresh_database, settings, SYSTEM) as work:
        new_region(work)
        raise KeyError

    with fresh_database.read_session() as read:
        assert names(read) == []
        assert read.scalars(select(AuditEntry.action)).all() == []


def test_a_unit_that_only_looks_needs_no_record(begin, read):
    with begin(SYSTEM) as work:
        assert names(work.session) == []

    assert read.scalars(select(AuditEntry.id)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.add(Region(name="Meierij")),
        lambda session: session.execute(insert(Region).values(name="Meierij", public_id=uuid.uuid4(), row_version=1)),
        lambda session: session.execute(update(Region).values(name="Meierij")),
    ],
    ids=["row", "insert", "update"],
)
def test_changes_without_a_record_are_a_mistake(begin, change, read):
    with pytest.raises(MissingRecord), begin(SYSTEM) as work:
        change(work.session)

    assert names(read) == []


def test_the_inner_mistake_undoes_the_outer_unit(begin, read):
    def inner(work):
        new_region(work, "Bommelerwaard")
        work.require(Permission.PERSON_CREATE)

    with pytest.raises(NotAllowed), begin(VISITOR) as work:
        new_region(work)
        inner(work)

    assert names(read) == []


def test_a_refused_row_is_told_in_the_words_of_its_constraint(begin, make, read):
    make.row(Region, name="Meierij")

    with pytest.raises(Conflict) as problem, begin(SYSTEM) as work:
        new_region(work)

    assert (problem.value.code, str(problem.value.message)) == ("refused", "There is already a region with that name.")
    assert names(read) == ["Meierij"]


def test_a_refused_flush_inside_the_unit_is_told_too(begin, make):
    make.row(Person, email="sam@example.org", channel=Channel.email)

    with pytest.raises(Conflict) as problem, begin(SYSTEM) as work:
        work.add(Person(call_name="Sam", email="sam@example.org", created_at=NOW))

    assert str(problem.value.message) == "There is already a person with this e-mail address."


def test_a_constraint_without_words_gets_a_general_sentence(begin):
    with pytest.raises(Conflict) as problem, begin(SYSTEM) as work:
        work.add(Person(call_name="Sam", home_pc4="52", channel=Channel.letter, created_at=NOW))

    assert str(problem.value.message) == "This does not fit with what is already recorded. Nothing was changed."


def test_a_foreign_key_without_a_row_gets_a_general_sentence(begin):
    with pytest.raises(Conflict) as problem, begin(SYSTEM) as work:
        work.add(Organisation(kind=OrganisationKind.partner, name="MIND", municipality_id=999_999))

    assert str(problem.value.message).startswith("This does not fit")


def test_periods_of_a_certificate_never_overlap(session, make):
    certificate = make.row(Certificate)
    make.row(CertificatePeriod, certificate=certificate, starts_on=TODAY, ends_on=TODAY + timedelta(days=10))
    make.row(CertificatePeriod, starts_on=TODAY, ends_on=TODAY)

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        make.row(CertificatePeriod, certificate=certificate, starts_on=TODAY + timedelta(days=10))

    assert str(sentence_for(refused.value)) == "This certificate already covers a part of these days."
    make.row(CertificatePeriod, certificate=certificate, starts_on=TODAY + timedelta(days=11))


def test_a_period_cannot_be_moved_over_another(session, make):
    certificate = make.row(Certificate)
    make.row(CertificatePeriod, certificate=certificate, starts_on=TODAY, ends_on=TODAY + timedelta(days=10))
    later = make.row(CertificatePeriod, certificate=certificate, starts_on=TODAY + timedelta(days=20))
    later.ends_on = TODAY + timedelta(days=40)
    session.flush()

    with pytest.raises(IntegrityError), session.begin_nested():
        later.starts_on = TODAY + timedelta(days=5)
        session.flush()


def test_a_person_is_never_at_two_meetings_at_once(session, make):
    person = make.row(Person)
    first = make.row(Assignment, person=person, starts_at=NOW, ends_at=NOW + timedelta(hours=2))
    overlapping = {"person": person, "starts_at": NOW + timedelta(hours=1), "ends_at": NOW + timedelta(hours=3)}

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        make.row(Assignment, **overlapping, meeting=make.row(Meeting))

    assert str(sentence_for(refused.value)) == "This person is already at another meeting at that time."
    make.row(Assignment, person=person, starts_at=NOW + timedelta(hours=2), ends_at=NOW + timedelta(hours=3))
    make.row(Assignment, starts_at=NOW, ends_at=NOW + timedelta(hours=2))
    first.state = "released"
    session.flush()
    make.row(Assignment, person=person, starts_at=NOW, ends_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    "model", [AuditEntry, Decision, EnrolmentEvent, Consent], ids=lambda model: model.__tablename__
)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"], ids=["update", "delete"])
def test_what_is_recorded_is_never_changed_or_removed(session, make, model, act):
    make.row(model)

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(text(act.format(model.__tablename__)))

    assert str(sentence_for(refused.value)).startswith("What is recorded here is never changed or removed.")


@limits(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=8))
def test_both_databases_judge_overlap_as_the_calendar_does(session, make, spans):
    certificate, kept = make.row(Certificate), []
    for first, length in spans:
        fits = all(first > end or first + length < start for start, end in kept)
        try:
            with session.begin_nested():
                days = TODAY + timedelta(days=first), TODAY + timedelta(days=first + length)
                make.row(CertificatePeriod, certificate=certificate, starts_on=days[0], ends_on=days[1])
        except IntegrityError:
            assert not fits
        else:
            assert fits
            kept.append((first, first + length))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "model", [AuditEntry, Decision, EnrolmentEvent, Consent], ids=lambda model: model.__tablename__
)
def test_what_is_recorded_is_never_replaced(session, make, model):
    make.row(model)
    table = model.__tablename__

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))

    assert str(sentence_for(refused.value)).startswith("What is recorded here")


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_what_is_recorded_cannot_be_emptied(session, make):
    make.row(AuditEntry)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("TRUNCATE audit_entry"))


def test_a_consent_is_withdrawn_once_and_never_rewritten(session, make):
    consent = make.row(Consent)
    consent.withdrawn_at = NOW
    session.flush()

    for moment in (None, NOW + timedelta(days=1)):
        with pytest.raises(IntegrityError), session.begin_nested():
            consent.withdrawn_at = moment
            session.flush()
        session.refresh(consent)


@pytest.mark.parametrize("column", [c.name for c in Consent.__table__.columns if c.name != "withdrawn_at"])
def test_no_other_column_of_a_consent_changes(session, make, column):
    consent = make.row(Consent)
    other = make.row(Consent, municipality_id=make.row(Region).id and None)
    new = session.scalar(text(f"SELECT {column} FROM consent WHERE id = {other.id}"))
    value = {"municipality_id": 1, "purpose": "photo", "channel": "phone", "expires_on": "2030-01-01"}.get(column, new)
    value = {"given_on": "2020-01-01", "given_at": "2020-01-01 00:00:00"}.get(column, value)

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        session.execute(
            text(f"UPDATE consent SET {column} = :value, withdrawn_at = '2026-01-01 00:00:00' WHERE id = :id"),
            {"value": value, "id": consent.id},
        )

    assert str(sentence_for(refused.value)).startswith("What is recorded here")


def test_rows_are_found_by_either_key(work, make):
    region = make.row(Region)

    assert work.get(Region, region.id) is work.get(Region, region.public_id) is work.lock(Region, region.id) is region


@pytest.mark.parametrize("key", [999_999, uuid.UUID(int=7)], ids=["id", "public_id"])
def test_an_unknown_key_is_not_found(work, key):
    for find in (work.get, work.lock):
        with pytest.raises(NotFound) as problem:
            find(Region, key)
        assert problem.value.code == "not_found"


def test_a_row_of_another_looks_like_no_row(work, make):
    somebody, assessor = make.row(Person), make.actor(Role.assessor)
    work.actor = assessor

    with pytest.raises(NotFound):
        work.require(Permission.PERSON_READ, somebody)
    with pytest.raises(NotAllowed):
        work.require(Permission.PERSON_CREATE)
    work.require(Permission.PERSON_READ, work.get(Person, assessor.person_id))


def test_an_act_that_no_role_has_is_not_allowed_even_with_an_object(work, make):
    work.actor = VISITOR

    with pytest.raises(NotAllowed):
        work.require(Permission.PERSON_READ, make.row(Person))


def test_an_old_version_of_a_form_is_a_conflict(work, make):
    region = make.row(Region)

    work.expect(region, None)
    work.expect(region, 1)
    with pytest.raises(Conflict) as problem:
        work.expect(region, 0)
    assert problem.value.code == "stale"


def test_a_row_that_somebody_else_changed_meanwhile_is_a_conflict(begin, make, session):
    region = make.row(Region, name="Meierij")

    with pytest.raises(Conflict) as problem, begin(SYSTEM) as work:
        mine = work.get(Region, region.id)
        work.session.execute(text("UPDATE region SET row_version = row_version + 1"))
        mine.name = "Bommelerwaard"
        work.record("region.renamed", mine)

    assert problem.value.code == "stale"
    session.refresh(region)
    assert region.name == "Meierij"


def test_the_day_is_the_dutch_day(work):
    work.now = NOW.replace(hour=23, minute=30)

    assert work.today == TODAY + timedelta(days=1)


def test_a_record_holds_the_changes_and_hides_what_is_personal(begin, make, read):
    person = make.row(Person, call_name="Sam", locale="nl")

    with begin(make.actor(Role.coordinator)) as work:
        mine = work.get(Person, person.id)
        mine.call_name, mine.locale = "Samira", "en"
        work.record("person.changed", mine, reason="asked")

    entry = read.scalars(select(AuditEntry)).one()
    assert entry.facts == {"reason": "asked", "changes": {"call_name": "changed", "locale": ["nl", "en"]}}
    assert (entry.object_type, entry.object_id, entry.actor_kind) == ("person", person.id, "person")
    assert entry.at == NOW


def test_a_refusal_never_repeats_what_was_in_the_row(session, make):
    make.row(Person, email="sam@example.org", channel=Channel.email)

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        make.row(Person, email="sam@example.org", channel=Channel.email)

    assert "sam" not in f"{refused.value} {refused.value.orig} {refused.value.args}"
