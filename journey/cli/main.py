"""The commands, each a thin call into the core."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from journey.cli.settings import read_settings
from journey.datafile import DataError

UNMIGRATED = ("no such table", "no column", "no such column", 'relation "', 'column "')
MODULES = (
    "agent",
    "channel",
    "chat",
    "check",
    "evaluating",
    "evaluating_hints",
    "handoff",
    "importing",
    "learn",
    "people",
    "policy",
    "prepare",
    "promises",
    "report",
    "schedule",
    "shop",
    "start",
    "system",
)
ALONE = {
    "start": "start",
    "schedule": "schedule",
    "migrate": "prepare",
    "load": "prepare",
    "train": "prepare",
}
"""Commands that somebody waits for whenever the coach starts, and their modules."""


class Group(click.Group):
    """Imports what a command needs; its errors are sentences, never tracebacks."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, with no more imported than it needs."""
        self._bring(*([ALONE[name]] if name in ALONE else MODULES))
        return super().get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        """Return all names."""
        self._bring(*MODULES)
        return super().list_commands(context)

    def _bring(self, *modules: str) -> None:
        for name in modules:
            import_module(f"journey.cli.{name}").register(self)

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what an owner can mend is said in one line each."""
        try:
            return super().invoke(context)
        except DataError as error:
            raise click.ClickException("\n".join(error.faults)) from error
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(about_database(error)) from error


def about_database(error: DBAPIError) -> str:
    """Say in one sentence what keeps the database from being used."""
    reason = str(error.orig).partition("\n")[0]
    if any(words in reason for words in UNMIGRATED):
        return f"the database is not migrated ({reason}): run `coach migrate` first"
    return f"the database cannot be used: {reason}"


@click.group(cls=Group)
@click.pass_context
def main(context: click.Context) -> None:
    """Journey Coach: run it, look into it, make it yours."""
    if not Path("domain.yml").exists():
        raise click.ClickException("run coach in the project's folder")
    try:
        context.obj = read_settings(os.environ, Path.cwd())
    except ValueError as error:
        raise click.ClickException(str(error)) from error
