"""Commands for a person who answers: see who waits, take over, write, give back."""

from datetime import UTC, datetime

import click
from rich.console import Console
from rich.text import Text
from sqlalchemy.orm import Session

from journey import desk
from journey.cli.settings import Settings
from journey.ownership import WrongMove
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Handoff


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(handoff)


@click.group()
def handoff() -> None:
    """Answer customers who asked for a person."""


@handoff.command("list")
@click.pass_obj
def list_handoffs(settings: Settings) -> None:
    """List who waits for a person, the longest waiting first."""
    with reading(open_engine(settings.database_url)) as session:
        for row in desk.open_handoffs(session):
            said = row.packet.get("said", "")
            since = f"{row.requested_at:%d %b %H:%M}"
            click.echo(f"{row.id[:8]}  {row.state:9}  {since}  {row.reason}: “{said}”")


@handoff.command("show")
@click.argument("number")
@click.pass_obj
def show_handoff(settings: Settings, number: str) -> None:
    """Show the packet: who, which need, what was tried, the last messages."""
    console = Console()
    with reading(open_engine(settings.database_url)) as session:
        packet = pick_handoff(session, number).packet
    for key, value in packet.items():
        if key != "messages":
            console.print(Text(f"{key}: ", style="bold") + Text(str(value)))
    for message in packet.get("messages", []):
        console.print(Text(f"  {message['author']}: {message['text']}"))


@handoff.command("take")
@click.argument("number")
@click.option("--by", required=True, help="Your name.")
@click.pass_obj
def take_handoff(settings: Settings, number: str, by: str) -> None:
    """Take a conversation over; the bot is silent from here on."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        try:
            desk.take(session, pick_handoff(session, number), by=by, now=now())
        except WrongMove as error:
            raise click.ClickException(str(error)) from error


@handoff.command("say")
@click.argument("number")
@click.argument("text")
@click.option("--by", required=True, help="Your name.")
@click.pass_obj
def say_handoff(settings: Settings, number: str, text: str, by: str) -> None:
    """Write TEXT to the customer."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        found = pick_handoff(session, number)
        try:
            desk.answer(session, found, text, by=by, now=now())
        except desk.NotYours as error:
            raise click.ClickException(str(error)) from error


@handoff.command("back")
@click.argument("number")
@click.option("--by", required=True, help="Your name.")
@click.option("--outcome", required=True, help="How it ended, in one line.")
@click.pass_obj
def return_handoff(settings: Settings, number: str, by: str, outcome: str) -> None:
    """Hand a conversation back to the bot."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        found = pick_handoff(session, number)
        try:
            desk.give_back(session, found, by=by, outcome=outcome, now=now())
        except WrongMove as error:
            raise click.ClickException(str(error)) from error


def pick_handoff(session: Session, number: str) -> Handoff:
    """Return the open handoff whose id begins so.

    Raises:
        click.ClickException: none does, or several do.
    """
    found = [x for x in desk.open_handoffs(session) if x.id.startswith(number)]
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise click.ClickException(f"{count} open handoff begins with {number!r}")
    return found[0]


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
