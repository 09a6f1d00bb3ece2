"""`trainhub demo`: both programmes with made-up people, in the browser within a minute."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from trainhub.cli.options import database_option, opened
from trainhub.core.clock import system_clock
from trainhub.core.settings import Settings

DEMO_DATABASE = "sqlite:///instance/demo.db"
KEY_FILE = Path("instance/demo-secret-key")
WORDS = """
The demo of TrainHub is ready: {address}

Look around as one of these people, at {address}/demo/meekijken
  coordinator   Marieke   what needs her today, trainings, certificates, meetings
  trainer       Joke      the lesson of today and who is there
  assessor      Petra     signs off what people have shown
  trainee       Dennis    "Wat gebeurt er nu?", lessons in the own agenda
  facilitator   Karin     a certificate, and a question whether she can come
  municipality  Ellen     finds people in Nijmegen and asks for a meeting
  admin         Bram      health and audit of the system

Three things to try
  1. As coordinator: press "Beslis" beside Bas, and grant him the certificate he has earned.
  2. As municipality: press "Zoek mensen", look for Hatert, and ask for a meeting.
  3. As facilitator: press "Ja, ik kom" or "Nee, deze keer niet", and put the meeting in your agenda.
"""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to serve.")
@database_option
@click.option(
    "--reset", is_flag=True, help="Start afresh, with dates around today; only a demo database is ever emptied."
)
@click.option("--no-serve", is_flag=True, help="Load the demo and stop.")
def demo(port: int, database: str | None, *, reset: bool, no_serve: bool) -> None:
    """Load the two programmes with made-up people and serve them on this computer."""
    from trainhub.demo.loader import load  # noqa: PLC0415 - a call for help does not need the whole house

    settings = demo_settings(database, port)
    click.echo(f"Database: {_without_password(settings.database_url)}")
    with opened(settings) as db:
        if load(db, settings, now=system_clock(), reset=reset):
            click.echo("Loaded both programmes, through the same verbs that coordinators use.")
        else:
            click.echo("The demo was already there and is kept as you left it (--reset starts afresh).")
        if no_serve:
            return
        from trainhub.cli.serve import serve_forever  # noqa: PLC0415 - only now Flask is needed

        serve_forever(settings, db, host="127.0.0.1", port=port, ready=WORDS.format(address=settings.base_url))


def demo_settings(database: str | None, port: int) -> Settings:
    """The environment's settings, completed with what a demo needs: its own database, address and secret key."""
    settings = Settings.from_env(
        os.environ, database_url=database or os.environ.get("TRAINHUB_DATABASE_URL") or DEMO_DATABASE
    )
    given: dict[str, str] = {"database_url": settings.database_url}
    if not settings.secret_key:
        given["secret_key"] = _kept_key()
    if "TRAINHUB_BASE_URL" not in os.environ:
        given["base_url"] = f"http://127.0.0.1:{port}"
    return Settings.from_env(os.environ, **given)


def _kept_key() -> str:
    """A random key that stays the same between two starts, so that nobody is signed out."""
    KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    if not KEY_FILE.exists():
        with os.fdopen(os.open(KEY_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return KEY_FILE.read_text(encoding="ascii")


def _without_password(url: str) -> str:
    from sqlalchemy import make_url  # noqa: PLC0415 - a call for help does not need the whole house

    return make_url(url).render_as_string(hide_password=True)
