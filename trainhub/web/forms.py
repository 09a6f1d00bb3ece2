"""Forms keep what was typed, and a service's refusal stands beside the field it is about.

A view reads:

    form = MoveForm()
    if form.validate_on_submit() and attempt(form, lambda: _move(form, id)):
        return redirect(url_for(".session", id=id))
    return render_template("training/move.html", form=form)

where `_move` opens `begin()` and calls a verb.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.i18n import translations as library_translations
from wtforms import DateTimeLocalField, HiddenField

from trainhub.core.clock import AMSTERDAM
from trainhub.core.errors import Conflict, DomainError, Several
from trainhub.core.i18n import _n, catalogue, day, moment, render

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_NUMBER = 2**31 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2199

# The sentences that WTForms writes by itself; named here so that they are in our catalogue.
LIBRARY_SENTENCES = (
    _("This field is required."),
    _("Not a valid choice."),
    _("Not a valid choice"),
    _("Not a valid date value."),
    _("Not a valid time value."),
    _("Not a valid datetime value."),
    _("Not a valid integer value."),
    _("Not a valid decimal value."),
    _("Not a valid float value."),
    _("Invalid email address."),
    _("Invalid input."),
    _("Invalid value, must be one of: %(values)s."),
    _("Number must be at least %(min)s."),
    _("Number must be at most %(max)s."),
    _("Number must be between %(min)s and %(max)s."),
    _("CSRF token missing."),
    _("The CSRF token is missing."),
    _("The CSRF token has expired."),
    _("The CSRF token is invalid."),
    _("The CSRF tokens do not match."),
    _("The CSRF session token is missing."),
    _("Field must be between %(min)d and %(max)d characters long."),
)

LIBRARY_COUNTS = (
    _n("Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long.", 1),
    _n("Field cannot be longer than %(max)d character.", "Field cannot be longer than %(max)d characters.", 1),
    _n("Field must be exactly %(max)d character long.", "Field must be exactly %(max)d characters long.", 1),
)


def locale_code() -> str:
    """The reader's language: `nl` or `en`."""
    return str(get_locale() or "nl")[:2]


class OurWords:
    """Our catalogue before the library's own."""

    def gettext(self, string: str) -> str:
        """The sentence in the reader's language."""
        ours = gettext(string.replace("%", "%%")) if "%(" not in string else _raw(string)
        return ours if ours != string else str(library_translations.gettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The sentence in the reader's language, for this number."""
        ours = catalogue(locale_code()).ngettext(singular, plural, n)
        return ours if ours not in {singular, plural} else str(library_translations.ngettext(singular, plural, n))


def _raw(string: str) -> str:
    return catalogue(locale_code()).gettext(string)


def whole_number(given: object) -> int | None:
    """The number that plain digits say, None when there is none or when it is larger than any id."""
    words = "" if given is None else str(given)
    fits = words.isascii() and words.isdigit() and len(words) <= len(str(LARGEST_NUMBER))
    return int(words) if fits and int(words) <= LARGEST_NUMBER else None


def row_id(value: object) -> int | None:
    """What a list of rows that starts with "not known" says: an id, or None for nothing. Raises `ValueError` for anything else."""
    if not value:
        return None
    number = whole_number(value)
    if number is None:
        raise ValueError("not an id")
    return number


def has_usual_year(on: date) -> bool:
    """Whether a day can be meant: the first and last days of a calendar leave no room to count from."""
    return FIRST_YEAR <= on.year <= LAST_YEAR


def _unusual_year() -> str:
    return str(gettext("Choose a day between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))


class Form(FlaskForm):
    """The base of every form: CSRF, our words, days that can be meant, both versions after a conflict."""

    class Meta(FlaskForm.Meta):
        """Sentences from our catalogue."""

        def get_translations(self, form: Any) -> OurWords:
            """Our words before the library's."""
            del form
            return OurWords()

    both_versions: list[tuple[str, str, str]] = []  # noqa: RUF012 - replaced per form, never changed

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field holds what it should; a day in a year that nobody means is refused beside its field."""
        fits = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field.data, date) and not has_usual_year(field.data):
                field.errors = [*field.errors, _unusual_year()]
                fits = False
        return fits


class MomentField(DateTimeLocalField):
    """A moment that a person types in Dutch wall time; its `data` is aware UTC, ready for a verb."""

    def process_data(self, value: datetime | None) -> None:
        """Keep what the database gave."""
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read Dutch wall time. An hour that does not exist (the clock goes forward) is refused in words."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        super().process_formdata(valuelist)
        if self.data is None:
            return
        if not has_usual_year(self.data):
            self.data = None
            raise ValueError(_unusual_year())
        given = self.data.replace(tzinfo=AMSTERDAM)
        self.data = given.astimezone(UTC)
        if self.data.astimezone(AMSTERDAM).replace(tzinfo=None) != given.replace(tzinfo=None):
            self.data = None
            raise ValueError(gettext("This hour does not exist: the clock goes forward that night."))

    def _value(self) -> str:
        """What stands in the field: what was typed, or the moment in Dutch wall time."""
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(AMSTERDAM).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class VersionedForm(Form):
    """A form over a row that two people may edit: it carries the version that the reader saw."""

    version = HiddenField()

    @property
    def seen_version(self) -> int | None:
        """The version to hand to the verb; None when the form was tampered with."""
        return whole_number(self.version.data)


def attempt(form: Any, act: Callable[[], object], *, saved: Callable[[], object] | None = None) -> bool:
    """Run `act`; True when it succeeded. A refusal goes beside its field (or above the form) and gives False.

    With `saved` (a function that reads the row as it is now) a conflict fills `form.both_versions` for the macro of that
    name, and the form takes over the new version: saving again is then a choice.
    """
    try:
        act()
    except Several as several:
        for problem in several.problems:
            _place(form, problem)
        if not several.problems:
            form.form_errors.append(render(several.message, locale_code()))
        return False
    except DomainError as problem:
        _place(form, problem)
        if saved is not None and isinstance(problem, Conflict):
            _compare(form, saved())
        return False
    return True


def _place(form: Any, problem: DomainError) -> None:
    sentence = render(problem.message, locale_code())
    field = form[problem.field] if problem.field and problem.field in form else None
    if field is None:
        form.form_errors.append(sentence)
    else:
        field.errors = [*field.errors, sentence]


def _compare(form: Any, row: object) -> None:
    form.both_versions = [
        (str(field.label.text), shown(getattr(row, field.short_name)), shown(field.data))
        for field in form
        if hasattr(row, field.short_name) and field.short_name not in {"version", "csrf_token"}
        if getattr(row, field.short_name) != field.data
    ]
    if "version" in form:
        form.version.data = str(getattr(row, "row_version", ""))


def shown(value: object) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, datetime):
        return moment(value, locale_code()) if value.tzinfo else value.strftime("%d-%m-%Y %H.%M")
    if isinstance(value, date):
        return day(value, locale_code())
    return str(value)
