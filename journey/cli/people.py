"""Commands about one customer: journey, export, erase."""

import json
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from sqlalchemy.orm import Session

from journey.cli.settings import Settings
from journey.cli.timeline import print_timeline
from journey.people.customers import find_by_name
from journey.people.privacy import conversations_of, erase_customer, export_customer
from journey.people.tracker import erase_tracker, read_tracker
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Customer


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    for command in (journey, export, erase):
        group.add_command(command)


@click.command()
@click.argument("customer")
@click.pass_obj
def journey(settings: Settings, customer: str) -> None:
    """Print one customer's story as a timeline.

    CUSTOMER is an id, an identity on a channel, or a name.
    """
    with reading(open_engine(settings.database_url)) as session:
        print_timeline(Console(), session, pick_customer(session, customer))


@click.command()
@click.argument("customer")
@click.pass_obj
def export(settings: Settings, customer: str) -> None:
    """Print everything that is held about a customer, as JSON."""
    with reading(open_engine(settings.database_url)) as session:
        found = pick_customer(session, customer)
        rows: dict[str, Any] = {**export_customer(session, found.id)}
        conversations = conversations_of(session, found.id)
    rows["engine"] = read_tracker(open_engine(settings.tracker_url), conversations)
    click.echo(json.dumps(rows, default=_plain, ensure_ascii=False, indent=2))


@click.command()
@click.argument("customer")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(settings: Settings, customer: str, yes: bool) -> None:
    """Forget a customer: every table, and the engine's memory."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        found = pick_customer(session, customer)
        if not yes:
            click.confirm(f"Forget {found.name or found.id} for good?", abort=True)
        conversations = conversations_of(session, found.id)
        counts = erase_customer(session, found.id, datetime.now(UTC))
    counts |= erase_tracker(open_engine(settings.tracker_url), conversations)
    for table, count in sorted(counts.items()):
        if count:
            click.echo(f"{table}: {count} erased")


def pick_customer(session: Session, wanted: str) -> Customer:
    """Return the one customer who is meant.

    Raises:
        click.ClickException: nobody is, or several are.
    """
    found = find_by_name(session, wanted)
    if not found:
        raise click.ClickException(f"no customer is known as {wanted!r}")
    if len(found) > 1:
        ids = ", ".join(customer.id for customer in found)
        raise click.ClickException(f"{wanted!r} may be any of: {ids}")
    return found[0]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
