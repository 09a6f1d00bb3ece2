"""The limits: a Flask hello with a session, and the same SQL through the bare driver."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.harness import Call

HASH_LENGTH = 64
_connections: WeakKeyDictionary[Engine, Any] = WeakKeyDictionary()


def hello() -> Call:
    """A Flask application that greets who is in its session, asked through its test client: the floor of every request."""
    app = Flask("hello")
    app.secret_key = secrets.token_hex(32)

    @app.get("/")
    def greet() -> str:
        return f"Hello, {session['name']}"

    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["name"] = "you"
    return lambda: client.get("/")


@dataclass(frozen=True)
class Sent:
    """One statement as the driver got it."""

    statement: str
    parameters: Any
    is_many: bool


def recorded(engine: Engine, call: Call) -> list[Sent]:
    """Every statement that a call sends, `BEGIN` and `COMMIT` included where our code sends them."""
    call()
    seen: list[Sent] = []

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, _ctx: object, is_many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's signature
        seen.append(Sent(statement, parameters, is_many))

    event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def replay(engine: Engine, sent: list[Sent], *, commits: bool = False) -> Call:
    """A call that sends the same statements through the driver, fetches every row and ends the transaction.

    What has to be unique (the hashes of the audit) is made anew each time.
    """
    driver = _driver(engine)

    def send() -> None:
        cursor = driver.cursor()
        fresh = _renewer() if commits else (lambda values: values)
        for one in sent:
            if one.statement.startswith("BEGIN") and driver.in_transaction:
                driver.commit()
            if one.is_many:
                cursor.executemany(one.statement, [fresh(row) for row in one.parameters])
            else:
                cursor.execute(one.statement, fresh(one.parameters))
            if cursor.description is not None:
                cursor.fetchall()
        cursor.close()
        if commits:
            driver.commit()
        else:
            driver.rollback()

    return send


def _driver(engine: Engine) -> Any:
    """The driver's own connection, one per database: a pool is small."""
    if engine not in _connections:
        _connections[engine] = engine.raw_connection()
    return _connections[engine].driver_connection


def release(engine: Engine) -> None:
    """Give the driver's connection of this database back."""
    connection = _connections.pop(engine, None)
    if connection is not None:
        connection.close()


def both(*calls: Call) -> Call:
    """A call that makes all of these calls."""

    def made() -> None:
        for call in calls:
            call()

    return made


def bare_page(engine: Engine, client: FlaskClient, address: str, floor: Call) -> tuple[Call, Call]:
    """A page as a call that insists on 200, and its limit: the hello and the page's own SQL through the driver."""

    def page() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address} answers {answer.status}"  # noqa: PLR2004 - OK

    return page, both(floor, replay(engine, recorded(engine, page)))


def _renewer() -> Callable[[Any], Any]:
    """Replaces each text as long as a hash by another one, the same by the same."""
    prefix = secrets.token_hex(8)

    def renew(value: Any) -> Any:
        if isinstance(value, str) and len(value) == HASH_LENGTH and not value.startswith("0" * 16):
            return prefix + value[len(prefix) :]
        return value

    def row(values: Any) -> Any:
        if isinstance(values, dict):
            return {key: renew(value) for key, value in values.items()}
        return tuple(renew(value) for value in values)

    return row
