"""Commands about promises: how they are kept, which are open, and keeping one."""

from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.table import Table

from journey.cli import report
from journey.cli.settings import Settings
from journey.promises import keeping
from journey.promises.keeping import Count
from journey.promises.promises import State, keep_promise
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Promise

WIDE = 160
"""Columns of a table, whatever the terminal: nothing is cut off."""


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(promise)
    report.report.add_command(report_promises)


@click.command("promises")
@click.option("--days", default=90, show_default=True, help="Made within so long.")
@click.pass_obj
def report_promises(settings: Settings, days: int) -> None:
    """Say how promises were kept, by kind and keeper."""
    now = datetime.now(UTC)
    with reading(open_engine(settings.database_url)) as session:
        rows = keeping.count(session, now - timedelta(days=days), now)
    if not rows:
        click.echo(f"no promise was made in the last {days} days")
        return
    names = ["kind", "keeper", "open", "overdue", *list(State)[1:]]
    table = Table(*names, "in time", "usual delay", "told before", box=None)
    for row in rows:
        table.add_row(*_cells(row))
    Console(width=WIDE).print(table)


def _cells(row: Count) -> list[str]:
    kept, delay = row.share_kept, row.usual_delay
    counts = [row.states[state] for state in State]
    return [
        row.kind,
        row.keeper,
        str(counts[0]),
        str(row.overdue),
        *map(str, counts[1:]),
        "" if kept is None else f"{kept:.0%}",
        "" if delay is None else f"{delay:.0f} h",
        str(row.warned),
    ]


@click.group()
def promise() -> None:
    """Look at what is promised, and keep it."""


@promise.command("list")
@click.pass_obj
def list_promises(settings: Settings) -> None:
    """List the open promises: first those that customers know to be late."""
    table = Table("promise", "kind", "keeper", "due", "about", "late", box=None)
    with reading(open_engine(settings.database_url)) as session:
        for row in keeping.open_ones(session):
            about = " ".join(f"{k} {v}" for k, v in row.about.items())
            told = "told" if row.told_at else ""
            due = f"{row.due_at:%F %H:%M}"
            table.add_row(row.id, row.kind, row.keeper, due, about, told)
    Console(width=WIDE).print(table)


@promise.command("keep")
@click.argument("promise_id")
@click.pass_obj
def keep(settings: Settings, promise_id: str) -> None:
    """Say that a promise was kept just now."""
    with open_sessions(open_engine(settings.database_url)).begin() as session:
        row = session.get(Promise, promise_id)
        if row is None:
            raise click.ClickException(f"there is no promise {promise_id!r}")
        if row.state != State.OPEN:
            raise click.ClickException(f"promise {promise_id} is {row.state} already")
        click.echo(keep_promise(session, row, datetime.now(UTC)))
