"""Which kind of file it is, and its products one after another."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from journey.catalogue.feeds import google, shopify, woocommerce
from journey.catalogue.feeds.item import Given, Item
from journey.catalogue.feeds.markup import read_markup
from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Row, Source
from journey.datafile import DataError

Reader = Callable[[Iterable[Row], Report, Given], Iterator[Item]]


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is called, and what reads its rows."""

    name: str
    read: Reader
    markup: bool = False


XML = Format("Google Merchant feed, XML", google.read_items, markup=True)
DELIMITED = (
    (shopify.fits, Format("Shopify product CSV", shopify.read_items)),
    (woocommerce.fits, Format("WooCommerce product CSV", woocommerce.read_items)),
    (google.fits, Format("Google Merchant feed", google.read_items)),
)


def format_of(source: Source) -> Format:
    """Return what kind of file it is.

    Raises:
        DataError: it is none that we know; the message names its columns.
    """
    start = source.head.decode(source.encoding, "replace").lstrip("\ufeff \r\n\t")
    if start.startswith("<"):
        return XML
    if not source.is_text:
        reason = "is no text: export it as CSV, or as a feed"
        raise DataError([f"{source.path}:1: {reason}"])
    columns = source.header()
    for fits, found in DELIMITED:
        if fits(columns):
            return found
    names = ", ".join(columns[:12]) or "none"
    raise DataError(
        [
            f"{source.path}:1: is no Google Merchant feed, Shopify or WooCommerce"
            f" product CSV; its columns: {names}{_missing(columns)}"
        ]
    )


def _missing(columns: list[str]) -> str:
    """Return what a file that is nearly a feed lacks."""
    missing = sorted(google.NEEDED - set(columns))
    near = len(missing) < len(google.NEEDED)
    return f"; a feed needs {', '.join(missing)}, too" if near and missing else ""


def read_items(
    source: Source, kind: Format, report: Report, given: Given
) -> Iterator[Item]:
    """Yield the products of a file; rows that are none are reported."""
    rows = read_markup(source) if kind.markup else source.rows(report)
    return kind.read(rows, report, given)
