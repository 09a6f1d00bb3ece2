"""`trainhub routes`: every address of the application, and who may come in."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

UNUSED = "this application only lists its addresses"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON: path, methods, endpoint, access.")
def routes(*, as_json: bool) -> None:
    """List every address with its methods, endpoint and access: `public` or the names of the roles."""
    from admin.site import mount  # noqa: PLC0415 - a call for help does not load the application
    from trainhub.core.settings import Settings  # noqa: PLC0415 - the same
    from trainhub.web import access  # noqa: PLC0415 - the same
    from trainhub.web.app import create_app  # noqa: PLC0415 - the same

    # No page is asked for, so neither key nor database matters; nothing is written.
    app = create_app(Settings(secret_key=UNUSED, database_url="sqlite://"), mounts=[mount])
    found = access.routes(app)
    if as_json:
        click.echo(json.dumps([asdict(route) for route in found], indent=2))
        return
    width = max(len(route.path) for route in found)
    for route in found:
        click.echo(
            f"{route.path:<{width}}  {', '.join(route.methods):<10}  {', '.join(route.access):<40}  {route.endpoint}"
        )
