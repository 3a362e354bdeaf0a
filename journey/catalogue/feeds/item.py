"""One product as a file tells it, whichever kind of file it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.values import (
    Money,
    NotThat,
    plain_text,
    read_money,
    read_number,
    shorten,
    tidy,
)

NAME, ABOUT = 200, 2000
LINK = re.compile(r"https?://[^\s/<>\"'`\\]+(?:[/?#][^\s<>\"'`\\]*)?\Z", re.IGNORECASE)
LONGEST_LINK = 2000
MOST_PIECES = 1_000_000_000
BETWEEN = re.compile(r"\s*[/;|]\s*")
Detail = str | tuple[str, ...]


@dataclass(frozen=True)
class Given:
    """What the owner says once for all rows that do not say it themselves."""

    currency: str
    delivery_days: int
    brand: str
    now: datetime


@dataclass(slots=True)
class Item:
    """A product; `path` is its category from the broadest name to the narrowest.

    `stock` is None where the file says that there is some, and not how much;
    `details` are further attributes by the name that the file gives them, `tags`
    words for which the owner may have an attribute.
    """

    line: int
    raw_id: str
    name: str
    price: Decimal
    path: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    brand: str = ""
    about: str = ""
    unit: str = "piece"
    stock: int | None = None
    delivery_days: int | None = None
    uses_up_days: float | None = None
    group: str | None = None
    sku: str | None = None
    image: str | None = None
    link: str | None = None
    tags: list[str] = field(default_factory=list)
    details: dict[str, Detail] = field(default_factory=dict)


def price_of(
    texts: Mapping[str, str], regular: str, sale: str, given: Given, on_sale: bool
) -> Decimal:
    """Return what a product costs now, in the catalogue's currency.

    Raises:
        Bad: there is no price, it cannot be read, or it is in another currency.
    """
    told = _money(regular, texts.get(regular, ""), given)
    if not texts.get(sale):
        return _above_nothing(regular, told, texts)
    lower = _money(sale, texts[sale], given)
    told = lower if on_sale and lower.amount < told.amount else told
    return _above_nothing(regular, told, texts)


def _money(column: str, text: str, given: Given) -> Money:
    if not text:
        raise Bad(column, "is missing")
    try:
        money = read_money(text)
    except NotThat as reason:
        raise Bad(column, str(reason), text) from None
    if money.currency not in (None, given.currency):
        other = f"is in {money.currency}, the catalogue in {given.currency}"
        raise Bad(column, other, text)
    return money


def _above_nothing(column: str, money: Money, texts: Mapping[str, str]) -> Decimal:
    if money.amount <= 0:
        raise Bad(column, "must be above 0", texts.get(column, ""))
    return money.amount


def pieces_of(column: str, text: str, line: int, report: Report) -> int:
    """Return how many pieces there are; fewer than none are reported as none.

    Raises:
        Bad: it is no whole number, or more than any shop has.
    """
    try:
        count = read_number(text)
    except NotThat:
        raise Bad(column, "is no whole number", text) from None
    if count != count.to_integral_value() or count > MOST_PIECES:
        raise Bad(column, "is no whole number", text)
    if count < 0:
        report.drop(line, Bad(column, "is below 0, which is taken for none", text))
    return max(0, int(count))


def name_of(column: str, text: str) -> str:
    """Return a name as it can be shown.

    Raises:
        Bad: there is none.
    """
    name = shorten(tidy(text), NAME)
    if not name:
        raise Bad(column, "is missing")
    return name


def about_of(*texts: str) -> str:
    """Return the first of these descriptions that says anything."""
    told = next((x for x in map(plain_text, texts) if x), "")
    return shorten(told, ABOUT)


def link_of(text: str) -> str | None:
    """Return an address on the web, None for anything else."""
    return text if len(text) <= LONGEST_LINK and LINK.match(text) else None


def picture_of(text: str) -> str | None:
    """Return where a picture is; pages that are safe show only safe ones."""
    found = link_of(text)
    return "https" + found[found.index(":") :] if found else None


def path_of(text: str) -> tuple[str, ...]:
    """Return `Home > Kitchen > Teapots` as its names."""
    return tuple(x for x in (tidy(part) for part in text.split(">")) if x)


def several(text: str) -> Detail:
    """Return `wool/cotton` as two values, and one value as it is."""
    parts = tuple(x for x in BETWEEN.split(tidy(text)) if x)
    return parts[0] if len(parts) == 1 else parts
