"""Accounts and roles through their verbs, and who acts on a day."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.factories.base import TODAY
from trainhub.accounts import queries, rules, service
from trainhub.core.access import SYSTEM, Actor, Role, RoleHeld
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from trainhub.people.models import Channel, PersonStatus

DAY = timedelta(days=1)


def test_account_is_opened_once(work, make):
    person = make.person()

    account = service.open_account(work, person_id=person.public_id)

    assert service.open_account(work, person_id=person.id) is account
    assert (account.password, account.is_active, len(account.fs_uniquifier)) == (None, True, 64)
    assert queries.account_of(work.session, person.id) is account


def test_account_needs_an_email_address(work, make):
    person = make.person(email=None, channel=Channel.letter)

    with pytest.raises(RuleBroken) as refused:
        service.open_account(work, person_id=person.id)
    assert refused.value.field == "email"


def test_coordinator_gives_no_password_for_somebody_else_but_a_command_does(work, make):
    person = make.person()
    with pytest.raises(NotFound):
        service.open_account(work, person_id=person.id, password="a hash")

    work.actor = SYSTEM
    assert service.open_account(work, person_id=make.person().id, password="a hash").password == "a hash"


def test_new_password_ends_every_session(work, make):
    person = make.person()
    account = make.account(person)
    before = account.fs_uniquifier
    work.actor = Actor(person.id)

    service.set_password(work, person_id=person.id, password="another hash")

    assert account.password == "another hash"
    assert account.fs_uniquifier != before


def test_password_of_somebody_else_is_not_there(work, make):
    person = make.person()
    make.account(person)

    for act in (
        lambda: service.set_password(work, person_id=person.id, password="x"),
        lambda: service.touch_sign_in(work, person_id=person.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_last_sign_in_is_kept(work, make):
    person = make.person()
    account = make.account(person)
    work.actor = Actor(person.id)

    service.touch_sign_in(work, person_id=person.id)

    assert account.last_sign_in_at == work.now


def test_person_without_account_has_no_password(work, make):
    with pytest.raises(NotFound):
        service.set_password(work, person_id=make.person().id, password="x")


def test_closed_account_signs_in_no_more_and_every_role_has_ended(work, make):
    person = make.person()
    account = make.account(person, password="a hash")
    old = make.role(person, Role.coordinator)
    new = make.role(person, Role.assessor, since=TODAY)

    service.close_account(work, person_id=person.id)

    assert (account.is_active, account.password) == (False, None)
    assert (old.until, new.until) == (TODAY - DAY, TODAY)
    with pytest.raises(NotFound):
        service.set_password(work, person_id=person.id, password="x")
    reopened = service.open_account(work, person_id=person.id)
    assert reopened is account
    assert reopened.is_active
    service.close_account(work, person_id=make.person().id)


def test_role_is_granted_by_id_or_public_id_and_recorded(work, make):
    person, municipality = make.person(), make.municipality()

    role = service.grant_role(
        work, person_id=person.public_id, role=Role.municipality_officer, municipality_id=municipality.public_id
    )

    assert (role.person_id, role.municipality_id, role.since, role.until) == (person.id, municipality.id, TODAY, None)
    assert work.records[-1].action == "role.granted"
    assert queries.roles_of(work.session, person.id) == [role]


def test_the_same_role_given_twice_is_one(work, make):
    person = make.person()

    given = [service.grant_role(work, person_id=person.id, role=Role.coordinator) for _ in range(2)]

    assert given[0] is given[1]
    assert queries.roles_of(work.session, person.id) == [given[0]]


def test_trainer_is_given_an_edition_by_its_public_id(work, make):
    person, edition = make.person(), make.edition()

    role = service.grant_role(work, person_id=person.id, role=Role.trainer, edition_id=edition.public_id)

    assert role.edition_id == edition.id


def test_closing_an_account_leaves_a_role_that_had_ended(work, make):
    person = make.person()
    ended = make.role(person, Role.assessor, until=TODAY - 10 * DAY)

    service.close_account(work, person_id=person.id)

    assert ended.until == TODAY - 10 * DAY


def test_unknown_edition_is_not_found(work, make):
    with pytest.raises(NotFound):
        service.grant_role(work, person_id=make.person().id, role=Role.trainer, edition_id=uuid.uuid4())


def test_unknown_edition_number_is_refused_in_words(work, make, begin):
    person = make.person()
    with pytest.raises(Conflict), begin(work.actor) as other:
        service.grant_role(other, person_id=person.id, role=Role.trainer, edition_id=987_654)


def test_officer_needs_a_municipality_and_nobody_gives_roles_without_the_right(work, make):
    person = make.person()
    with pytest.raises(RuleBroken):
        service.grant_role(work, person_id=person.id, role=Role.municipality_officer)
    with pytest.raises(RuleBroken):
        service.grant_role(work, person_id=work.actor.person_id, role=Role.assessor)
    work.actor = Actor(person.id)
    with pytest.raises(NotAllowed):
        service.grant_role(work, person_id=make.person().id, role=Role.assessor)


def test_erased_person_gets_no_role(work, make):
    person = make.person(status=PersonStatus.erased)

    with pytest.raises(RuleBroken):
        service.grant_role(work, person_id=person.id, role=Role.assessor)


def test_ended_role_holds_on_its_last_day_and_not_after(work, make):
    person = make.person()
    role = make.role(person, Role.assessor)

    service.end_role(work, role_id=role.id)

    assert queries.actor_of(work.session, person.id, on=TODAY).has(Role.assessor)
    assert not queries.actor_of(work.session, person.id, on=TODAY + DAY).has(Role.assessor)
    with pytest.raises(RuleBroken):
        service.end_role(work, role_id=role.id, until=role.since - DAY)


def test_coordinator_does_not_end_an_office_role(work, make):
    role = make.role(make.person(), Role.technical_administrator)

    with pytest.raises(RuleBroken):
        service.end_role(work, role_id=role.id)


@pytest.mark.parametrize("off", [-1, 0, 1, 9, 10, 11])
def test_roles_are_read_at_a_date_the_same_in_python_and_in_sql(session, make, off):
    person, on = make.person(), TODAY + off * DAY
    make.role(person, Role.assessor, since=TODAY, until=TODAY + 10 * DAY)

    actor = queries.actor_of(session, person.id, on=on)

    assert actor.has(Role.assessor) is rules.holds_on(TODAY, TODAY + 10 * DAY, on)
    assert (actor.person_id, actor.name) == (person.id, person.call_name)


def test_actor_holds_every_role_of_the_day_with_its_place(session, make, count_queries):
    person, municipality = make.person(), make.municipality()
    make.role(person, Role.municipality_officer, municipality_id=municipality.id)
    make.role(person, Role.coordinator, until=TODAY - DAY)
    make.role(person, Role.privacy_officer)

    with count_queries(1):
        actor = queries.actor_of(session, person.id, on=TODAY)

    assert actor.roles == {
        RoleHeld(Role.municipality_officer, municipality_id=municipality.id),
        RoleHeld(Role.privacy_officer),
    }
    assert queries.people_with_role(session, Role.privacy_officer, on=TODAY) == [person]
    assert queries.people_with_role(session, Role.privacy_officer, on=TODAY, edition_id=1) == []


@pytest.mark.parametrize("status", [PersonStatus.erased, PersonStatus.archived])
def test_erased_and_archived_people_hold_no_role(session, make, status):
    person = make.person(status=status)
    make.role(person, Role.coordinator)

    assert queries.actor_of(session, person.id, on=TODAY).roles == frozenset()


def test_unknown_person_does_not_act(session):
    with pytest.raises(NotFound):
        queries.actor_of(session, 999_999, on=TODAY)
