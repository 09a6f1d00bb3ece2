"""Habits of the templates: no inline style, script or handler, and a page that stays light."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "trainhub" / "web" / "templates", ROOT / "admin" / "templates")
STATIC = ROOT / "trainhub" / "web" / "static"
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.rglob("*.html"))
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style", re.IGNORECASE),
    "handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "foreign host": re.compile(r"(?:src|action)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
}
HEAVIEST = 150_000
ROOM_FOR_HTML = 30_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_nothing_the_security_policy_blocks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_page_is_light_even_when_nothing_is_compressed() -> None:
    weight = sum(path.stat().st_size for path in STATIC.iterdir() if path.is_file())

    assert weight + ROOM_FOR_HTML <= HEAVIEST
    assert len(gzip.compress((STATIC / "bootstrap.css").read_bytes())) < 20_000


def test_bootstrap_is_local_and_keeps_its_licence() -> None:
    css = (STATIC / "bootstrap.css").read_text(encoding="utf-8")

    assert "Licensed under MIT" in css[:300]
    assert "@import" not in css
