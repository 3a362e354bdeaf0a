"""A table of repeated choices: `customer,at,option,taken` and numbers about options.

One line is one option that was there; what one customer had before them at one instant
is one occasion. `taken` is 1 for the option that was taken and 0 for the others; each
further column is a number about the option, as its price.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.rows import Row, Source
from journey.datafile import DataError
from journey.history.lines import read_at, read_name

NEEDED = ("customer", "at", "option", "taken")
TAKEN = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True)
class Occasion:
    """What one customer could take at one instant, each with its numbers, and took."""

    customer: str
    at: datetime
    options: dict[str, tuple[float, ...]]
    taken: str


@dataclass(frozen=True)
class _Offer:
    line: int
    customer: str
    at: datetime
    option: str
    taken: bool
    numbers: tuple[float, ...]


def numbers_in(source: Source) -> tuple[str, ...]:
    """Return the names of the columns with numbers about the options.

    Raises:
        DataError: a column is missing.
    """
    header = list(source.header())
    missing = [name for name in NEEDED if name not in header]
    if missing:
        names = ", ".join(missing)
        raise DataError([f"{source.path}:1: columns are missing: {names}"])
    numbers = tuple(name for name in header if name not in NEEDED)
    if not numbers:
        fault = "no column has a number about the options, as a price"
        raise DataError([f"{source.path}:1: {fault}"])
    return numbers


def read_occasions(source: Source, report: Report) -> list[Occasion]:
    """Return the occasions, oldest first; what is not good is reported.

    Raises:
        DataError: a column is missing.
    """
    names = numbers_in(source)
    offers = sorted(
        _offers(source, names, report), key=lambda x: (x.at, x.customer, x.line)
    )
    together = groupby(offers, key=lambda x: (x.at, x.customer))
    found = [_occasion(list(same), report) for _, same in together]
    return [one for one in found if one is not None]


def _offers(source: Source, names: tuple[str, ...], report: Report) -> Iterator[_Offer]:
    for row in source.rows(report):
        try:
            yield _offer(row, names)
        except Bad as bad:
            report.lose(row.line, bad)


def _offer(row: Row, names: tuple[str, ...]) -> _Offer:
    taken = row.text("taken").strip().lower()
    if taken not in TAKEN:
        raise Bad("taken", "is neither 1 nor 0", taken)
    return _Offer(
        line=row.line,
        customer=read_name(row, "customer"),
        at=read_at(row.text("at")),
        option=read_name(row, "option"),
        taken=TAKEN[taken],
        numbers=tuple(_number(row, name) for name in names),
    )


def _number(row: Row, name: str) -> float:
    text = row.text(name).strip()
    try:
        return float(text)
    except ValueError:
        raise Bad(name, "is no number", text) from None


def _occasion(offers: list[_Offer], report: Report) -> Occasion | None:
    """Return an occasion if of at least two options one was taken."""
    first, taken = offers[0], [x.option for x in offers if x.taken]
    if len(offers) < 2 or len(taken) != 1:
        count = f"{len(taken)} of {len(offers)} options taken, not one of several"
        report.lose(first.line, Bad("taken", count))
        return None
    options = {x.option: x.numbers for x in offers}
    return Occasion(first.customer, first.at, options, taken[0])
