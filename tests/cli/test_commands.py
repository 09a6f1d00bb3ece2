"""The prompt: what it does, and how it tells that it cannot."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from trainhub.cli.main import COMMANDS, main
from trainhub.core.access import SYSTEM
from trainhub.core.work import unit_of_work
from trainhub.places.models import Region


@pytest.fixture
def run(monkeypatch):
    for name in ("TRAINHUB_DATABASE_URL",):
        monkeypatch.delenv(name, raising=False)

    def called(*words, expect=0, **options):
        result = CliRunner().invoke(main, [str(word) for word in words], **options)
        assert result.exit_code == expect, result.output
        assert "Traceback" not in result.output
        return result.output

    return called


def test_every_command_is_listed_and_can_be_loaded(run):
    listed = run("--help")

    for name in COMMANDS:
        assert f"  {name} " in listed
        assert "Usage:" in run(name, "--help")


def test_commands_can_be_completed():
    assert main.list_commands(None) == sorted(COMMANDS)


def test_the_list_loads_no_flask():
    script = "import sys; from trainhub.cli.main import main; main(['--help'], standalone_mode=False)"
    script += "; assert 'flask' not in sys.modules"

    subprocess.run([sys.executable, "-c", script], check=True)


def test_an_unknown_command_is_a_mistake_of_use(run):
    assert "No such command" in run("nope", expect=2)


def test_upgrade_check_downgrade(run, empty_database):
    where = ("--database", empty_database.url)

    assert "empty. Run: trainhub db upgrade" in run("db", "check", *where, expect=1)
    assert "Added 342 municipalities." in run("db", "upgrade", *where)
    again = run("db", "upgrade", *where)
    assert "Already at version" in again
    assert "municipalities" not in again
    assert "as it should be" in run("db", "check", *where)
    assert "Now at version 0003." in run("db", "downgrade", "0003", "--yes", *where)
    assert "Run: trainhub db upgrade" in run("db", "check", *where, expect=1)
    assert "Aborted" in run("db", "downgrade", *where, input="n\n", expect=1)
    assert "Now at version empty." in run("db", "downgrade", *where, input="y\n")


def test_an_unknown_step_is_told(run, fresh_database):
    assert "This TrainHub knows:" in run("db", "downgrade", "nope", "--yes", "--database", fresh_database.url, expect=1)


def test_a_table_that_was_changed_by_hand_is_told(run, fresh_database):
    with fresh_database.engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_municipality_name"))

    told = run("db", "check", "--database", fresh_database.url, expect=1)

    assert "ix_municipality_name" in told
    assert "changed by hand" in told


def test_the_audit_is_verified(run, fresh_database, settings, kind):
    where = ("--database", fresh_database.url)
    assert "Entries: 0" in run("audit", "verify", *where)
    for name in ("Meierij", "Bommelerwaard"):
        with unit_of_work(fresh_database, settings, SYSTEM) as work:
            region = work.add(Region(name=name))
            work.record("region.created", region)
    assert "Entries: 2" in run("audit", "verify", *where)

    with fresh_database.engine.begin() as connection:
        guard = (
            "DROP TRIGGER audit_entry_refuse_update"
            if kind == "sqlite"
            else "ALTER TABLE audit_entry DISABLE TRIGGER USER"
        )
        connection.execute(text(guard))
        connection.execute(text("UPDATE audit_entry SET action = 'region.blessed' WHERE id = 1"))

    assert "Entry 1 was changed" in run("audit", "verify", *where, expect=1)


def test_the_environment_names_the_database(run, monkeypatch, fresh_database):
    monkeypatch.setenv("TRAINHUB_DATABASE_URL", fresh_database.url)

    assert "as it should be" in run("db", "check")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://x", "TRAINHUB_DATABASE_URL should be a database address"),
        ("postgresql://x:secret@127.0.0.1:1/x", "The database does not answer"),
        (f"sqlite:///{__file__}", "The database does not answer: file is not a database"),
        (f"sqlite:///{__file__}/x.db", "cannot be made"),
    ],
    ids=["unknown", "no server", "no database", "no folder"],
)
def test_a_database_that_does_not_work_is_told_in_one_sentence(run, url, words):
    told = run("db", "check", "--database", url, expect=1)

    assert words in told
    assert "secret" not in told
    assert told.count("\n") == 1


def test_a_mistake_of_ours_keeps_its_traceback(fresh_database):
    with fresh_database.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_entry"))

    result = CliRunner().invoke(main, ["audit", "verify", "--database", fresh_database.url])

    assert result.exit_code == 1
    assert result.exception is not None
