"""The base of every admin screen: read on a session that cannot write, change only through a named service function.

A `ServiceView` is read-only until it names `create_with` or `change_with`. Nothing is removed here: what ends is archived or
revoked by a page of its own (`Screen`).
"""

from __future__ import annotations

import inspect as python_inspect
import uuid
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from flask import abort, flash, has_request_context, request
from flask_admin import BaseView, expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.form import BaseForm
from flask_admin.model.form import converts
from flask_admin.model.typefmt import BASE_FORMATTERS
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import inspect
from wtforms import HiddenField

from admin.plain_lookup import PlainLookup
from trainhub.core.access import Permission
from trainhub.core.errors import NotAllowed
from trainhub.core.i18n import _, day, moment
from trainhub.web.access import MARK, Access, mark, to_sign_in
from trainhub.web.forms import MomentField, OurWords, attempt, locale_code, whole_number
from trainhub.web.per_request import allows, begin, reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Query
    from wtforms import Field, Form

    from trainhub.core.db import ReadSession

LAST_PAGE = 1_000_000
NEVER = {"delete_view", "action_view", "ajax_update", "ajax_lookup"}
NOT_VALUES = {"csrf_token", "version"}


class ReadHandle:
    """What Flask-Admin gets instead of a database: this request's reading session."""

    @property
    def session(self) -> ReadSession:
        """The session of this request, which refuses to write."""
        return reading()

    def __getattr__(self, name: str) -> Any:
        """Whatever Flask-Admin asks of a session."""
        return getattr(reading(), name)


class Guarded(BaseView):
    """What both kinds of screen share: the door, and no hidden errors."""

    permission: ClassVar[Permission]
    _urls: list[tuple[str, str, tuple[str, ...]]]

    def access_for(self, name: str) -> Access:
        """Who may open the page `name` of this screen."""
        own = getattr(getattr(type(self), name), MARK, None)
        return own if isinstance(own, Access) else Access(permissions=(self.permission,))

    def is_accessible(self) -> bool:
        """Whether the reader may open this screen at all; the menu asks it too."""
        return has_request_context() and allows(self.permission)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> ResponseReturnValue:
        """A visitor goes to the sign-in page, anybody else hears that this is not theirs."""
        del name, kwargs
        if not current_user.is_authenticated:
            return to_sign_in()
        raise NotAllowed(_("This page is not for your role."), code="not_allowed")

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the page; Flask-Admin would catch a TypeError of ours and try again."""
        return fn(self, *args, **kwargs)

    def mark_doors(self, app: Flask) -> None:
        """Give every page of this screen its access mark."""
        for _url, name, _methods in self._urls:
            mark(app, [f"{self.endpoint}.{name}"], self.access_for(name))


class Screen(Guarded):
    """A page of our own in the admin menu. Name its `permission`; a method may ask another with `@needs`.

    Its templates extend `admin/screen.html`; `self.render(template, **values)` draws them.
    """


class DeskForm(BaseForm):
    """The base of the forms that Flask-Admin makes from a table: our words."""

    class Meta(BaseForm.Meta):
        """Sentences from our catalogue before the library's."""

        def get_translations(self, form: Any) -> OurWords:
            """Our words before the library's."""
            del form
            return OurWords()


class Converter(AdminModelConverter):
    """Form fields for our column types: a moment is asked in Dutch wall time."""

    @converts("UTCDateTime")
    def conv_moment(self, field_args: dict[str, Any], **extra: Any) -> Field:
        """A moment, typed in Dutch wall time, kept in UTC."""
        del extra
        return MomentField(**field_args)


class ServiceView(PlainLookup, Guarded, ModelView):
    """A table as a screen: list, search, filter, details; creating and changing only by `create_with` and `change_with`.

    `create_with(work, **values)` gets the form's values (a chosen row as `<field>_id`); `change_with(work, <table>_id=…, **values)`
    gets the row's id too, and `version` when it asks for one. What they raise as a `DomainError` stands beside its field.
    """

    permission_read: ClassVar[Permission]
    permission_change: ClassVar[Permission | None] = None
    create_with: ClassVar[Callable[..., object] | None] = None
    change_with: ClassVar[Callable[..., object] | None] = None
    key_argument: ClassVar[str | None] = None

    can_delete = False
    can_export = False
    can_view_details = True
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 100)
    action_disallowed_list: ClassVar[list[str]] = ["delete"]
    column_editable_list = None
    column_display_pk = False
    model_form_converter = Converter
    form_base_class = DeskForm

    def __init__(self, model: type, **given: Any) -> None:
        """A screen over `model`; `name`, `category`, `endpoint` and `url` as Flask-Admin knows them."""
        self.column_type_formatters = FORMATTERS
        self.column_type_formatters_detail = FORMATTERS
        super().__init__(model, ReadHandle(), **given)
        closed = NEVER | set() if self.can_export else NEVER | {"export"}
        closed |= set() if self._service("create_with") else {"create_view"}
        closed |= set() if self._service("change_with") else {"edit_view"}
        self._urls = [door for door in self._urls if door[1] not in closed]

    @property
    def permission(self) -> Permission:  # type: ignore[override]  # a table's door is its reading permission
        """To open the list."""
        return self.permission_read

    @property
    def can_create(self) -> bool:
        """Whether this reader may add a row here."""
        return self._service("create_with") is not None and self._may_change()

    @property
    def can_edit(self) -> bool:
        """Whether this reader may change a row here."""
        return self._service("change_with") is not None and self._may_change()

    def access_for(self, name: str) -> Access:
        """Reading for the list and the details, changing for the forms."""
        if name in {"create_view", "edit_view"}:
            return Access(permissions=(self.permission_change or self.permission_read,))
        return super().access_for(name)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A form for a new row; 422 when it was refused."""
        return _with_status(super().create_view())

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """The form of a row; 422 when it was refused."""
        return _with_status(super().edit_view())

    def title_for(self, row: Any) -> str:
        """What a row is called in the head of its page."""
        names = (getattr(row, name, None) for name in ("call_name", "title", "name", "code", "number"))
        return str(next((name for name in names if name), self.name))

    def is_action_allowed(self, name: str) -> bool:
        """No acts on many rows at once: those have pages of their own, with a preview."""
        del name
        return False

    def get_one(self, id: Any) -> Any:
        """The row, only when the list could show it; else 404."""
        query: Query[Any] = self.get_query()
        row = query.filter(inspect(self.model).primary_key[0] == self._key(id)).one_or_none()
        return row if row is not None else abort(404)

    def get_create_form(self) -> type[Form]:
        """The form for a new row; an empty one when nothing may be created."""
        return super().get_create_form() if self._service("create_with") else BaseForm

    def get_edit_form(self) -> type[Form]:
        """The form for an existing row, with the version that the reader saw."""
        if not self._service("change_with"):
            return BaseForm
        form = super().get_edit_form()
        if hasattr(self.model, "row_version") and not hasattr(form, "version"):
            form = type(form)(form.__name__, (form,), {"version": HiddenField()})
        return form

    def edit_form(self, obj: Any = None) -> Form:
        """The filled form."""
        form = super().edit_form(obj)
        if "version" in form and request.method == "GET":
            form.version.data = str(obj.row_version)
        return form

    def create_model(self, form: Form) -> Any:
        """Create the row by its service. False when it refused; its sentence then stands in the form."""
        made: list[object] = []
        service = self._service("create_with")
        if service is None or not attempt(form, lambda: made.append(_run(service, values_of(form)))):
            return False
        return made[0] or True

    def update_model(self, form: Form, model: Any) -> bool:
        """Change the row by its service. False when it refused."""
        service = self._service("change_with")
        if service is None:
            return False
        values = values_of(form) | {self._key_name(): model.id}
        if "version" in form and "version" in python_inspect.signature(service).parameters:
            seen = whole_number(form.version.data)
            values["version"] = -1 if seen is None else seen
        return attempt(form, lambda: _run(service, values), saved=lambda: self.get_one(model.id))

    def delete_model(self, model: Any) -> bool:
        """Nothing is removed here."""
        del model
        return abort(405)

    def _get_list_filter_args(self) -> Any:
        try:
            return super()._get_list_filter_args()
        except (KeyError, ValueError):
            flash(gettext("We cannot filter by that. The whole list is shown."), "warning")
            return None

    def _get_list_extra_args(self) -> Any:
        args = super()._get_list_extra_args()
        args.page = min(max(args.page, 0), LAST_PAGE)
        return args

    def _service(self, name: str) -> Callable[..., object] | None:
        """The service function as it was written in the class, not bound to the view."""
        return getattr(type(self), name)

    def _may_change(self) -> bool:
        return has_request_context() and allows(self.permission_change or self.permission_read)

    def _key_name(self) -> str:
        return self.key_argument or f"{self.model.__tablename__}_id"

    def _key(self, given: Any) -> int:
        return whole_number(given) or abort(404)


def values_of(form: Form) -> dict[str, Any]:
    """What a form says, ready for a verb: an empty text is None, a chosen row is its id under `<field>_id`."""
    values: dict[str, Any] = {}
    for field in form:
        if field.short_name in NOT_VALUES or field.type == "SubmitField":
            continue
        value = field.data
        if isinstance(value, str):
            values[field.short_name] = value.strip() or None
        elif inspect(value, raiseerr=False) is not None and hasattr(type(value), "__mapper__"):
            values[f"{field.short_name}_id"] = value.id
        else:
            values[field.short_name] = value
    return values


def _with_status(page: Any) -> ResponseReturnValue:
    """A form that comes back after a POST was refused; a search in one of its fields was not."""
    is_refused = isinstance(page, str) and request.method == "POST" and "_lookup" not in request.form
    return (page, 422) if is_refused else page


def _run(service: Callable[..., object], values: dict[str, Any]) -> object:
    with begin() as work:
        return service(work, **values)


def _as_moment(_view: object, value: datetime, _name: str = "") -> str:
    return moment(value, locale_code())


def _as_day(_view: object, value: date, _name: str = "") -> str:
    return day(value, locale_code())


def _as_words(_view: object, value: bool, _name: str = "") -> str:  # noqa: FBT001 - Flask-Admin's signature
    return gettext("yes") if value else gettext("no")


def _as_name(_view: object, value: Enum, _name: str = "") -> str:
    return gettext(str(value.name).replace("_", " "))


def _as_text(_view: object, value: object, _name: str = "") -> str:
    return str(value)


FORMATTERS: dict[type, Callable[..., str]] = {
    **BASE_FORMATTERS,
    datetime: _as_moment,
    date: _as_day,
    bool: _as_words,
    Enum: _as_name,
    uuid.UUID: _as_text,
}
