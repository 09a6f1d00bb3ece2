"""Habits are tests: how this house is built, checked by reading its own code."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from trainhub.core.access import GRANTS, Permission
from trainhub.core.db import Base
from trainhub.core.settings import PREFIX, Settings
from trainhub.tables import METADATA

ROOT = Path(__file__).parent.parent
HOUSE = sorted([*(ROOT / "trainhub").rglob("*.py"), *(ROOT / "admin").rglob("*.py")])
ALL = sorted(
    [
        *HOUSE,
        *(ROOT / "tests").glob("**/*.py"),
        *(ROOT / "migrations").rglob("*.py"),
        *(ROOT / "benchmarks").rglob("*.py"),
    ]
)
ALL = [file for file in ALL if "node_modules" not in file.parts]
OUTER = ("trainhub.web", "trainhub.cli", "admin")
MOST_LINES = 400
CATALOGUE = ROOT / "trainhub" / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2), "lazy_ngettext": (1, 2)}

NEED_NO_PERMISSION = {
    "queue": "a letter follows from an act that was allowed",
    "refresh_meeting": "an agenda follows from an act that was allowed",
    "refresh_session": "an agenda follows from an act that was allowed",
}
NEED_NO_RECORD: dict[str, str] = {}


def names(files):
    return [str(file.relative_to(ROOT)) for file in files]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def calls(node):
    """The last name of everything that is called inside: `work.require(…)` is `require`."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call):
            target = found.func
            yield target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def on_work(node):
    """What is asked of `work`: `work.require(…)` is `require`."""
    for found in ast.walk(node):
        if isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute):
            owner = found.func.value
            if isinstance(owner, ast.Name) and owner.id == "work":
                yield found.func.attr


def functions(file):
    return [node for node in tree(file).body if isinstance(node, ast.FunctionDef)]


def first_parameter(function):
    positional = [*function.args.posonlyargs, *function.args.args]
    return positional[0].arg if positional else ""


@cache
def domain_functions() -> dict[str, list[ast.FunctionDef]]:
    """Every function below the pages, by name."""
    found: dict[str, list[ast.FunctionDef]] = {}
    for file in HOUSE:
        if file.parts[len(ROOT.parts)] == "trainhub" and "web" not in file.parts and "cli" not in file.parts:
            for function in functions(file):
                found.setdefault(function.name, []).append(function)
    return found


def reaches(function, act, seen=frozenset()):
    """Whether a verb does `act` on its work itself, or through a function that it calls."""
    if act in on_work(function):
        return True
    for name in set(calls(function)) - seen:
        if any(
            reaches(other, act, seen | {name})
            for other in domain_functions().get(name, [])
            if first_parameter(other) == "work"
        ):
            return True
    return False


def public_functions():
    """The public functions of services, of flows, and all that take a unit of work, below the pages."""
    for file in HOUSE:
        room = file.relative_to(ROOT).parts
        if (
            room[0] != "trainhub"
            or len(room) < len(("trainhub", "room", "file"))
            or room[1] in {"core", "web", "cli", "demo"}
        ):
            continue
        for function in functions(file):
            takes_work = first_parameter(function) == "work"
            if not function.name.startswith("_") and (room[1] == "flows" or room[-1] == "service.py" or takes_work):
                yield pytest.param(function, id=f"{room[1]}.{function.name}")


def is_step(function):
    """A step of a verb: it gets rows that the verb has already judged, one after the other, instead of keys by name."""
    return first_parameter(function) == "work" and [argument.arg for argument in function.args.args[1:]] not in (
        [],
        ["letter"],
    )


PUBLIC = list(public_functions())
QUESTIONS = [found for found in PUBLIC if first_parameter(found.values[0]) != "work"]
STEPS = {found.values[0].name for found in PUBLIC if is_step(found.values[0])}
VERBS = [found for found in PUBLIC if first_parameter(found.values[0]) == "work" and not is_step(found.values[0])]
MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__tablename__)


def test_there_is_one_commit_in_the_house():
    assert names(file for file in HOUSE if "commit" in calls(tree(file))) == ["trainhub/core/work.py"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_service_changes_nothing_without_a_unit_of_work(question):
    assert set(calls(question)) & {"add", "add_all", "delete", "execute", "flush", "merge"} == set()


def test_pages_and_commands_call_verbs_and_not_their_steps():
    outer = [
        file
        for file in HOUSE
        if file.relative_to(ROOT).parts[:2] in {("trainhub", "web"), ("trainhub", "cli")} or "admin" in file.parts
    ]
    verbs = {found.values[0].name for found in VERBS}

    assert {f"{file.stem}: {name}" for file in outer for name in set(calls(tree(file))) & (STEPS - verbs)} == set()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.values[0].name not in NEED_NO_PERMISSION])
def test_a_verb_asks_for_permission(verb):
    assert reaches(verb, "require")


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.values[0].name not in NEED_NO_RECORD])
def test_a_verb_leaves_a_record(verb):
    assert reaches(verb, "record")


def test_exceptions_exist():
    known = {verb.values[0].name for verb in VERBS}

    assert set(NEED_NO_PERMISSION) | set(NEED_NO_RECORD) <= known


def test_every_module_says_what_lives_in_it():
    assert names(file for file in ALL if not ast.get_docstring(tree(file))) == []


def test_no_file_is_too_long():
    assert names(file for file in ALL if len(file.read_text(encoding="utf-8").splitlines()) > MOST_LINES) == []


def test_a_door_sign_imports_nothing():
    signs = [file for file in ALL if file.name == "__init__.py"]
    only_words = [isinstance(node, ast.Expr | ast.Assign) for file in signs for node in tree(file).body]

    assert all(only_words)


def test_every_package_has_a_door_sign():
    folders = {file.parent for file in HOUSE}

    assert names(folder for folder in sorted(folders) if not (folder / "__init__.py").exists()) == []


def test_the_house_has_no_drawers():
    assert names(file for file in HOUSE if file.stem in {"utils", "util", "common", "helpers", "misc"}) == []


def test_every_permission_is_granted_and_asked():
    asked = {node.attr for file in HOUSE for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)}

    assert set(GRANTS) == set(Permission)
    assert {permission.name for permission in Permission} - asked_outside_the_table(asked) == set()


def asked_outside_the_table(asked):
    table = ROOT / "trainhub" / "core" / "access.py"
    elsewhere = {
        node.attr for file in HOUSE if file != table for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)
    }
    return asked & elsewhere


def test_every_table_is_loaded_by_one_import():
    modules = {file.parent.name for file in (ROOT / "trainhub").glob("*/models.py")}
    imported = {
        node.module.split(".")[1]
        for node in ast.walk(tree(ROOT / "trainhub" / "tables.py"))
        if isinstance(node, ast.ImportFrom)
    }

    assert modules <= imported
    assert len(METADATA.tables) == len(Base.registry.mappers)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_table_is_classed_for_privacy(model):
    columns = set(model.__table__.columns.keys())

    assert model.privacy.purpose
    assert model.privacy.retention
    assert model.privacy.personal | model.privacy.special <= columns


def test_every_setting_is_documented():
    rows = [
        f"| `{PREFIX}{setting.name.upper()}` | {setting.metadata['help']} | {shown(setting.default)} |"
        for setting in fields(Settings)
    ]
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [line for line in page.splitlines() if line.startswith("| `")] == rows, "\n".join(rows)


def shown(default):
    if default in (None, ""):
        return "none"
    return f"`{ {True: 'yes', False: 'no'}.get(default, default) }`"


def test_every_letter_has_a_test():
    tests = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    letters = [
        function.name
        for file in (ROOT / "trainhub" / "outbox" / "letters").glob("*.py")
        for function in functions(file)
        if not function.name.startswith("_")
        and isinstance(function.returns, ast.Name)
        and function.returns.id == "Letter"
    ]

    assert letters
    assert [name for name in letters if name not in tests] == []


def test_the_library_works_without_flask():
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in HOUSE]
    inner = [name for name in modules if not name.startswith(OUTER)]
    script = f"import sys, importlib\nfor name in {inner}: importlib.import_module(name)\n"
    script += "print([name for name in sys.modules if name in ('flask', 'werkzeug', 'wtforms')])"

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"


def sentences():
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
    options = {"**/templates/**.html": {"extensions": "jinja2.ext.do"}, "**/templates/**.txt": {}}
    for top in ("trainhub", "admin"):
        for found in extract_from_dir(str(ROOT / top), methods, options, keywords=KEYWORDS):
            yield found[2]


def dutch():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def test_every_sentence_has_dutch():
    catalogue = dutch()
    missing = []
    for sentence in sentences():
        key = sentence[0] if isinstance(sentence, tuple) else sentence
        entry = catalogue.get(key)
        words = () if entry is None else entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if not words or not all(words) or entry.fuzzy:
            missing.append(key)

    assert sorted(set(missing)) == []


def test_dutch_keeps_every_value_of_its_sentence():
    wrong = [entry.id for entry in dutch() if entry.id and entry.string and list(entry.check())]

    assert wrong == []


def test_the_compiled_catalogue_is_up_to_date():
    fresh = io.BytesIO()
    write_mo(fresh, dutch())

    assert said_by(CATALOGUE.with_suffix(".mo").read_bytes()) == said_by(fresh.getvalue())


def said_by(compiled):
    return {str(entry.id): entry.string for entry in read_mo(io.BytesIO(compiled)) if entry.id}


def test_the_ci_runs_the_command_of_the_readme():
    commands = [
        line.split("#")[0].strip()
        for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if "python -m tests" in line
    ]

    assert commands[0] == "pip install uv && uv run --all-extras python -m tests"
    assert "python -m tests" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
