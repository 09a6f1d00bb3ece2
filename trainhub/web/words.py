"""The words of the templates: the reader's language, dates and times in it, the menu, who is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, g, has_request_context, request, session
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_login import current_user

from trainhub.core import i18n
from trainhub.core.access import Actor, Permission, Role
from trainhub.core.clock import local_day
from trainhub.core.marks import is_demo
from trainhub.web.forms import locale_code
from trainhub.web.per_request import allows, current_actor, house, reading, today

if TYPE_CHECKING:
    from datetime import datetime

    from flask_babel import LazyString

LANGUAGE = "language"
STAFF = {Role.coordinator, Role.technical_administrator, Role.privacy_officer, Role.municipality_officer}


def reader_locale() -> str:
    """The language: what was chosen here, what the person prefers, what the browser asks for, what the house speaks."""
    if not has_request_context():
        return house().settings.default_locale
    for wanted in (session.get(LANGUAGE), getattr(current_user, "locale", None)):
        if wanted in i18n.LOCALES:
            return str(wanted)
    return request.accept_languages.best_match(i18n.LOCALES) or house().settings.default_locale


def init_app(app: Flask) -> None:
    """Filters, globals and the context of every page."""
    app.jinja_env.filters |= {
        "day": lambda value: i18n.day(value, locale_code()) if value else "",
        "moment": lambda value: i18n.moment(value, locale_code()) if value else "",
        "clock_time": lambda value: i18n.clock_time(value, locale_code()) if value else "",
        "span": _span,
        "local_day": lambda value: local_day(value) if value else None,
        "say": lambda text: i18n.render(text, locale_code()),
    }
    app.jinja_env.globals |= {"get_locale": get_locale, "allows": allows, "today": today}
    app.jinja_env.add_extension("jinja2.ext.do")
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    """What the layout shows on every page."""
    if request.endpoint == "static":
        return {}
    actor = current_actor()
    return {
        "current_actor": actor,
        "settings": house().settings,
        "demo": in_demo(),
        "nav_items": nav_items(actor),
        "search_url": f"{request.script_root}/admin/zoeken/" if allows(Permission.PERSON_LIST) else None,
        "footer_items": footer_items(actor),
        "signed_in_as": actor.name if actor.person_id else None,
    }


def in_demo() -> bool:
    """Whether the database is a demonstration: known with the account of who is signed in, else asked."""
    if "in_demo" not in g:
        known = getattr(current_user, "is_demo", None)
        g.in_demo = is_demo(reading()) if known is None else known
    return bool(g.in_demo)


def nav_items(actor: Actor) -> list[tuple[LazyString, str, bool]]:
    """The main menu of this person: words, address, whether we are there."""
    root, here = request.script_root, request.path
    return [
        (words, root + path, here.startswith(path.rstrip("/")))
        for words, path, fits in (
            (_("Overview"), "/admin/", allows(Permission.DASHBOARD_READ)),
            (_("Training"), "/training", allows(Permission.TRAINING_READ)),
            (_("Municipality"), "/gemeente", actor.has(Role.municipality_officer)),
            (_("My page"), "/mijn", is_participant(actor)),
        )
        if fits
    ]


def footer_items(actor: Actor) -> list[tuple[LazyString, str]]:
    """What stands at the foot of every page; who is signed in can also change the password there."""
    items = [(_("Your privacy"), "/privacy"), (_("Accessibility"), "/toegankelijkheid"), (_("Contact"), "/contact")]
    if actor.person_id is not None:
        items.append((_("Your password"), "/wachtwoord-wijzigen"))
    return [(words, request.script_root + path) for words, path in items]


def is_participant(actor: Actor) -> bool:
    """Whether somebody has a page of their own: everybody but those who only work at a desk."""
    return actor.person_id is not None and not any(actor.has(role) for role in STAFF)


def home_of(actor: Actor) -> str:
    """The page where this person starts."""
    for path, fits in (
        ("/admin/", allows(Permission.DASHBOARD_READ)),
        ("/training", allows(Permission.TRAINING_READ)),
        ("/gemeente", actor.has(Role.municipality_officer)),
        ("/mijn", actor.person_id is not None),
    ):
        if fits:
            return path
    return "/"


def _span(starts_at: datetime, ends_at: datetime) -> str:
    return i18n.span(starts_at, ends_at, locale_code())
