"""`python -m tests`: everything that must hold, in the order in which it is quickest to learn that it does not.

Style, types, imports, then the tests on both databases with their coverage. With arguments, only pytest, with those arguments.
Tools that this machine lacks are installed where that is possible; what could not be installed is said in a sentence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from ctypes.util import find_library
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOST_WORKERS = 4
CHECKS = {
    "style": [sys.executable, "-m", "ruff", "check", "."],
    "layout": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
}


def main(arguments: list[str]) -> int:
    """Run it all; the exit code is 0 only when all of it holds. The last line printed is pytest's."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.chdir(ROOT)
    workers = str(max(2, min(MOST_WORKERS, os.cpu_count() or 2)))
    pytest = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "loadgroup"]
    if arguments:
        return _run([*pytest, *arguments])
    for sentence in prepare():
        print(sentence, flush=True)
    failed = [name for name, command in CHECKS.items() if not _holds(name, command)]
    print(
        f"Checks: {len(CHECKS) - len(failed)} hold, {len(failed)} fail{': ' + ', '.join(failed) if failed else ''}.",
        flush=True,
    )
    tests = _run([*pytest, "--cov", "--cov-report=term:skip-covered", "-p", "tests.coverage_rule"])
    return tests or int(bool(failed))


def prepare() -> list[str]:
    """Install what the tests of browsers and foreign calendars need; the sentences say what is missing and stays so."""
    wanted = []
    if not any(shutil.which(name) for name in BROWSERS):
        wanted.append(("chromium", "the tests in a browser"))
    if find_library("ical") is None:
        wanted.append(("libical3", "one reader of calendar files"))
    said = [
        f"{package} is not here and could not be installed: {what} are skipped."
        for package, what in wanted
        if not _apt(package)
    ]
    npm, modules = shutil.which("npm"), ROOT / "tests" / "node" / "node_modules"
    if npm is None:
        said.append("node and npm are not here: one reader of calendar files is skipped.")
    elif not modules.is_dir() and _run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=modules.parent):
        said.append("npm could not install: one reader of calendar files is skipped.")
    return said


def _apt(package: str) -> bool:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    print(f"Installing {package} …", flush=True)
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", package]
    return _quietly(install) or (_quietly([apt, "update", "-qq"]) and _quietly(install))


def _holds(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdict = "holds" if done.returncode == 0 else "fails"
    print(f"{name} {verdict} ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def _quietly(command: list[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    return done.returncode == 0


def _run(command: list[str], cwd: Path = ROOT) -> int:
    return subprocess.run(command, check=False, cwd=cwd).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
