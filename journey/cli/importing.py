"""Commands that bring a shop's own data in: catalogue, prices and stock, orders."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from journey.catalogue.feeds.build import build_catalogue
from journey.catalogue.feeds.formats import format_of, read_items
from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.catalogue.feeds.updates import apply_updates, read_updates
from journey.catalogue.load import Catalogue, load_catalogue
from journey.catalogue.serving import renew, serving_head, store_catalogue
from journey.catalogue.terms import write_terms
from journey.cli.settings import Settings
from journey.history.lines import read_lines
from journey.history.orders import Shelf, import_orders
from journey.history.staging import Staging
from journey.knowledge import Knowledge, load_knowledge
from journey.store.engine import open_engine, open_sessions

SHOWN, STEP, ORDERS = 10, 500, 500
T = TypeVar("T")
FILE = click.Path(exists=True, path_type=Path)
console = Console()


def register(group: click.Group) -> None:
    """Add these commands to the group."""
    group.add_command(bring)


@click.group("import")
def bring() -> None:
    """Bring your shop's own data in."""


@bring.command("catalogue")
@click.argument("file", type=FILE)
@click.option("--currency", help="Currency of prices without one.")
@click.option("--delivery-days", type=click.IntRange(0, 365), help="Working days.")
@click.option("--brand", default="", help="Brand of rows without one.")
@click.option("--report", type=click.Path(path_type=Path), help="Where faults go.")
@click.option("--check", is_flag=True, help="Only report; change nothing.")
@click.pass_obj
def catalogue(
    settings: Settings,
    file: Path,
    currency: str | None,
    delivery_days: int | None,
    brand: str,
    report: Path | None,
    check: bool,
) -> None:
    """Import products: Google Merchant feed, Shopify or WooCommerce CSV, our YAML.

    FILE is a feed (TSV, CSV or XML, .gz too), an export, or a folder of our own.
    The catalogue before serves until the new one is there whole.
    """
    knowledge = load_knowledge(settings.data)
    given = Given(
        currency=(currency or knowledge.catalogue.currency).upper(),
        delivery_days=_delivery_days(knowledge, delivery_days),
        brand=brand,
        now=datetime.now(UTC),
    )
    faults = Report()
    if file.is_dir():
        kind, new = "catalogue folder", load_catalogue(file)
    else:
        kind, new = _read(file, knowledge.catalogue, given, faults)
    where = report or settings.var / "imports" / f"{file.name}.faults.csv"
    _tell(faults, where)
    if not new.products:
        raise click.ClickException("no product is left: the catalogue stays as it was")
    if check:
        console.print(f"{kind}: {len(new.products)} products could be imported.")
        return
    _serve(settings, new, kind, given)
    _summarize(kind, new, knowledge)


@bring.command("prices")
@click.argument("file", type=FILE)
@click.option("--currency", help="Currency of prices without one.")
@click.option("--report", type=click.Path(path_type=Path), help="Where faults go.")
@click.pass_obj
def prices(
    settings: Settings, file: Path, currency: str | None, report: Path | None
) -> None:
    """Take new prices and stock of products that are there.

    FILE is a whole feed or export again, or a table with the columns id (or sku) and
    price, sale price, availability or stock. Nothing else changes, and nothing needs
    to be trained or started again.
    """
    faults, now = Report(), datetime.now(UTC)
    engine = open_engine(settings.database_url)
    with open_sessions(engine).begin() as session, Source(file) as source:
        head = serving_head(session)
        told = currency or (head.currency if head else "EUR")
        given = Given(told.upper(), delivery_days=0, brand="", now=now)
        with _progress("Reading prices", source) as watched:
            updates = watched(read_updates(source, faults, given))
            changed = apply_updates(session, updates, faults)
        if changed.prices:
            renew(session, now=now)
    engine.dispose()
    _tell(faults, report or settings.var / "imports" / f"{file.name}.faults.csv")
    console.print(f"{changed.prices} prices and {changed.stocks} stocks are new.")


@bring.command("orders")
@click.argument("file", type=FILE)
@click.option("--report", type=click.Path(path_type=Path), help="Where faults go.")
@click.pass_obj
def orders(settings: Settings, file: Path, report: Path | None) -> None:
    """Import past orders, and learn from them.

    FILE has the columns customer, product and at, and may have category, quantity,
    price and order. CUSTOMER is the id under which your site signs a user in. An
    import that was cut short goes on where it was; the same file again changes
    nothing.
    """
    faults = Report()
    state = file.stat()
    name = f"{file.name}.{state.st_size}.{state.st_mtime_ns}.staging"
    staging = Staging(settings.var / "imports" / name)
    if not staging.whole:
        with Source(file) as source, _progress("Reading", source) as watched:
            staging.fill(watched(read_lines(source, faults)))
        _tell(faults, report or settings.var / "imports" / f"{file.name}.faults.csv")
    new = _import(settings, staging)
    staging.close(finished=True)
    console.print(f"{new} orders are new; what they teach is learned.")


def _import(settings: Settings, staging: Staging) -> int:
    """Import what is not imported yet, some orders a transaction."""
    engine = open_engine(settings.database_url)
    sessions, new = open_sessions(engine), 0
    with sessions() as session:
        shelf = Shelf.of(session)
    rest = islice(staging.orders(), staging.done, None)
    with Progress(console=console) as bar:
        task = bar.add_task("Learning", total=staging.count(), completed=staging.done)
        while batch := list(islice(rest, ORDERS)):
            with sessions.begin() as session:
                new += import_orders(session, batch, shelf)
            staging.advance(len(batch))
            bar.advance(task, len(batch))
    engine.dispose()
    return new


def _delivery_days(knowledge: Knowledge, days: int | None) -> int:
    """Return how long a parcel takes at most when a row does not say it."""
    return knowledge.policies.delivery.standard.days[1] if days is None else days


def _read(
    file: Path, owner: Catalogue, given: Given, faults: Report
) -> tuple[str, Catalogue]:
    with Source(file) as source:
        kind = format_of(source)
        with _progress(f"Reading {kind.name}", source) as watched:
            items = watched(read_items(source, kind, faults, given))
            return kind.name, build_catalogue(items, owner, given, faults)


@contextmanager
def _progress(words: str, source: Source) -> Iterator["_Watch"]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[items]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=False) as bar:
        yield _Watch(bar, bar.add_task(words, total=source.size, items=0), source)


@dataclass(frozen=True)
class _Watch:
    """Moves a progress bar on with what is read of a file."""

    bar: Progress
    task: TaskID
    source: Source

    def __call__(self, items: Iterable[T]) -> Iterator[T]:
        number = 0
        for number, item in enumerate(items, 1):
            if number % STEP == 0:
                self.bar.update(self.task, completed=self.source.done, items=number)
            yield item
        self.bar.update(self.task, completed=self.source.size, items=number)


def _tell(faults: Report, where: Path) -> None:
    for fault in faults.faults[:SHOWN]:
        console.print(f"{fault}", markup=False, highlight=False)
    if len(faults.faults) > SHOWN:
        console.print(f"… and {len(faults.faults) - SHOWN} more.")
    if faults.faults:
        faults.write(where)
        console.print(f"{faults.lost} rows left out; every fault is in {where}")
    for why, count in faults.skipped.items():
        console.print(f"{count} rows are not for sale: {why}")


def _serve(settings: Settings, new: Catalogue, kind: str, given: Given) -> None:
    engine = open_engine(settings.database_url)
    with console.status("Putting the catalogue in …"):
        with open_sessions(engine).begin() as session:
            store_catalogue(session, new, source=kind, now=given.now)
        write_terms(new, settings.terms)
    engine.dispose()


def _summarize(kind: str, new: Catalogue, knowledge: Knowledge) -> None:
    console.print(
        f"{kind}: {len(new.products)} products in {len(new.categories)} categories"
        f" serve now, with {len(new.attributes)} attributes."
    )
    fitted = knowledge.selling(new)
    idle = sorted(set(fitted.needs) - set(fitted.served))
    if idle:
        console.print(
            f"{len(idle)} of {len(fitted.needs)} needs in data/needs name no category"
            f" that is there, and rest: {', '.join(idle[:5])} …"
        )
