"""`trainhub serve`: the whole application behind one web server, on this machine."""

from __future__ import annotations

import errno
import signal
import sys
from typing import TYPE_CHECKING

import click

from trainhub.cli.options import database_option, opened, settings_from
from trainhub.core.schema import require_migrated

if TYPE_CHECKING:
    from trainhub.core.db import Database
    from trainhub.core.settings import Settings

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@database_option
def serve(host: str, port: int, database: str | None) -> None:
    """Serve TrainHub until stopped. The database must be up to date, and TRAINHUB_SECRET_KEY must be set."""
    settings = settings_from(database)
    with opened(settings) as db:
        serve_forever(settings, db, host=host, port=port, ready=f"TrainHub listens on http://{host}:{port}")


def serve_forever(settings: Settings, db: Database, *, host: str, port: int, ready: str) -> None:
    """Serve until SIGINT or SIGTERM; says `ready` when the port is open.

    Raises `SchemaError` for a database that is not up to date, `SettingsError` without a secret key, and ends with a
    sentence when the port is taken.
    """
    from waitress import wasyncore  # noqa: PLC0415 - a call for help does not load a web server
    from waitress.server import create_server  # noqa: PLC0415 - the same

    from admin.site import mount  # noqa: PLC0415 - the same
    from trainhub.web.app import create_app  # noqa: PLC0415 - the same

    require_migrated(db)
    app = create_app(settings, database=db, mounts=[mount])
    sockets: dict[int, object] = {}
    try:
        server = create_server(
            app, map=sockets, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=False
        )
    except OSError as problem:
        wasyncore.close_all(sockets, ignore_all=True)
        raise click.ClickException(_sentence(problem, host, port)) from problem
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(ready)
    server.run()


def _sentence(problem: OSError, host: str, port: int) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Choose another one with --port."
    if problem.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} may not be opened by this user. Choose one above 1023 with --port."
    return f"Cannot listen on {host}:{port}: {problem.strerror or problem}."
