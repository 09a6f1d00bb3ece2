"""What must be covered to the last branch: core, rules, services and flows. `python -m tests` loads this into pytest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coverage import Coverage

COMPLETE = re.compile(r"trainhub/(core/\w+|\w+/rules|\w+/service|flows/\w+)\.py$")
GAPS = pytest.StashKey[list[str]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """When all tests have run and their coverage is known: a gap in a file that has to be complete is a failure."""
    result = yield
    controller = getattr(session.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if controller is not None and not hasattr(session.config, "workerinput"):
        found = session.config.stash[GAPS] = gaps(controller.cov)
        session.testsfailed += len(found)
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the gaps."""
    found = terminalreporter.config.stash.get(GAPS, [])
    if found:
        terminalreporter.section("not covered, and it must be", red=True)
        for line in found:
            terminalreporter.line(line)


def gaps(cov: Coverage) -> list[str]:
    """One line for each file of the house's heart that no test has gone through wholly."""
    found = []
    for file in sorted(cov.get_data().measured_files()):
        if COMPLETE.search(file):
            analysis = cov._analyze(file)
            numbers = analysis.numbers
            if numbers.n_missing or numbers.n_partial_branches:
                found.append(f"{Path(file).relative_to(Path.cwd())}: lines {analysis.missing_formatted(branches=True)}")
    return found
