"""The commands, each a thin call into the core."""

import os
from pathlib import Path
from typing import Any

import click

from journey.cli.settings import read_settings
from journey.datafile import DataError


class Group(click.Group):
    """A group whose errors are sentences, never tracebacks."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what an owner can mend is said in one line each."""
        try:
            return super().invoke(context)
        except DataError as error:
            raise click.ClickException("\n".join(error.faults)) from error


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


from journey.cli import chat, check, handoff, learn, people, prepare, shop, start  # noqa: E402

for module in (chat, check, handoff, learn, people, prepare, shop, start):
    module.register(main)
