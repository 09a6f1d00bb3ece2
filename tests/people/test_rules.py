"""Names, addresses, pauses, consents and preferences as plain decisions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainhub.core.errors import RuleBroken
from trainhub.people import consents, rules
from trainhub.people.models import Purpose

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.mark.parametrize("name", ["Jan van der Berg", "Lies 's-Gravendijk", "d'Arc", "Öznur Çelik", "X"])
def test_names_with_van_der_and_s_are_untouched(name):
    assert rules.tidy_name(f"  {name.replace(' ', '   ')} ") == name


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "name_missing"), (" \n", "name_missing"), ("x" * 121, "name_long"), ("a\x00b", "name_signs")],
)
def test_name_that_is_empty_endless_or_unreadable_is_refused(name, code):
    with pytest.raises(RuleBroken) as refused:
        rules.tidy_name(name)
    assert (refused.value.code, refused.value.field) == (code, "call_name")


def test_formal_name_may_be_empty():
    assert rules.optional_name(None) is None
    assert rules.optional_name(" ") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Noor@Example.ORG ", "noor@example.org"),
        ("a.b+c@sub.example.org", "a.b+c@sub.example.org"),
        ("", None),
        (None, None),
    ],
)
def test_email_is_kept_in_lower_case(typed, kept):
    assert rules.tidy_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "noor",
        "noor@",
        "@example.org",
        "noor@example",
        "no or@example.org",
        "a@b@c.nl",
        "a..b@example.org",
        "x" * 250 + "@a.nl",
        "a@b.n\n",
        "<a@b.nl>",
    ],
)
def test_what_is_no_email_address_is_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        rules.tidy_email(typed)
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06-00000000", "06-00000000"),
        ("+31 6  00000000", "+31 6 00000000"),
        ("(073) 000 00 00", None),
        (" ", None),
        (None, None),
    ],
)
def test_phone_is_kept_as_typed(typed, kept):
    if typed and typed.startswith("("):
        with pytest.raises(RuleBroken):
            rules.tidy_phone(typed)
    else:
        assert rules.tidy_phone(typed) == kept


@pytest.mark.parametrize("typed", ["bellen", "06", "=1+1", "+31" + "0" * 30])
def test_what_is_no_phone_number_is_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        rules.tidy_phone(typed)
    assert refused.value.field == "phone"


@pytest.mark.parametrize("typed", ["5211AB", "5211 AB", "521", "0211", "52111", "abcd", "５２１１"])
def test_never_more_than_the_four_digits_of_a_postal_code(typed):
    with pytest.raises(RuleBroken) as refused:
        rules.tidy_pc4(typed)
    assert refused.value.field == "home_pc4"


def test_four_digits_of_a_postal_code_or_none():
    assert rules.tidy_pc4(" 5211 ") == "5211"
    assert rules.tidy_pc4("") is None


def test_language_is_one_that_is_written():
    rules.check_locale("nl")
    with pytest.raises(RuleBroken):
        rules.check_locale("de")


@pytest.mark.parametrize(("channel", "field"), [("email", "email"), ("phone", "phone")])
def test_channel_needs_its_field(channel, field):
    with pytest.raises(RuleBroken) as refused:
        rules.check_channel(channel, email=None, phone=None)
    assert refused.value.field == field
    rules.check_channel(channel, email="a@b.nl", phone="06-00000000")
    rules.check_channel("letter", email=None, phone=None)


def test_tombstone_is_never_changed():
    rules.check_not_erased("active")
    with pytest.raises(RuleBroken):
        rules.check_not_erased("erased")


@pytest.mark.parametrize(
    ("status", "until", "takes_part"),
    [
        ("active", None, True),
        ("paused", None, False),
        ("paused", TODAY, False),
        ("paused", TODAY - DAY, True),
        ("archived", None, False),
        ("erased", None, False),
    ],
)
def test_pause_lasts_up_to_and_including_its_last_day(status, until, takes_part):
    assert rules.takes_part_on(status, until, TODAY) is takes_part


def test_pause_that_has_ended_is_refused():
    rules.check_pause(None, TODAY)
    rules.check_pause(TODAY, TODAY)
    with pytest.raises(RuleBroken):
        rules.check_pause(TODAY - DAY, TODAY)


def test_consent_expires_two_years_later():
    assert rules.expires_on(TODAY) == date(2028, 11, 24)
    assert rules.expires_on(date(2028, 2, 29)) == date(2030, 3, 1)


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_consent_holds_from_its_first_day_until_the_day_before_it_expires(given_on):
    ends = rules.expires_on(given_on)
    days = {given_on - DAY: False, given_on: True, ends - DAY: True, ends: False}
    for on, holds in days.items():
        assert rules.is_live(given_on=given_on, expires_on=ends, withdrawn=False, on=on) is holds
        assert rules.is_live(given_on=given_on, expires_on=ends, withdrawn=True, on=on) is False


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"radius_km": 0}, "radius_km"),
        ({"radius_km": 301}, "radius_km"),
        ({"max_per_month": -1}, "max_per_month"),
        ({"max_per_month": 32}, "max_per_month"),
        ({"rest_days": -1}, "rest_days"),
        ({"rest_days": 61}, "rest_days"),
        ({"languages": []}, "languages"),
        ({"languages": ["Nederlands"]}, "languages"),
    ],
)
def test_preference_that_nobody_can_mean_is_refused(given_, field):
    plain = {"radius_km": 25, "max_per_month": 4, "rest_days": 0, "languages": ["nl", "tig"]}
    rules.check_preference(**plain)
    with pytest.raises(RuleBroken) as refused:
        rules.check_preference(**{**plain, **given_})
    assert refused.value.field == field


def test_part_of_the_week_exists():
    rules.check_part(1, "morning")
    rules.check_part(7, "evening")
    for weekday, part in ((0, "morning"), (8, "morning"), (1, "night")):
        with pytest.raises(RuleBroken):
            rules.check_part(weekday, part)


def test_absence_lies_ahead_in_the_right_order_and_within_a_year():
    rules.check_absence(TODAY - DAY, TODAY, TODAY)
    for starts, ends in ((TODAY, TODAY - DAY), (TODAY - 2 * DAY, TODAY - DAY), (TODAY, TODAY + 367 * DAY)):
        with pytest.raises(RuleBroken):
            rules.check_absence(starts, ends, TODAY)


def test_every_purpose_has_a_text_in_both_languages_and_its_version_leads_back_to_it():
    for purpose in Purpose:
        text = consents.current(purpose)
        for locale in ("nl", "en"):
            assert consents.text_of(text.version_in(locale)) == text.words(locale)
            assert len(text.sha256(locale)) == 64
        assert text.sha256("nl") != text.sha256("en")
    assert consents.text_of("directory.0.nl") is None


def test_texts_that_people_agreed_to_are_never_edited():
    known = {text.version_in(locale): text.sha256(locale) for text in consents.TEXTS for locale in ("nl", "en")}

    assert known == FROZEN


FROZEN = {
    "directory.1.nl": "86c5273e69abe01c735023f8cc53438554eeb9cf21b8fb2dcef61700856881c4",
    "directory.1.en": "619f508dbe75c197d33c572321653ef057687cbac0e4c9a67795fa6aed7dd18e",
    "contact.1.nl": "cbafcb74149fdcd8d7bea78934f89a7e5b0177ec1fd4a08b912cdb1e50cc44da",
    "contact.1.en": "b75b5b2703e2065402024a877d107f8dc61ec7b8911119f52aba8733d5dbb4ba",
    "photo.1.nl": "db1075b9d56b4105201fd85d17459c611a9de49fe8ace611b474a139f2619d38",
    "photo.1.en": "7c12f9e775ab3af87bb1136059ae5e77174fd78f79c97b8cdb172e33f226fefa",
    "research.1.nl": "f7affa9751ada3bf14502c5b07126251a68ad2c3a5a4c3f83f63f18f723970d0",
    "research.1.en": "71a8afa52302b9606a6be2cbddd74b1df87b1ea708c17627aea0cba131692830",
    "workshop_contact.1.nl": "a4ca37e76bd1d4a48f4f42dcf7ba66562e16a89d65656d26497cf2b9bcf134fd",
    "workshop_contact.1.en": "732c1d15b7bc642a314eae6c6455a128fba636f50e419942abf526c60311a62d",
    "transfer.1.nl": "e8123478ac5775e860bb2ce170237341c3d299aac748767234e42f15e06e147b",
    "transfer.1.en": "2e2eacc946bca2fc4fca1ce627844fa2f10a7bb866873305f802d3c5a2284a8c",
}


def test_consent_texts_are_plain_dutch_of_at_most_twenty_words_a_sentence():
    for text in consents.TEXTS:
        for sentence in text.nl.replace("?", ".").replace("\n", ".").split("."):
            assert len(sentence.split()) <= 20, sentence
