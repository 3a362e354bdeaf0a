"""A table of purchases: `customer,product,category,quantity,price,at`, line by line.

`order` may be a further column; without it what one customer took at one instant is
one order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.rows import Row, Source
from journey.catalogue.feeds.values import NotThat, read_instant, read_money, tidy
from journey.datafile import DataError

NEEDED = ("customer", "product", "at")
LONGEST = 200
FIRST, LAST = date(1990, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Line:
    """One product that one customer took."""

    line: int
    customer: str
    product: str
    category: str
    quantity: int
    price: Decimal
    at: datetime
    order: str


def read_lines(source: Source, report: Report) -> Iterator[Line]:
    """Yield the good lines of a table; the others are reported.

    Raises:
        DataError: a column is missing.
    """
    missing = [name for name in NEEDED if name not in source.header()]
    if missing:
        names = ", ".join(missing)
        raise DataError([f"{source.path}:1: columns are missing: {names}"])
    for row in source.rows(report):
        try:
            yield _line(row)
        except Bad as bad:
            report.lose(row.line, bad)


def _line(row: Row) -> Line:
    at = read_at(row.text("at"))
    return Line(
        line=row.line,
        customer=read_name(row, "customer"),
        product=read_name(row, "product"),
        category=tidy(row.text("category"))[:LONGEST],
        quantity=_quantity(row.text("quantity")),
        price=_price(row.text("price")),
        at=at,
        order=tidy(row.text("order"))[:LONGEST] or at.isoformat(),
    )


def read_name(row: Row, column: str) -> str:
    """Return what a column calls somebody or something.

    Raises:
        Bad: there is nothing, or far too much.
    """
    text = tidy(row.text(column))
    if not text:
        raise Bad(column, "is missing")
    if len(text) > LONGEST:
        raise Bad(column, f"has more than {LONGEST} characters", text)
    return text


def read_at(text: str) -> datetime:
    """Return an instant, or a day's beginning.

    Raises:
        Bad: it is none, long ago, or far ahead.
    """
    try:
        at = read_instant(text).astimezone(UTC)
    except NotThat as reason:
        raise Bad("at", str(reason), text) from None
    if at.date() < FIRST:
        raise Bad("at", f"is before {FIRST}", text)
    if at.date() >= LAST:
        raise Bad("at", f"is not before {LAST}", text)
    return at


def _quantity(text: str) -> int:
    if not text:
        return 1
    whole = text.removesuffix(".0")
    if not whole.isdigit() or not 0 < int(whole) < 1_000_000:
        raise Bad("quantity", "is no whole number above 0", text)
    return int(whole)


def _price(text: str) -> Decimal:
    try:
        return read_money(text).amount if text else Decimal(0)
    except NotThat as reason:
        raise Bad("price", str(reason), text) from None
