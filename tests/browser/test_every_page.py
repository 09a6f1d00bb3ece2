"""Every page that a role can reach by links: it answers, is accessible, fits a phone, and breaks no content policy."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from trainhub.demo.loader import ROLES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.conftest import Site

pytestmark = pytest.mark.xdist_group("browser")
LOOKS = {"phone": ({"width": 360, "height": 740}, "light"), "desk": ({"width": 1280, "height": 800}, "dark")}
FOR_EVERYBODY = ("public.", "account.", "security.")  # walked once, by the visitor
NOT_PAGES = (".ics", ".pdf", "/static/", "/uitloggen", "/healthz", "/robots.txt")
START = {
    "visitor": "/",
    "coordinator": "/admin/",
    "trainer": "/training",
    "assessor": "/training",
    "trainee": "/mijn",
    "facilitator": "/mijn",
    "municipality": "/gemeente",
    "admin": "/admin/",
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", ["visitor", *ROLES])
def test_every_page_of_a_role_is_accessible_and_fits(browser: Browser, site: Site, role: str, look: str) -> None:
    viewport, scheme = LOOKS[look]
    context = browser.new_context(viewport=viewport, locale="nl-NL", color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    if role != "visitor":
        page.goto(f"{site.address}/demo/meekijken")
        page.check(f"input[value={role}]")
        page.locator("main form button").first.click()

    visited = _walk(page, site, START[role], complaints)

    context.close()
    assert complaints == []
    assert len(visited) >= 3


def _walk(page: Page, site: Site, start: str, complaints: list[str]) -> set[str]:
    """Follow links from `start`, one page per endpoint; what is wrong goes in `complaints`."""
    adapter = site.app.url_map.bind("127.0.0.1")
    waiting, visited = deque([start]), set[str]()
    while waiting:
        path = waiting.popleft()
        endpoint = str(adapter.match(urlsplit(path).path)[0])
        if endpoint in visited or (start != START["visitor"] and endpoint.startswith(FOR_EVERYBODY)):
            continue
        visited.add(endpoint)
        answer = page.goto(site.address + path)
        assert answer is not None
        if answer.status != 200:
            complaints.append(f"{path}: {answer.status}")
        complaints += [f"{path}: {fault}" for fault in _faults(page)]
        waiting += _links(page, site)
    return visited


def _links(page: Page, site: Site) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    paths = []
    for link in dict.fromkeys(found):
        if link.startswith(site.address) and not any(part in link for part in NOT_PAGES):
            parts = urlsplit(link)
            paths.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return paths


def _faults(page: Page) -> list[str]:
    found = [
        f"axe {fault['id']}: {[node['html'][:120] for node in fault['nodes']][:3]}"
        for fault in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        found.append("wider than the screen")
    if page.locator("h1").count() != 1:
        found.append("not exactly one h1")
    if page.evaluate("document.documentElement.lang") != "nl":
        found.append("not in Dutch")
    return found
