"""Commands that measure what is learned, on tables of your own."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isnan
from pathlib import Path
from random import Random
from typing import Literal

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.cli.check import evaluate as group
from journey.history.lines import Line, read_lines
from journey.history.made import make_history, write_history
from journey.history.made_latent import make_latent
from journey.history.occasions import read_occasions
from journey.history.plot import bars
from journey.learning.baskets_again import Visit, evaluate_baskets
from journey.learning.choices_again import evaluate_choices
from journey.learning.needs_again import MODEL, Measured, Purchase, Setting, evaluate

PLOT = click.Path(dir_okay=False, path_type=Path)
FAULTS = 10
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
console = Console()


def register(main: click.Group) -> None:
    """Add these commands to the group `evaluate`."""
    del main
    group.add_command(due)
    group.add_command(due, "replenishment")
    group.add_command(choice)
    group.add_command(history)
    group.add_command(baskets)


@click.command()
@click.argument("file", type=FILE)
@click.option("--cutoff", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--days", default=14, type=click.IntRange(1, 365), help="How far ahead.")
@click.option("--max-gap", default=90, type=click.IntRange(2, 1000), help="Given up.")
@click.option("--plot", type=PLOT, help="An SVG of the average precisions.")
def due(
    file: Path, cutoff: datetime, days: int, max_gap: int, plot: Path | None
) -> None:
    """Measure how well the next need is foretold: when, and what is due.

    FILE has the columns customer, product, category, quantity, price, at. What is
    before the cutoff is learned, what is after it tests: the date of the next need,
    whether a product is due within the days, and how many needs could be executed
    without asking.
    """
    at = number_of(cutoff)
    purchases = [_purchase(line) for line in lines_of(file)]
    check_cutoff(file, [x[3] for x in purchases], at)
    found = evaluate(purchases, Setting(at, float(days), float(max_gap)))
    _warn_of_little(found, days, max_gap)
    console.print(_table(found, days))
    if plot:
        precisions = {name: x.precision for name, x in found.figures.items()}
        _draw(plot, f"Due in {days} days: average precision", precisions)
    console.print(
        f"{found.dates} dates; {found.moments} moments, {found.needed} times needed."
    )


def _purchase(line: Line) -> Purchase:
    # Names recur: a table of a million lines would hold each a million times.
    who, what, kind = map(sys.intern, (line.customer, line.product, line.category))
    return who, what, kind, day_of(line), float(line.quantity)


def lines_of(file: Path) -> Iterator[Line]:
    """Yield the good lines of a table; at its end say which ones were left out."""
    report = Report()
    with Source(file) as source:
        yield from read_lines(source, report)
    _complain(file, report)


def _complain(file: Path, report: Report) -> None:
    """Say what was left out: each of the first faults with its line and field."""
    if report.lost:
        console.print(f"{file}: {report.lost} lines left out:", markup=False)
    for fault in report.faults[:FAULTS]:
        console.print(f"  {fault}", markup=False)
    if len(report.faults) > FAULTS:
        console.print(f"  and {len(report.faults) - FAULTS} more", markup=False)


def check_cutoff(file: Path, days: Sequence[float], cutoff: float) -> None:
    """Refuse a cutoff that leaves nothing to learn from or nothing to test.

    Raises:
        ClickException: it does, or the file has no line that can be used.
    """
    if not days:
        raise click.ClickException(f"{file}: no line can be used")
    first, last = (_date(day) for day in (min(days), max(days)))
    if min(days) >= cutoff or max(days) < cutoff:
        where = "before" if min(days) >= cutoff else "on or after"
        raise click.ClickException(
            f"{file}: at: goes from {first} to {last}:"
            f" nothing is {where} the cutoff {_date(cutoff)}"
        )


def _warn_of_little(found: Measured, days: int, max_gap: int) -> None:
    """Say why figures are missing."""
    if not found.dates:
        console.print(
            f"No date could be asked for: that takes {max_gap} days (--max-gap) after"
            " the cutoff, and who takes the same product three times."
        )
    if not found.moments:
        console.print(
            f"Nothing could be asked to be due: that takes {days} days (--days) after"
            " the cutoff, and who took the same product twice before."
        )


def _date(day: float) -> date:
    return (EPOCH + timedelta(days=day)).date()


def number_of(cutoff: datetime) -> float:
    """Return a day as the number that `day_of` gives."""
    return (cutoff.replace(tzinfo=UTC) - EPOCH) / timedelta(days=1)


def _draw(plot: Path, title: str, values: Mapping[str, float]) -> None:
    """Write a chart with our own bar first."""
    ours = {MODEL: values[MODEL]}
    plot.write_text(bars(title, {**ours, **values}), "utf-8")


def day_of(line: Line) -> float:
    """Return the day of a line as a whole number."""
    return float((line.at - EPOCH).days)


def _table(found: Measured, days: int) -> Table:
    table = Table(title=f"The next need; due within {days} days", box=SIMPLE)
    heads = ("", "mean error,\ndays", "median\nerror", "average\nprecision", "best F1")
    for head in (*heads, "unasked\nat 90 %", "unasked\nat 95 %"):
        justify: Literal["left", "right"] = "right" if head else "left"
        table.add_column(head, justify=justify, no_wrap=not head)
    for name, x in found.figures.items():
        shares = [f"{share:.1%}" for share in x.unasked.values()]
        errors = (in_words(x, 2) for x in (x.mean_error, x.median_error))
        hits = (in_words(x, 3) for x in (x.precision, x.best_f1))
        table.add_row(name, *errors, *hits, *shares)
    return table


def in_words(figure: float, places: int) -> str:
    """Return a figure, or a dash where there is none."""
    return "–" if isnan(figure) else f"{figure:.{places}f}"


@click.command("history")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--customers", default=500, type=click.IntRange(1))
@click.option("--days", default=540, type=click.IntRange(30))
@click.option("--seed", default=1)
@click.option("--latent", is_flag=True, help="With what follows and what is seasonal.")
def history(file: Path, customers: int, days: int, seed: int, latent: bool) -> None:
    """Write a made-up order history; the same seed gives the same one."""
    purchases = make_history(customers, days, Random(seed))
    if latent:
        purchases += make_latent(customers, days, Random(seed))
        purchases.sort(key=lambda x: (x.at, x.customer, x.product))
    write_history(file, purchases)
    last: date = purchases[-1].at
    console.print(f"{len(purchases)} purchases up to {last} in {file}")


@click.command()
@click.argument("file", type=FILE)
@click.option("--cutoff", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--plot", type=PLOT, help="An SVG of the recalls.")
def baskets(file: Path, cutoff: datetime, plot: Path | None) -> None:
    """Measure how well the next visit's products are foretold.

    FILE has the columns customer, product, at. What is before the cutoff is learned;
    then every visit is foretold from the ones before it.
    """
    taken = defaultdict[tuple[str, float], dict[str, None]](dict)
    for line in lines_of(file):
        taken[line.customer, day_of(line)][line.product] = None
    check_cutoff(file, [at for _, at in taken], number_of(cutoff))
    visits = [Visit(who, at, tuple(items)) for (who, at), items in taken.items()]
    try:
        found = evaluate_baskets(visits, number_of(cutoff), Random(0))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    table = Table("", "recall of ten", "one of four taken", title="The next visit")
    for name, hits in found.items():
        table.add_row(name, f"{hits.recall:.3f}", f"{hits.hit:.3f}")
    console.print(table)
    if plot:
        recalls = {name: hits.recall for name, hits in found.items()}
        _draw(plot, "Next visit: recall of ten", recalls)


@click.command()
@click.argument("file", type=FILE)
@click.option("--cutoff", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--plot", type=PLOT, help="An SVG of how often the first was right.")
def choice(file: Path, cutoff: datetime, plot: Path | None) -> None:
    """Measure how well the one that is taken of a few is foretold.

    FILE has the columns customer, at, option, taken (1 or 0), and further ones with a
    number about each option, as its price. The lines of one customer at one instant
    are one occasion. What is before the cutoff is learned; then every occasion is
    foretold from the ones before it.
    """
    report = Report()
    with Source(file) as source:
        occasions = read_occasions(source, report)
    _complain(file, report)
    at = cutoff.replace(tzinfo=UTC)
    before, after = ([x for x in occasions if (x.at < at) == old] for old in (True, 0))
    try:
        found = evaluate_choices(before, after)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    heads = ("", "first right", "unasked at 90 %", "at 95 %")
    table = Table(*heads, title=f"Which of a few, {len(after)} times")
    for name, x in found.items():
        shares = [f"{share:.1%}" for share in (x.unasked or {}).values()]
        table.add_row(name, f"{x.first:.3f}", *shares)
    console.print(table)
    if plot:
        first = {name: x.first for name, x in found.items()}
        _draw(plot, "Which of a few: the first right", first)
