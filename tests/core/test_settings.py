"""A wrong setting stops the start with a sentence that names it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from trainhub.core.settings import Settings, SettingsError, setting_names

SECRET = "0123456789abcdef0123456789abcdef"


def test_nothing_set_gives_the_defaults():
    assert Settings.from_env({"HOME": "/", "TRAINHUB_SMTP_URL": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("database_url", "postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("database_url", "postgres://u@h/d", "postgres://u@h/d"),
        ("secret_key", SECRET, SECRET),
        ("base_url", "https://trainhub.example.org/", "https://trainhub.example.org"),
        ("smtp_url", "smtp+starttls://u:p@mail.example.org:587", "smtp+starttls://u:p@mail.example.org:587"),
        ("smtp_url", "smtps://mail.example.org", "smtps://mail.example.org"),
        ("mail_from", "a@example.org", "a@example.org"),
        ("contact_name", "Sam", "Sam"),
        ("default_locale", "en", "en"),
        ("behind_proxy", "YES", True),
        ("behind_proxy", "0", False),
    ],
)
def test_a_right_value_is_taken(name, raw, value):
    assert getattr(Settings.from_env({f"TRAINHUB_{name.upper()}": raw}), name) == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("database_url", "mysql://h/d"),
        ("secret_key", "short"),
        ("base_url", "trainhub.example.org"),
        ("base_url", "ftp://trainhub.example.org"),
        ("base_url", "https://"),
        ("smtp_url", "mail.example.org"),
        ("smtp_url", "smtp://"),
        ("smtp_url", "smtp://mail.example.org:many"),
        ("smtp_url", "smtp://mail.example.org:0"),
        ("mail_from", "nobody"),
        ("mail_from", "a@example.org\r\nBcc: b@example.org"),
        ("default_locale", "fr"),
        ("behind_proxy", "maybe"),
    ],
)
def test_a_wrong_value_names_itself(name, raw):
    variable = f"TRAINHUB_{name.upper()}"

    with pytest.raises(SettingsError, match=f"^{variable} should be "):
        Settings.from_env({variable: raw})


def test_an_unknown_variable_is_refused():
    with pytest.raises(SettingsError, match="TRAINHUB_BASEURL is not a setting"):
        Settings.from_env({"TRAINHUB_BASEURL": "https://x"})


def test_variables_of_the_tests_are_left_alone():
    assert Settings.from_env({"TRAINHUB_TEST_DATABASE_URL": "postgresql://x/y"}) == Settings()


def test_a_value_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")

    assert Settings.from_env({"TRAINHUB_SECRET_KEY_FILE": str(tmp_path / "secret")}).secret_key == SECRET


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(SettingsError, match="TRAINHUB_SECRET_KEY_FILE should be a file that can be read"):
        Settings.from_env({"TRAINHUB_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_the_command_line_wins_and_is_judged_too():
    env = {"TRAINHUB_DATABASE_URL": "sqlite:///a.db"}

    assert Settings.from_env(env, database_url="sqlite:///b.db").database_url == "sqlite:///b.db"
    assert Settings.from_env(env, database_url=None).database_url == "sqlite:///a.db"
    assert Settings.from_env(env, behind_proxy=True).behind_proxy is True
    with pytest.raises(SettingsError, match="TRAINHUB_DATABASE_URL"):
        Settings.from_env(env, database_url="b.db")


def test_settings_never_change_and_never_show_a_secret():
    settings = Settings(secret_key=SECRET, smtp_url="smtp://u:password@h")

    assert SECRET not in repr(settings)
    assert "password" not in repr(settings)
    with pytest.raises(FrozenInstanceError):
        settings.base_url = "https://x"


def test_names_and_safety():
    assert setting_names()[:2] == ["TRAINHUB_DATABASE_URL", "TRAINHUB_SECRET_KEY"]
    assert Settings(base_url="https://x").is_secure
    assert not Settings().is_secure
