"""The command that runs the periodic jobs, or says how they went."""

import logging
import os
import signal
import sys
from datetime import UTC, datetime
from random import Random

import click
from rich.console import Console
from rich.table import Table

from journey.cli.settings import Settings, shop_of
from journey.jobs import jobs
from journey.knowledge import load_knowledge
from journey.scheduler import Scheduler, states
from journey.store.engine import open_engine, open_sessions, reading

WIDE = 160
"""Columns of a table, whatever the terminal: nothing is cut off."""


def register(group: click.Group) -> None:
    """Add this command to the group."""
    group.add_command(schedule)


@click.command()
@click.option("--list", "listed", is_flag=True, help="Say how each last run went.")
@click.option("--once", is_flag=True, help="Run what is due and end.")
@click.pass_obj
def schedule(settings: Settings, listed: bool, once: bool) -> None:
    """Run the periodic jobs until Ctrl-C; `make run` does that already."""
    if listed:
        _print_states(settings)
        return
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sessions = open_sessions(open_engine(settings.database_url))
    scheduler = Scheduler(sessions, lambda: datetime.now(UTC), Random())
    knowledge, shop = load_knowledge(settings.data), shop_of(os.environ)
    every = jobs(knowledge, shop, settings.terms)
    if once:
        for job in every:
            scheduler.run(job)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        scheduler.run_forever(every)
    except KeyboardInterrupt:
        return


def _print_states(settings: Settings) -> None:
    table = Table("job", "last run", "rows", "next", "failures", box=None)
    with reading(open_engine(settings.database_url)) as session:
        for state in states(session):
            ran = f"{state.ran_at:%F %T}" if state.ran_at else "never"
            failed = f"{state.failures}: {state.failure}" if state.failures else ""
            due = f"{state.due_at:%F %T}"
            table.add_row(state.name, ran, str(state.done), due, failed)
    Console(width=WIDE).print(table)
