"""Settings are one frozen value, read from the environment once; a wrong value stops the start with a clear sentence."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "TRAINHUB_"
DEFAULT_DATABASE_URL = "sqlite:///instance/trainhub.db"
SHORTEST_SECRET = 32


class SettingsError(Exception):
    """A setting has a value that cannot be used; the sentence names it and says what it should be."""


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("an address that starts with http:// or https://, for example https://trainhub.example.org")
    return value.rstrip("/")


def _database(value: str) -> str:
    scheme = value.split(":", 1)[0].split("+", 1)[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise ValueError("a database address that starts with sqlite:/// or postgresql://")
    return value


def _smtp(value: str) -> str:
    parts = urlsplit(value)
    try:
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits = False
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname or not port_fits:
        raise ValueError("a mail server as smtp://host:25, smtp+starttls://user:password@host:587 or smtps://host:465")
    return value


def _secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        raise ValueError(f"a random text of at least {SHORTEST_SECRET} characters")
    return value


def _flag(value: str) -> bool:
    if value.lower() not in {"0", "1", "false", "true", "no", "yes"}:
        raise ValueError("yes or no")
    return value.lower() in {"1", "true", "yes"}


def _mailbox(value: str) -> str:
    if "@" not in value or any(ord(letter) < ord(" ") for letter in value):
        raise ValueError("an e-mail address, for example TrainHub <trainhub@example.org>")
    return value


def _locale(value: str) -> str:
    if value not in {"nl", "en"}:
        raise ValueError("nl or en")
    return value


def _setting(read: Callable[[str], Any], default: Any, help_: str) -> Any:
    return field(default=default, metadata={"read": read, "help": help_})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a deployment may choose. Each field is read from `TRAINHUB_<NAME>`, or from the file in `TRAINHUB_<NAME>_FILE`."""

    database_url: str = _setting(
        _database, DEFAULT_DATABASE_URL, "Where the data is: sqlite:///file.db or postgresql://…"
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata={
            "read": _secret,
            "help": "Signs sessions and links; random, at least 32 characters, the same for all processes",
        },
    )
    base_url: str = _setting(
        _address, "http://127.0.0.1:8000", "The address people use; links in letters start with it"
    )
    smtp_url: str | None = field(
        default=None,
        repr=False,
        metadata={"read": _smtp, "help": "The mail server; without it letters wait in the mail queue"},
    )
    mail_from: str = _setting(_mailbox, "TrainHub <trainhub@example.org>", "The sender of every letter")
    contact_name: str = _setting(str, "het trainingsteam", "The person whom readers of a letter may call")
    contact_phone: str = _setting(str, "06-00000000", "The phone number under each letter")
    default_locale: str = _setting(_locale, "nl", "The language of a visitor who chose none: nl or en")
    behind_proxy: bool = _setting(
        _flag, default=False, help_="Yes when a proxy in front sets X-Forwarded-For and X-Forwarded-Proto"
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str], **given: object) -> Settings:
        """Settings from `TRAINHUB_…` variables; `given` values (from a command line) win.

        Raises `SettingsError` with the variable's name and what it should be; a `TRAINHUB_` variable
        that names no setting is refused too, so that a typing mistake cannot go unnoticed.
        """
        known = {f.name: f for f in fields(cls)}
        values: dict[str, Any] = {}
        for variable, raw in _variables(env):
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                raise SettingsError(
                    f"{variable} is not a setting of TrainHub. The settings are: {', '.join(setting_names())}."
                )
            values[name] = _read(variable, raw, known[name].metadata["read"])
        for name, value in given.items():
            if value is not None:
                read = known[name].metadata["read"]
                values[name] = _read(PREFIX + name.upper(), value, read) if isinstance(value, str) else value
        return cls(**values)

    @property
    def is_secure(self) -> bool:
        """Whether people reach this deployment over https."""
        return self.base_url.startswith("https://")


def setting_names() -> list[str]:
    """The variable names of all settings, in the order of the class."""
    return [PREFIX + f.name.upper() for f in fields(Settings)]


def _variables(env: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for variable, raw in sorted(env.items()):
        if not variable.startswith(PREFIX) or variable.startswith(f"{PREFIX}TEST_") or raw == "":
            continue
        if variable.endswith("_FILE"):
            found.append((variable.removesuffix("_FILE"), _file(variable, raw)))
        else:
            found.append((variable, raw))
    return found


def _file(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{variable} should be a file that can be read, but {path} cannot: {problem}.") from problem


def _read(variable: str, raw: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(raw)
    except ValueError as problem:
        raise SettingsError(f"{variable} should be {problem}.") from problem
