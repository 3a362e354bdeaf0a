"""The commands about channels live in web/, which this core does not import."""

import os
import subprocess
import sys

import click

from journey.cli.settings import Settings


def register(group: click.Group) -> None:
    """Add this command to the group."""
    group.add_command(channel)


@click.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []}
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def channel(settings: Settings, arguments: tuple[str, ...]) -> None:
    """Connect messaging channels: list, add, check, undelivered, retry."""
    command = [sys.executable, "-m", "web.channels", *arguments]
    environment = {**os.environ, "COACH_DATABASE_URL": settings.database_url}
    done = subprocess.run(command, cwd=settings.root, env=environment, check=False)
    raise SystemExit(done.returncode)
