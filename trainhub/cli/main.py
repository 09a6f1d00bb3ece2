"""The command `trainhub`: a list of commands, loaded one at a time, and problems told in one sentence."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from trainhub.core.errors import DomainError
from trainhub.core.i18n import render
from trainhub.core.schema import SchemaError
from trainhub.core.settings import SettingsError

COMMANDS = {
    "audit": ("trainhub.cli.audit:audit", "Check that nothing in the audit was changed."),
    "import": ("trainhub.cli.import_:import_", "Bring in people from a file."),
    "demo": ("trainhub.cli.demo:demo", "Show both programmes with made-up people, in the browser."),
    "db": ("trainhub.cli.db:db", "Make and check the tables of the database."),
    "routes": ("trainhub.cli.routes:routes", "List every address and who may come in."),
    "serve": ("trainhub.cli.serve:serve", "Serve TrainHub until stopped."),
    "user": ("trainhub.cli.user:user", "Let people in."),
    "worker": ("trainhub.cli.worker:worker", "Post the letters that wait; go on until stopped."),
}


class Commands(click.Group):
    """A group that imports a command only when it is called, and ends a known problem with one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name; only now its module is imported."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `trainhub --help`, out of the table: nothing is imported for it."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_place, words) in sorted(COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a problem that a person can solve ends with exit code 1 and without a traceback."""
        try:
            return super().invoke(ctx)
        except DomainError as problem:
            raise click.ClickException(render(problem.message, "en")) from problem
        except (SettingsError, SchemaError) as problem:
            raise click.ClickException(str(problem)) from problem
        except (DatabaseError, InterfaceError) as problem:
            if type(problem) not in {DatabaseError, InterfaceError, OperationalError}:
                raise  # a mistake of ours: the traceback helps
            first_line = str(problem.orig).strip().split("\n", maxsplit=1)[0]
            raise click.ClickException(f"The database does not answer: {first_line}") from problem


@click.group(cls=Commands)
@click.version_option(package_name="trainhub")
def main() -> None:
    """TrainHub trains, certifies and connects local facilitators for neighbourhood meetings."""
