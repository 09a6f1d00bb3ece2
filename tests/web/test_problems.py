"""Problems end on one page, in the reader's language, with the right status, and never tell about the inside."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from sqlalchemy import text
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tests.factories.base import NOW
from trainhub.core.db import Database
from trainhub.core.errors import Conflict, NotAllowed, NotFound, RuleBroken, Several
from trainhub.core.i18n import _
from trainhub.web.access import public
from trainhub.web.app import create_app
from trainhub.web.forms import Form, MomentField, VersionedForm, attempt, shown, whole_number


@pytest.fixture
def app(fresh_app: Flask) -> Flask:
    """Of its own: these tests give it more routes."""
    return fresh_app


@pytest.fixture
def raising(app):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def asked(error: Exception, **headers: str):
        @public
        def view() -> str:
            raise error

        app.view_functions.pop("raising", None)
        if not any(rule.endpoint == "raising" for rule in app.url_map.iter_rules()):
            app.add_url_rule("/fout", "raising", view)
        app.view_functions["raising"] = view
        return app.test_client().get("/fout", headers=headers)

    return asked


@pytest.mark.parametrize(("kind", "status"), [(NotAllowed, 403), (NotFound, 404), (Conflict, 409), (RuleBroken, 422)])
def test_refusal_of_a_service_is_a_page_in_words_with_its_status(raising, kind, status):
    answer = raising(kind(_("This page is not for your role."), code="x"))

    assert answer.status_code == status
    assert "Deze pagina hoort niet bij jouw rol." in answer.text


def test_refusal_as_json_for_who_asks_for_it(raising):
    answer = raising(RuleBroken(_("This page is not for your role."), code="some_code"), Accept="application/json")

    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "some_code"
    assert answer.json["error"]["message"] == "Deze pagina hoort niet bij jouw rol."


def test_mistake_of_ours_shows_a_number_that_stands_in_the_log_and_nothing_else(raising, caplog):
    with caplog.at_level(logging.ERROR):
        answer = raising(KeyError("geheim@example.org"))

    assert answer.status_code == 500
    assert "geheim" not in answer.text
    number = caplog.records[-1].message.split()[0]
    assert number in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/bestaat-niet", 404, "We kunnen deze pagina niet vinden"),
        ("POST", "/privacy", 405, "Dit kan hier niet"),
        ("GET", "/uitloggen", 405, "Dit kan hier niet"),
    ],
)
def test_ordinary_problems_speak_dutch(client, method, path, status, words):
    answer = client.open(path, method=method)

    assert answer.status_code == status
    assert words in answer.text
    assert '<html lang="nl"' in answer.text


def test_method_that_is_not_allowed_names_those_that_are(client):
    assert "GET" in client.post("/privacy").headers["Allow"]


def test_unknown_page_in_english_and_as_json(client):
    assert "We cannot find this page" in client.get("/niets", headers={"Accept-Language": "en"}).text
    assert client.get("/niets", headers={"Accept": "application/json"}).json["error"]["status"] == 404


@pytest.mark.parametrize("path", ["/", "/inloggen", "/bestaat-niet", "/start"])
def test_database_that_is_not_migrated_says_which_command_to_run(empty_database, settings, path):
    app = create_app(settings, database=empty_database, clock=lambda: NOW)

    answer = app.test_client().get(path)

    assert answer.status_code in ({302} if path == "/start" else {503})
    if path != "/start":
        assert "trainhub db upgrade" in answer.text


def test_health_of_an_unmigrated_database_is_503(empty_database, settings):
    app = create_app(settings, database=empty_database)

    answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.json["status"]) == (503, "down")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_broken_query_does_not_break_the_page_about_it(app, raising):
    with app.test_request_context("/"):
        pass

    @public
    def broken() -> str:
        from trainhub.web.per_request import reading  # noqa: PLC0415

        reading().execute(text("SELECT nothing FROM nowhere"))
        return ""

    app.add_url_rule("/stuk", "broken", broken)

    assert app.test_client().get("/stuk").status_code == 503


def test_a_database_that_is_gone_answers_in_words(settings, tmp_path):
    (tmp_path / "map.db").mkdir()
    app = create_app(settings, database=Database(f"sqlite:///{tmp_path / 'map.db'}"))

    answer = app.test_client().get("/")

    assert answer.status_code == 503
    assert "De database geeft geen antwoord" in answer.text
    assert str(tmp_path) not in answer.text


class NameForm(VersionedForm):
    name = StringField("Naam", validators=[InputRequired()])
    at = MomentField("Wanneer")


class Row:
    name = "Hanna"
    row_version = 4


def refuse(error: Exception):
    def act() -> None:
        raise error

    return act


def test_attempt_puts_the_sentence_beside_its_field_and_keeps_what_was_typed(app):
    with app.test_request_context("/", method="POST", data={"name": "Anna"}):
        form = NameForm()
        assert form.validate()

        assert attempt(form, lambda: None) is True
        assert attempt(form, refuse(RuleBroken(_("This page is not for your role."), code="x", field="name"))) is False
        assert form.name.errors == ["Deze pagina hoort niet bij jouw rol."]
        assert form.name.data == "Anna"


def test_attempt_without_a_field_or_with_an_unknown_one_puts_it_above_the_form(app):
    with app.test_request_context("/", method="POST", data={"name": "Anna"}):
        form = NameForm()
        form.validate()
        attempt(form, refuse(RuleBroken(_("This page is not for your role."), code="x", field="nergens")))
        attempt(form, refuse(Several(_("This page is not for your role."), [])))

        assert form.form_errors == ["Deze pagina hoort niet bij jouw rol."] * 2


def test_attempt_with_several_problems_puts_each_at_its_place(app):
    with app.test_request_context("/", method="POST", data={"name": "Anna"}):
        form = NameForm()
        form.validate()
        one = RuleBroken(_("This page is not for your role."), code="x", field="name")
        two = RuleBroken(_("This page is not for your role."), code="y")
        attempt(form, refuse(Several(_("Several"), [one, two])))

        assert len(form.name.errors) == len(form.form_errors) == 1


def test_conflict_shows_both_versions_and_takes_over_the_new_one(app):
    with app.test_request_context("/", method="POST", data={"name": "Anna", "version": "3"}):
        form = NameForm()
        form.validate()
        attempt(form, refuse(Conflict(_("Changed"), code="stale")), saved=Row)

        assert form.both_versions == [("Naam", "Hanna", "Anna")]
        assert form.version.data == "4"
        assert form.seen_version == 4


@pytest.mark.parametrize(
    ("typed", "utc"),
    [("2026-11-24T12:00", "2026-11-24T11:00+00:00"), ("2026-07-01T12:00", "2026-07-01T10:00+00:00"), ("", None)],
)
def test_moment_is_typed_in_dutch_wall_time(app, typed, utc):
    with app.test_request_context("/", method="POST", data={"name": "x", "at": typed}):
        form = NameForm()

        assert (form.at.data.isoformat(timespec="minutes") if form.at.data else None) == utc


def test_hour_that_does_not_exist_is_refused_in_words(app):
    with app.test_request_context("/", method="POST", data={"name": "x", "at": "2027-03-28T02:30"}):
        form = NameForm()

        assert not form.validate()
        assert form.at.errors == ["Dit uur bestaat niet: die nacht gaat de klok vooruit."]


def test_moment_shows_the_same_wall_time_again(app):
    with app.test_request_context("/"):
        assert 'value="2026-11-24T12:00"' in str(NameForm(at=NOW).at())


def test_library_sentences_are_ours(app):
    with app.test_request_context("/", method="POST", data={"at": "onzin"}):
        form = NameForm()

        assert not form.validate()
        assert form.name.errors == ["Vul dit nog in."]
        assert form.at.errors == ["Dit is geen datum met tijd."]


class LongForm(Form):
    word = StringField("Woord", validators=[Length(max=2)])
    code = StringField("Code", validators=[Length(min=2, max=4)])


def test_library_sentences_with_a_count_are_ours(app):
    with app.test_request_context("/", method="POST", data={"word": "abc", "code": "x"}):
        form = LongForm()

        assert not form.validate()
        assert form.word.errors == ["Schrijf ten hoogste 2 tekens."]
        assert form.code.errors == ["Schrijf 2 tot 4 tekens."]
    with app.test_request_context("/", method="POST", data={"word": "abc"}, headers={"Accept-Language": "en"}):
        form = LongForm()

        assert not form.validate()
        assert form.word.errors == ["Field cannot be longer than 2 characters."]


def test_shown_values_are_words(app):
    with app.test_request_context("/"):
        assert [shown(value) for value in (None, "", True, False, NOW.date(), "x")] == [
            "–",
            "–",
            "ja",
            "nee",
            "dinsdag 24 november 2026",
            "x",
        ]
        assert shown(NOW) == "dinsdag 24 november 2026, 12.00 uur"
        assert shown(NOW.replace(tzinfo=None)).startswith("24-11-2026")


def test_seen_version_of_a_tampered_form_is_none(app):
    with app.test_request_context("/", method="POST", data={"version": "²"}):
        assert NameForm().seen_version is None


def test_form_class_is_ours():
    assert issubclass(NameForm, Form)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("2147483647", 2147483647),
        ("2147483648", None),
        ("9" * 5000, None),
        ("²", None),
        ("-1", None),
        (7, 7),
        (None, None),
    ],
)
def test_a_number_in_an_address_or_form_is_one_that_fits_an_id(text, number):
    assert whole_number(text) == number
