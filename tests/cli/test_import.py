"""The command `trainhub import people`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from trainhub.cli.main import main
from trainhub.people.models import Person

HEAD = "call_name,formal_name,email,phone,locale,channel,pc4,municipality\n"


@pytest.fixture
def run(fresh_database, tmp_path):
    """Run the command on a file with these rows."""

    def ran(rows, *options, encoding="utf-8"):
        file = tmp_path / "people.csv"
        file.write_bytes(rows if isinstance(rows, bytes) else (HEAD + rows).encode(encoding))
        return CliRunner().invoke(main, ["import", "people", str(file), "--database", fresh_database.url, *options])

    return ran


def count(database):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(Person))


def test_dry_run_shows_each_row_and_writes_nothing(run, fresh_database):
    result = run("Noor,,noor@example.org,,,,,\nNoor,,noor@example.org,,,,,\n", "--dry-run")

    assert result.exit_code == 0
    assert "line     2  create  Noor" in result.stdout
    assert "line     3  skip    Noor  The same person stands on line 2." in result.stdout
    assert "Would do: create: 1, match: 0, skip: 1, refuse: 0." in result.stdout
    assert count(fresh_database) == 0


def test_import_writes_and_says_what_it_did(run, fresh_database):
    result = run("Noor,,noor@example.org,,,,,\nNoor,,noor@example.org,,,,,\n")

    assert result.exit_code == 0
    assert "Done: create: 1, match: 0, skip: 1, refuse: 0." in result.stdout
    assert count(fresh_database) == 1


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_one_bad_row_ends_with_code_1_its_line_and_nobody_imported(run, fresh_database, options):
    result = run("Noor,,noor@example.org,,,,,\n=1+1,,,,,,,\n", *options)

    assert result.exit_code == 1
    assert "Line 3: the cell “call_name” starts like a formula" in result.stderr
    assert "Traceback" not in result.output
    assert count(fresh_database) == 0


def test_many_bad_rows_are_counted(run):
    result = run(",Wit,,,,,,\n" * 30)

    assert "… and 10 more." in result.stderr
    assert "30 rows cannot be used" in result.stderr


def test_another_encoding_and_ten_megabytes_of_junk_are_refused_in_one_sentence(run):
    for rows, words in (
        ((HEAD + "Zoë,,,,,,,\n").encode("latin-1"), "Line 2 is not UTF-8"),
        (b"\x01junk" * 2_000_000, "bigger than 5 MB"),
    ):
        result = run(rows)
        assert (result.exit_code, words in result.stderr, "Traceback" in result.output) == (1, True, False)


def test_unknown_file_is_a_mistake_in_the_command():
    assert CliRunner().invoke(main, ["import", "people", "there-is-no-such-file.csv"]).exit_code == 2


def test_help_names_the_columns():
    result = CliRunner().invoke(main, ["import", "people", "--help"])

    assert result.exit_code == 0
    assert "call_name, formal_name, email, phone" in " ".join(result.stdout.split())
