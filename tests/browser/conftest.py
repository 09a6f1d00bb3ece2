"""A real site with the demo in it, a real Chromium, and hands that only use the keyboard."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright
from waitress.server import create_server
from waitress.wasyncore import close_all

from admin.site import mount
from trainhub.core.clock import system_clock
from trainhub.core.db import Database
from trainhub.core.settings import Settings
from trainhub.demo.loader import load
from trainhub.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MOST_STEPS = 250
NAME_OF_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";
  const labels = e.labels ? [...e.labels].map(l => l.innerText).join(" ") : "";
  const name = e.getAttribute("aria-label") || labels || e.innerText || e.value || "";
  return name.replace(/\\s+/g, " ").trim();
}"""
IS_IN_GROUP = """name => {
  const e = document.activeElement;
  if (e.type !== "radio") return false;
  const group = [...document.getElementsByName(e.name)];
  return group.some(one => [...one.labels].some(l => l.innerText.toLowerCase().includes(name)));
}"""
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@dataclass
class Site:
    """A served demo: its address, application and database."""

    address: str
    app: Flask
    database: Database


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the whole demo, loaded once; sites get a copy."""
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    database = Database(f"sqlite:///{file}")
    load(database, Settings(secret_key="a secret that only the tests know, not you"), now=system_clock())
    database.close()  # the last connection folds the write-ahead log into the file
    return file


@pytest.fixture
def site(demo_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A site of its own on a free port of this machine."""
    file = tmp_path / "site.db"
    shutil.copyfile(demo_file, file)
    settings = Settings(
        secret_key="a secret that only the tests know, not you",
        database_url=f"sqlite:///{file}",
        base_url="http://127.0.0.1",
    )
    database = Database(settings.database_url)
    app = create_app(settings, database=database, mounts=[mount])
    sockets: dict[int, object] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.effective_port}", app, database)
    server.close()
    thread.join(timeout=10)
    close_all(sockets, ignore_all=True)
    database.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window; without one on this machine the tests are skipped, and fail in CI."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        except Error as problem:
            sentence = f"Chromium is not on this machine: {problem.message.splitlines()[0]}"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
        yield chromium
        chromium.close()


class Person:
    """Somebody at a keyboard: finds things by their name with Tab, presses, types; never touches a mouse."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def opens(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.address + path)

    def finds(self, name: str, *, among: str = "*") -> None:
        """Tab to the thing with this name; fails when it cannot be reached by keyboard, or when focus does not show."""
        seen: list[str] = []
        for _step in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            seen.append(self.page.evaluate(NAME_OF_FOCUS))
            if (
                name.casefold() in seen[-1].casefold()
                and self.page.locator(":focus").and_(self.page.locator(among)).count()
            ):
                self._sees_focus(name)
                return
        pytest.fail(f"{name!r} cannot be reached by keyboard on {self.page.url}; seen: {list(dict.fromkeys(seen))}")

    def presses(self, name: str) -> None:
        """Tab to a link or button and press Enter."""
        self.finds(name)
        self._enters()

    def chooses(self, name: str) -> None:
        """Tab to a radio group, walk it with the arrow keys to this choice."""
        for _step in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(IS_IN_GROUP, name.casefold()):
                break
        self.page.keyboard.press("Space")
        for _step in range(20):
            if name.casefold() in self.page.evaluate(NAME_OF_FOCUS).casefold():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{name!r} is not a choice on {self.page.url}")

    def fills(self, name: str, words: str) -> None:
        """Tab to a field and type."""
        self.finds(name, among="input, textarea")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def reads(self, words: str) -> bool:
        """Whether the page says this."""
        return words.casefold() in " ".join(self.page.locator("body").inner_text().split()).casefold()

    def looks_as(self, role: str, words: str) -> None:
        """Come in by the demo's door."""
        self.opens("/demo/meekijken")
        self.chooses(words)
        self._enters()
        assert "/demo/meekijken" not in self.page.url, role

    def _enters(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _sees_focus(self, name: str) -> None:
        outline = self.page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
        )
        assert outline, f"the focus on {name!r} does not show"


@pytest.fixture
def person(browser: Browser, site: Site) -> Iterator[Person]:
    """Somebody with a phone, in Dutch."""
    context = browser.new_context(viewport=PHONE, locale="nl-NL", accept_downloads=True)
    yield Person(context.new_page(), site.address)
    context.close()
