"""Commands for a person who answers: see who waits, take over, write, give back."""

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from journey.cli.settings import Settings
from journey.desk import ending, lists, packet, packet_text, taking, writing
from journey.desk.handoffs import NotYours, Unseen, Who
from journey.knowledge import load_knowledge
from journey.messages.conversations import before
from journey.owner.help import load_help
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
        for row in open_handoffs(session):
            said = row.packet.get("said", "")
            since = f"{row.requested_at:%d %b %H:%M}"
            click.echo(f"{row.id[:8]}  {row.state:9}  {since}  {row.reason}: “{said}”")


@handoff.command("show")
@click.argument("number")
@click.pass_obj
def show_handoff(settings: Settings, number: str) -> None:
    """Show the packet: who, which need, what was tried, the last turns."""
    knowledge, at = load_knowledge(), now()
    with reading(open_engine(settings.database_url)) as session:
        found = pick_handoff(session, number)
        made = packet.build(session, found.conversation_id, knowledge, at)
    click.echo(packet_text.plain(made, knowledge.rules, at))


@handoff.command("take")
@click.argument("number")
@click.option("--by", required=True, help="Your name.")
@click.pass_obj
def take_handoff(settings: Settings, number: str, by: str) -> None:
    """Take a conversation over; the bot is silent from here on."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        found = pick_handoff(session, number)
        try:
            taking.take(
                session,
                found.conversation_id,
                by=Who(by, by),
                languages=load_help().languages,
                now=now(),
            )
        except NotYours as error:
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
            conversation_id, who = found.conversation_id, Who(by, by)
            writing.answer(session, conversation_id, text, by=who, now=now())
        except NotYours as error:
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
            ending.give_back(
                session,
                found.conversation_id,
                by=Who(by, by),
                outcome=outcome,
                seen=_shown(session, found),
                help=load_help(),
                now=now(),
            )
        except (NotYours, Unseen) as error:
            raise click.ClickException(str(error)) from error


def open_handoffs(session: Session) -> list[Handoff]:
    """Return what waits, is with a person or is put aside."""
    rows = [*lists.queue(session), *lists.taken(session), *lists.snoozed(session)]
    return [row.handoff for row in rows if row.handoff]


def _shown(session: Session, handoff: Handoff) -> int:
    """Return the last position that `show` printed: all that there is."""
    rows = before(session, handoff.conversation_id, None, limit=1)
    return rows[0].position or 0 if rows else 0


def pick_handoff(session: Session, number: str) -> Handoff:
    """Return the open handoff whose id begins so.

    Raises:
        click.ClickException: none does, or several do.
    """
    found = [x for x in open_handoffs(session) if x.id.startswith(number)]
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise click.ClickException(f"{count} open handoff begins with {number!r}")
    return found[0]


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)
