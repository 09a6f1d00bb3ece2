"""Decisions about courses: what a version may become, and what each kind of requirement can ask.

A requirement is data, never code: `checked_params` says per kind which params are complete, `sentence` reads them aloud.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trainhub.core.errors import RuleBroken
from trainhub.core.i18n import Text, _, _n

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

ALLOWED: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"published"}),
    "published": frozenset({"retired"}),
    "retired": frozenset(),
}
STATE_WORDS: Mapping[str, Text] = {"draft": _("Draft"), "published": _("Published"), "retired": _("Retired")}
TRACK_WORDS: Mapping[str, Text] = {
    "expert_by_experience": _("Expert by experience"),
    "discussion_leader": _("Discussion leader"),
}
PHASE_WORDS: Mapping[str, Text] = {"initial": _("First certificate"), "renewal": _("Renewal")}
KIND_WORDS: Mapping[str, Text] = {
    "attendance_share": _("Share of the lessons"),
    "modules_present": _("Modules followed"),
    "competences_signed": _("Competences signed off"),
    "practice_meetings": _("Practice meetings"),
    "led_meetings": _("Meetings led"),
    "refresher": _("Refresher lesson"),
    "declaration": _("Declaration"),
    "document_seen": _("Document seen"),
    "manual": _("Checked by hand"),
}
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
MOST_TIMES = 50
CORE = "core"


def may_become(state: str, wanted: str) -> None:
    """Refuse a step that the table of states does not hold."""
    if wanted not in ALLOWED[state]:
        raise RuleBroken(
            _(
                "A version that is %(state)s cannot become %(wanted)s.",
                state=STATE_WORDS[state],
                wanted=STATE_WORDS[wanted],
            ),
            code="state",
        )


def may_be_changed(state: str) -> None:
    """Refuse a change of a version that editions already promise to people."""
    if state != "draft":
        raise RuleBroken(
            _("This version has been published and is frozen. Make a new version and change that."), code="frozen"
        )


def has_code(code: str) -> str:
    """The code in capitals. Raises `RuleBroken` unless it begins with a letter and holds at most 20 letters and digits."""
    if not CODE.fullmatch(code.strip()):
        raise RuleBroken(_("A code begins with a letter and is short, for example M1."), code="code", field="code")
    return code.strip().upper()


def has_words(words: str, field: str) -> str:
    """The words without spaces around them. Raises `RuleBroken` when nothing is left."""
    if not words.strip():
        raise RuleBroken(_("Fill this in."), code="empty", field=field)
    return words.strip()


def has_half_days(half_days: int) -> None:
    """Refuse a module that lasts no time, or longer than two weeks."""
    if not 1 <= half_days <= 20:  # noqa: PLR2004 - twenty half-days are two weeks
        raise RuleBroken(_("Fill in a number of half-days from 1 to 20."), code="half_days", field="half_days")


def is_free(code: str, taken: Collection[str]) -> None:
    """Refuse a code that the version already uses."""
    if code in taken:
        raise RuleBroken(
            _("The code %(code)s is already used in this version.", code=code), code="code_taken", field="code"
        )


def may_be_published(
    *, modules: Collection[str], competences: Collection[str], requirements: Collection[tuple[str, str, Any]]
) -> None:
    """Refuse a version without modules, without a requirement for a first certificate, or with one that names what is gone.

    `requirements` are `(phase, kind, params)`.
    """
    if not modules:
        raise RuleBroken(_("Add at least one module before you publish."), code="no_modules")
    if not any(phase == "initial" for phase, _kind, _params in requirements):
        raise RuleBroken(
            _("Add at least one requirement for a first certificate before you publish."), code="no_requirements"
        )
    for _phase, kind, params in requirements:
        checked_params(kind, params, modules=modules, competences=competences)


def checked_params(
    kind: str, params: Mapping[str, Any], *, modules: Collection[str], competences: Collection[str]
) -> dict[str, Any]:
    """The params of a requirement, complete and without anything else.

    `modules` and `competences` are the codes that the version knows. Raises `RuleBroken` on the field `params`.
    """
    return PARAMS[kind](params, modules if kind == "modules_present" else competences)


def _number(params: Mapping[str, Any], name: str, *, least: int, most: int) -> int:
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise RuleBroken(
            _("Fill in a whole number from %(least)s to %(most)s.", least=least, most=most),
            code="params",
            field="params",
        )
    return value


def _share(params: Mapping[str, Any], _codes: Collection[str]) -> dict[str, Any]:
    return {"percent": _number(params, "percent", least=1, most=100), **_partly(params)}


def _partly(params: Mapping[str, Any]) -> dict[str, Any]:
    """How much of a lesson one must have followed for it to count, where a course says so."""
    return (
        {"partly_percent": _number(params, "partly_percent", least=1, most=100)} if "partly_percent" in params else {}
    )


def _which_modules(params: Mapping[str, Any], codes: Collection[str]) -> dict[str, Any]:
    return {**_which(params, codes), **_partly(params)}


def _which(params: Mapping[str, Any], codes: Collection[str]) -> dict[str, Any]:
    which = params.get("which")
    if which == CORE:
        return {"which": CORE}
    if not isinstance(which, list) or not which:
        raise RuleBroken(_("Choose the core, or name at least one code."), code="params", field="params")
    missing = [str(code) for code in which if code not in codes]
    if missing:
        raise RuleBroken(
            _("This version has no %(codes)s.", codes=", ".join(missing)), code="params_unknown", field="params"
        )
    return {"which": list(which)}


def _practice(params: Mapping[str, Any], _codes: Collection[str]) -> dict[str, Any]:
    asked = {
        name: _number({name: params.get(name, 0)}, name, least=0, most=MOST_TIMES) for name in ("observe", "co_lead")
    }
    if not any(asked.values()):
        raise RuleBroken(_("Ask for at least one practice meeting."), code="params", field="params")
    return asked


def _led(params: Mapping[str, Any], _codes: Collection[str]) -> dict[str, Any]:
    return {"count": _number(params, "count", least=1, most=MOST_TIMES)}


def _refresher(params: Mapping[str, Any], _codes: Collection[str]) -> dict[str, Any]:
    return {"half_days": _number(params, "half_days", least=1, most=20)}


def _document(params: Mapping[str, Any], _codes: Collection[str]) -> dict[str, Any]:
    return {"what": _text(params, "what")}


def _declared(params: Mapping[str, Any], _codes: Collection[str]) -> dict[str, Any]:
    return {"what": _text(params, "what")} if params.get("what") else {}


def _text(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RuleBroken(_("Say in a few words what is asked."), code="params", field="params")
    return value.strip()


PARAMS: Mapping[str, Callable[[Mapping[str, Any], Collection[str]], dict[str, Any]]] = {
    "attendance_share": _share,
    "modules_present": _which_modules,
    "competences_signed": _which,
    "practice_meetings": _practice,
    "led_meetings": _led,
    "refresher": _refresher,
    "declaration": _declared,
    "document_seen": _document,
    "manual": _declared,
}


def sentence(kind: str, params: Mapping[str, Any]) -> Text:
    """The requirement in one plain sentence."""
    return SENTENCES[kind](params)


def _codes(params: Mapping[str, Any]) -> str:
    return ", ".join(params["which"])


def _modules_sentence(params: Mapping[str, Any]) -> Text:
    if params["which"] == CORE:
        return _("Every core module followed or made up")
    return _("Followed or made up: %(codes)s", codes=_codes(params))


def _competences_sentence(params: Mapping[str, Any]) -> Text:
    if params["which"] == CORE:
        return _("Every core competence signed off")
    return _("Signed off: %(codes)s", codes=_codes(params))


def _practice_sentence(params: Mapping[str, Any]) -> Text:
    return _(
        "Practice: joined %(observe)s times, led together %(co_lead)s times",
        observe=params.get("observe", 0),
        co_lead=params.get("co_lead", 0),
    )


def _declared_sentence(params: Mapping[str, Any]) -> Text:
    return _("Declared: %(what)s", what=params["what"]) if params.get("what") else _("Declaration given")


def _manual_sentence(params: Mapping[str, Any]) -> Text:
    return (
        _("Checked by hand: %(what)s", what=params["what"]) if params.get("what") else _("Checked by the coordinator")
    )


SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], Text]] = {
    "attendance_share": lambda params: _("At least %(percent)s percent of the lessons", percent=params["percent"]),
    "modules_present": _modules_sentence,
    "competences_signed": _competences_sentence,
    "practice_meetings": _practice_sentence,
    "led_meetings": lambda params: _n("Led %(count)s meeting", "Led %(count)s meetings", params["count"]),
    "refresher": lambda params: _n(
        "Refresher lesson of %(count)s half-day", "Refresher lessons of %(count)s half-days", params["half_days"]
    ),
    "declaration": _declared_sentence,
    "document_seen": lambda params: _("Document seen: %(what)s", what=params["what"]),
    "manual": _manual_sentence,
}
