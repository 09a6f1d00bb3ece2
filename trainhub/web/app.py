"""The application is a short list: configuration, extensions, the door, the pages, the words of the templates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from trainhub import tables
from trainhub.core.clock import Clock, system_clock
from trainhub.core.db import Database
from trainhub.core.i18n import TRANSLATIONS
from trainhub.core.settings import Settings, SettingsError
from trainhub.web import access, assets, headers, identity, problems, words
from trainhub.web.per_request import (
    KEY,
    House,
    allows,
    begin,
    close_reading,
    current_actor,
    house,
    now,
    reading,
    today,
)

if TYPE_CHECKING:
    from flask import Blueprint

LARGEST_BODY = 12_000_000
LARGEST_FORM = 500_000
MOST_FIELDS = 2_000

# One page group per line; each module holds its blueprint as `bp`.
PAGES = (
    "trainhub.web.public",
    "trainhub.web.account",
    "trainhub.web.demo_door",
    "trainhub.web.trainee",
    "trainhub.web.choices",
    "trainhub.web.training",
    "trainhub.web.signing",
    "trainhub.web.municipality",
    "trainhub.web.certificate",
    "trainhub.web.invitation",
    "trainhub.web.feeds",
)


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    clock: Clock = system_clock,
    mounts: Sequence[Callable[[Flask], object]] = (),
) -> Flask:
    """The application for these settings; `mounts` (the admin) are called with it at the end.

    Raises `SettingsError` when there is no secret key.
    """
    if not settings.secret_key:
        raise SettingsError("TRAINHUB_SECRET_KEY should be a random text of at least 32 characters.")
    app = Flask("trainhub.web", static_folder=None)
    app.config.update(_config(settings))
    app.extensions[KEY] = House(settings, database or Database(settings.database_url), clock)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # Flask's own documented way
    Babel(app, locale_selector=words.reader_locale, default_translation_directories=str(TRANSLATIONS))
    CSRFProtect(app)
    headers.init_app(app)
    assets.init_app(app)
    identity.init_app(app)
    problems.init_app(app)
    words.init_app(app)
    app.before_request(access.guard)
    app.teardown_appcontext(close_reading)
    for page in blueprints():
        app.register_blueprint(page)
    for mount in mounts:
        mount(app)
    return app


def blueprints() -> list[Blueprint]:
    """The page groups of `PAGES`, in their order."""
    return [import_module(name).bp for name in PAGES]


def _config(settings: Settings) -> dict[str, Any]:
    cookie = "__Host-trainhub" if settings.is_secure else "trainhub"
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": MOST_FIELDS,
        "SESSION_COOKIE_NAME": cookie,
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_PROTECTION": "basic",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "REMEMBER_COOKIE_NAME": f"{cookie}-remember",
        "REMEMBER_COOKIE_SECURE": settings.is_secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": settings.default_locale,
        "BABEL_DEFAULT_TIMEZONE": "Europe/Amsterdam",
        "PREFERRED_URL_SCHEME": "https" if settings.is_secure else "http",
    }


__all__ = [
    "allows",
    "begin",
    "create_app",
    "current_actor",
    "house",
    "now",
    "reading",
    "tables",
    "today",
]
