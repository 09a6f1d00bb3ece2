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
    "directory.1.nl": "3d6fc17b5751bd8c43020bdc728a384081711556d862b406ac7d20d5072e8c76",
    "directory.1.en": "e151737d87afd298a1040da9bd13ee840e0376801bbbc2ead0191a3dea56ae89",
    "contact.1.nl": "29927db0a552055c41bccf5a264737f69214286be2051c42ddfdfc70824c7ed5",
    "contact.1.en": "187546e689ee063460f6b8db6a8821c0f2c50891cdc5e6d96e72add5b574b508",
    "photo.1.nl": "c39841e9f6dc9c475c8ead30be2be581c20e6743df78c3faa1242a0dbec5ff44",
    "photo.1.en": "51c6c41ce75c88b4ca921ed7f0f68874595f15164cea101270c359aa64f7bd7c",
    "research.1.nl": "81bf21917fb5efd2d5469b7cf85af3ea3f2dba698ea0f1748ed27ab6db3d9ccd",
    "research.1.en": "a03a9096d5cc575d44e72825f12585d1b946f33ccf9d2d9fe808bc1f0e9bc0ff",
    "workshop_contact.1.nl": "024e5fd4d8b6c29a2bde4ed8074859becf1b730d4a2bfd452d7cb89c56a6e5b7",
    "workshop_contact.1.en": "3544bf8a444600aeaadfaef81f50d6447676345582d08185f52d1d43dae6bb8f",
    "transfer.1.nl": "dccfa51e1992e313c8bb474bc8f4966fd8644d28b84b59bbe131c176bcf0f5cd",
    "transfer.1.en": "64ec0f58bc49ab111c3463470cf809e893785bbcc1d19ab89a06b7db26360b56",
}


def test_consent_texts_are_plain_dutch_of_at_most_twenty_words_a_sentence():
    for text in consents.TEXTS:
        for sentence in text.nl.replace("?", ".").split("."):
            assert len(sentence.split()) <= 20, sentence
