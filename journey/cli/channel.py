"""The commands about channels and desks live in web/, which this core leaves alone."""

import os
import subprocess
import sys

import click

from journey.cli.settings import Settings

OF_WEB = {"ignore_unknown_options": True, "help_option_names": []}


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(channel)
    group.add_command(desk)


@click.command(context_settings=OF_WEB)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def channel(settings: Settings, arguments: tuple[str, ...]) -> None:
    """Connect messaging channels: list, add, check, undelivered, retry."""
    _run("web.channels", settings, arguments)


@click.command(context_settings=OF_WEB)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def desk(settings: Settings, arguments: tuple[str, ...]) -> None:
    """Let your own desk answer instead of ours: add, check."""
    _run("web.desks", settings, arguments)


def _run(module: str, settings: Settings, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", module, *arguments]
    environment = {**os.environ, "COACH_DATABASE_URL": settings.database_url}
    done = subprocess.run(command, cwd=settings.root, env=environment, check=False)
    raise SystemExit(done.returncode)
