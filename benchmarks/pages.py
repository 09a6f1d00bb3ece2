"""Every page that the demo's roles can reach by following links: at most ten queries, at most 50 ms of server time.

The pages are found as a person finds them: from the page where the role starts, link by link. Of pages that differ only in
whom or what they are about, the first is measured.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from benchmarks.bare import bare_page, hello
from benchmarks.harness import Goal, Pace, Row, compare
from benchmarks.world import NOW, Worlds, settings_for
from trainhub.core.db import Database
from trainhub.demo.loader import load

ROLES = ("facilitator", "trainee", "trainer", "assessor", "municipality", "coordinator", "admin")
STARTS = ("/", "/mijn", "/training", "/gemeente", "/gemeente/zoeken", "/admin/")
MOST_TRIES = 5
OK, FOUND, BROKEN = 200, 302, 500
GOAL = Goal(queries=10, server_ms=50)


def rows(worlds: Worlds) -> Iterator[Row]:
    """One row per page, for the first role that reaches it; on PostgreSQL too at full size."""
    for kind in worlds.kinds if worlds.scale.name == "full" else worlds.kinds[:1]:
        database = worlds.empty(kind, "demo")
        app = demo(database)
        shown: set[str | None] = set()
        for role in ROLES:
            for address in reached(app, role, shown):
                yield page(app, database, kind, role, address)


def page(app: Flask, database: Database, kind: str, role: str, address: str) -> Row:
    """One page as one role, against a hello and the page's own SQL through the driver."""
    subject, limit = bare_page(database.engine, signed_in(app, role), address, hello())
    return compare(
        "page",
        subject=subject,
        limit=limit,
        limit_words="the same SQL through the driver + hello",
        goal=GOAL,
        pace=Pace(rounds=3, round_seconds=0.0),
        size=f"{role}: {rule_of(app, address)}",
        database=kind,
        engine=database.engine,
        weigh=False,
    )


def demo(database: Database) -> Flask:
    """The application on a database with the demo in it."""
    from admin.site import mount  # noqa: PLC0415 - only pages load Flask's rooms
    from trainhub.web.app import create_app  # noqa: PLC0415 - the same

    settings = settings_for(database)
    load(database, settings, now=NOW)
    app = create_app(settings, database=database, clock=lambda: NOW, mounts=[mount])
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def signed_in(app: Flask, role: str) -> FlaskClient:
    """A browser that came in by the door of the demo."""
    client = app.test_client()
    answer = client.post("/demo/meekijken", data={"als": role})
    assert answer.status_code == FOUND, f"The demo lets nobody in as {role}: {answer.status}"
    return client


def reached(app: Flask, role: str, shown: set[str | None]) -> list[str]:
    """The addresses of the pages that this role reaches by links, one per kind of page that is not in `shown` yet."""
    client, found = signed_in(app, role), {}
    queue, tries = deque(STARTS), Counter[str | None]()
    while queue:
        address = queue.popleft()
        kind = rule_of(app, address)
        tries[kind] += 1
        if kind is None or kind in found or tries[kind] > MOST_TRIES or (kind in shown and address not in STARTS):
            continue
        answer = client.get(address)
        if answer.status_code == OK and answer.mimetype == "text/html":
            found[kind] = address
            queue.extend(dict.fromkeys(_links(answer.text, address)))
        elif answer.status_code >= BROKEN:
            print(f"{address} answers {answer.status} to {role}.", file=sys.stderr)
    fresh = sorted(address for kind, address in found.items() if kind not in shown)
    shown.update(found)
    return fresh


def rule_of(app: Flask, address: str) -> str | None:
    """The address as the application knows it, with the names of its parts; None for what it does not know."""
    with app.test_request_context(address) as context:
        try:
            return str(context.request.url_rule.rule) if context.request.url_rule else None
        except HTTPException:
            return None


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember where a link leads."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def _links(page: str, address: str) -> Iterator[str]:
    anchors = _Anchors()
    anchors.feed(page)
    for link in anchors.found:
        parts = urlsplit(urljoin(f"http://localhost{address}", link))
        if parts.netloc == "localhost" and parts.scheme == "http":
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path
