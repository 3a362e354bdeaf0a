"""The commands about the company's own desk: `coach desk …`."""

import asyncio
import os

import click

from journey.datafile import DataError
from web.channels.__main__ import ask, folder, public_url
from web.channels.faults import Later, Refused
from web.channels.keys import read_keys
from web.desks import setup
from web.desks.chatwoot import Chatwoot

NAMES = click.Choice([Chatwoot.name])
ADDRESS = click.option("--url", "base", default=None, help="Your address, https://…")


@click.group(name="coach desk")
def desk() -> None:
    """Let your own desk answer customers instead of ours."""


@desk.command()
@click.argument("name", type=NAMES)
@ADDRESS
def add(name: str, base: str | None) -> None:
    """Connect NAME: asks for what is needed and tries it there."""
    base = base or click.prompt("Your public address", default=public_url() or None)
    known = read_keys(Chatwoot, os.environ, folder())
    keys = setup.ask_keys(known, ask)
    try:
        click.echo(asyncio.run(setup.connect(keys, called_at(name, base), folder())))
    except (Later, Refused) as error:
        raise click.ClickException(f"{error}. Nothing was kept.") from error


@desk.command()
@click.argument("name", type=NAMES, default=Chatwoot.name)
@ADDRESS
def check(name: str, base: str | None) -> None:
    """Tell in a sentence whether NAME works, or what is wrong."""
    url = called_at(name, base or public_url())
    fine, said = asyncio.run(setup.check(os.environ, url, folder()))
    if not fine:
        raise click.ClickException(said)
    click.echo(said)


def called_at(name: str, base: str) -> str:
    """Return the address at which the desk calls us."""
    return f"{base.rstrip('/')}/desks/{name}"


if __name__ == "__main__":
    try:
        desk()
    except DataError as error:
        raise SystemExit("\n".join(error.faults)) from error
