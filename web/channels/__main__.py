"""The commands about channels: `coach channel …`."""

import asyncio
import os
from datetime import datetime
from pathlib import Path

import click

from journey.datafile import DataError
from journey.messages import dispatches
from journey.store.engine import database_url, open_engine, open_sessions, reading
from journey.wires import is_safe
from web.channels import setup
from web.channels.arrivals import stuck
from web.channels.base import Setting
from web.channels.faults import Later, Refused
from web.channels.keys import FOLDER, missing, read_keys
from web.channels.registry import CHANNELS

NAMES = click.Choice(sorted(CHANNELS))
NO_ADDRESS = (
    "{base!r} is no public address: it must begin with https://, since providers call "
    "it. Give yours with --url https://… or in COACH_PUBLIC_URL."
)

STUCK = (
    "{count} of what {channel} told cannot be taken in. The log says why; it is tried "
    "again every few minutes."
)


@click.group(name="coach channel")
def channel() -> None:
    """Connect messaging channels, and see what did not arrive."""


@channel.command("list")
def list_channels() -> None:
    """List every channel, and whether it is connected."""
    for name, kind in sorted(CHANNELS.items()):
        lacks = missing(kind, read_keys(kind, os.environ, folder()))
        click.echo(f"{name:10} {'not connected' if lacks else 'connected'}")


@channel.command()
@click.argument("name", type=NAMES)
@click.option("--url", "base", default=None, help="Your address, https://…")
def add(name: str, base: str | None) -> None:
    """Connect NAME: asks for what is needed and tries it at the provider."""
    ours = public_url() or None
    base = base or click.prompt("Your public address, https://…", default=ours)
    url = webhook_of(name, base)
    known = read_keys(CHANNELS[name], os.environ, folder())
    if any(setting.key == "url" for setting in CHANNELS[name].settings):
        known = {**known, **({"url": url} if name == "sms" else {})}
    keys = setup.ask_keys(name, known, ask)
    try:
        click.echo(asyncio.run(setup.connect(name, keys, url, folder())))
    except (Later, Refused) as error:
        raise click.ClickException(f"{error}. Nothing was kept.") from error
    click.echo("Start the coach again to use it.")


@channel.command()
@click.argument("name", type=NAMES)
@click.option("--url", "base", default=None, help="Your address, https://…")
def check(name: str, base: str | None) -> None:
    """Tell in a sentence whether NAME works, or what is wrong."""
    url = webhook_of(name, base or public_url())
    fine, said = asyncio.run(setup.check(name, os.environ, url, folder()))
    if not fine:
        raise click.ClickException(said)
    click.echo(said)


@channel.command()
@click.argument("name", type=NAMES)
def remove(name: str) -> None:
    """Disconnect NAME: takes our address back and forgets the keys kept here."""
    try:
        click.echo(asyncio.run(setup.disconnect(name, os.environ, folder())))
    except setup.NotKept as error:
        raise click.ClickException(str(error)) from error
    click.echo("Start the coach again to be without it.")


@channel.command()
def undelivered() -> None:
    """List what could not be delivered, with the reason, and what waits to come in."""
    with reading(open_engine(database_url())) as session:
        for row in dispatches.undelivered(session):
            at = when(row.created_at)
            text = " ".join(row.content["text"].split())[:60]
            click.echo(f"{row.id[:8]}  {at}  {row.channel:9}  {row.failure}: “{text}”")
        for name, count in stuck(session):
            click.echo(STUCK.format(channel=name, count=count))


@channel.command()
@click.argument("number")
def retry(number: str) -> None:
    """Deliver again what NUMBER of `undelivered` names."""
    with open_sessions(open_engine(database_url())).begin() as session:
        rows = dispatches.undelivered(session, limit=1000)
        found = [row for row in rows if row.id.startswith(number)]
        if len(found) != 1:
            raise click.ClickException(f"{len(found)} messages begin with {number!r}")
        dispatches.revive(found[0])
    click.echo("It is on its way again.")


def ask(setting: Setting, usual: str) -> str:
    """Ask for one setting; a secret is not shown, nor is one that is known."""
    kept = " (Enter keeps it)" if usual else ""
    text = setting.about[0].upper() + setting.about[1:] + kept
    answer: str = click.prompt(
        text,
        default=usual or ("" if setting.optional else None),
        hide_input=setting.secret,
        show_default=bool(usual) and not setting.secret,
    )
    return answer


def webhook_of(name: str, base: str) -> str:
    """Return the address at which a provider calls us."""
    if not is_safe(base):
        raise click.ClickException(NO_ADDRESS.format(base=base))
    return f"{base.strip().rstrip('/')}/channels/{name}"


def public_url() -> str:
    """Return the address under which providers reach this installation, if told."""
    return os.environ.get("COACH_PUBLIC_URL", "")


def folder() -> Path:
    """Return where the channels' keys are kept."""
    return Path(os.environ.get("COACH_CHANNELS", str(FOLDER)))


def when(at: datetime) -> str:
    """Return an instant as a list shows it."""
    return f"{at:%d %b %H:%M}"


if __name__ == "__main__":
    try:
        channel()
    except DataError as error:
        raise SystemExit("\n".join(error.faults)) from error
