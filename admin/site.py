"""The desk, put together: the dashboard first, then one screen file per domain."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint
from flask_admin import Admin
from flask_admin.babel import domain

from admin.dashboard import Dashboard
from admin.service_view import Guarded

if TYPE_CHECKING:
    from flask import Flask
    from flask_admin import BaseView

WORDS = str(Path(__file__).parent / "translations")
SCREENS = (
    "admin.people",
    "admin.editions",
    "admin.certification",
    "admin.meetings",
    "admin.outbox",
    "admin.courses",
    "admin.programmes",
    "admin.places",
    "admin.organisations",
    "admin.health",
    "admin.audit",
    "admin.search",
)


def mount(app: Flask) -> Admin:
    """Add the desk to the application, under `/admin/`."""
    app.register_blueprint(Blueprint("desk_templates", "admin", template_folder="templates"))
    if WORDS not in domain._translation_directories:  # noqa: SLF001 - its own option would replace its catalogue
        domain._translation_directories.append(WORDS)  # noqa: SLF001 - the same
    with app.app_context():
        desk = Admin(app, name="TrainHub", index_view=Dashboard())
        for view in views():
            desk.add_view(view)
    for view in desk._views:  # noqa: SLF001 - Flask-Admin has no public list of its views
        if not isinstance(view, Guarded):
            raise TypeError(f"The admin screen {view.endpoint} derives from neither ServiceView nor Screen.")
        view.mark_doors(app)
    return desk


def views() -> list[BaseView]:
    """Every screen, in the order of the menu."""
    return [view for name in SCREENS if find_spec(name) is not None for view in import_module(name).views()]
