"""The wheel works in an empty environment, without a checkout beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command, cwd):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("COV", "TRAINHUB", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [str(word) for word in command], check=False, cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The commands of an environment that holds the wheel and nothing of this checkout."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    if not Path(uv).exists():
        pytest.skip("The wheel was not tested: uv is not on this machine.")
    folder = tmp_path_factory.mktemp("wheel")
    run(uv, "build", "--wheel", "--out-dir", folder, cwd=ROOT)
    run(uv, "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    run(uv, "pip", "install", "--python", folder / "venv" / "bin" / "python", next(folder.glob("*.whl")), cwd=folder)
    return folder / "venv" / "bin"


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel(installed, tmp_path):
    database = f"sqlite:///{tmp_path / 'demo.db'}"

    said = run(installed / "trainhub", "demo", "--no-serve", "--database", database, cwd=tmp_path)

    assert "Loaded both programmes" in said
    assert "as it should be" in run(installed / "trainhub", "db", "check", "--database", database, cwd=tmp_path)
    assert "The chain is whole." in run(installed / "trainhub", "audit", "verify", "--database", database, cwd=tmp_path)


@pytest.mark.slow
def test_the_wheel_holds_what_pages_and_letters_need(installed):
    script = (
        "from pathlib import Path; import trainhub, admin; from trainhub.core.i18n import _, render;"
        "home = Path(trainhub.__file__).parent;"
        "assert 'site-packages' in str(home), home;"
        "assert (home / 'web/templates/layout.html').is_file() and (home / 'web/static').is_dir();"
        "assert (Path(admin.__file__).parent / 'templates').is_dir();"
        "print(render(_('Your role does not allow this.'), 'nl'))"
    )

    assert run(installed / "python", "-c", script, cwd="/") == "Met jouw rol kan dit niet.\n"
