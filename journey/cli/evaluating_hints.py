"""The command that measures what is foretold though nobody spoke of it."""

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from journey.cli.check import evaluate as group
from journey.cli.evaluating import (
    EPOCH,
    FILE,
    check_cutoff,
    day_of,
    in_words,
    lines_of,
    number_of,
)
from journey.learning.fading import EPOCH as LEARNED_FROM
from journey.learning.hints_again import evaluate_hints

OFFSET = (LEARNED_FROM - EPOCH).days
"""Learning counts its days, and knows its months, from another day on."""
console = Console()


def register(main: click.Group) -> None:
    """Add this command to the group `evaluate`."""
    del main
    group.add_command(hints)


@click.command()
@click.argument("file", type=FILE)
@click.option("--cutoff", type=click.DateTime(["%Y-%m-%d"]), required=True)
def hints(file: Path, cutoff: datetime) -> None:
    """Measure how well it is foretold what customers need that they did not say.

    FILE has the columns customer, product, category, at. What follows what, what
    comes back a year later and what is seasonal is counted by category, by product
    where there is none. Asked is every 30 days after the cutoff, about the next 30.
    """
    taken = [(x.customer, x.category or x.product, day_of(x)) for x in lines_of(file)]
    check_cutoff(file, [at for *_, at in taken], number_of(cutoff))
    try:
        found = evaluate_hints(
            [(who, what, at - OFFSET) for who, what, at in taken],
            number_of(cutoff) - OFFSET,
        )
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    table = Table("", title="What nobody spoke of, within 30 days")
    for head in ("told", "came", "precision", "recall"):
        table.add_column(head, justify="right")
    for name, x in found.hits.items():
        shares = (in_words(share, 3) for share in (x.precision, x.recall))
        table.add_row(name, str(x.told), str(x.came), *shares)
    console.print(table)
    console.print(
        f"Average precision {found.ours:.3f}; of what is popular {found.popular:.3f}."
    )
