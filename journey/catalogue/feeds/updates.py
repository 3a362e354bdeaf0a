"""New prices and stock for products that are there: nothing else changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from journey.catalogue.feeds import google
from journey.catalogue.feeds.formats import format_of, read_items
from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.rows import Row, Source
from journey.catalogue.feeds.values import product_id
from journey.catalogue.products import PLENTY
from journey.datafile import DataError
from journey.store.tables import Product

IDS = ("id", "sku", "product", "variant sku")
PRICES = ("price", "sale price")
STOCKS = ("availability", "quantity", "inventory", "stock")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Update:
    """What is new about one product; None leaves it as it is."""

    line: int
    raw_id: str
    price: Decimal | None = None
    stock: int | None = None
    some: bool = False
    """There is some, and nobody says how much."""


@dataclass(frozen=True)
class Changed:
    """How many prices and stocks are other ones now."""

    prices: int = 0
    stocks: int = 0

    def __add__(self, other: "Changed") -> "Changed":
        return Changed(self.prices + other.prices, self.stocks + other.stocks)


def read_updates(source: Source, report: Report, given: Given) -> Iterator[Update]:
    """Yield what is new, from a whole feed or from a file of id, price and stock.

    Raises:
        DataError: the file is neither.
    """
    try:
        kind = format_of(source)
    except DataError:
        if not _is_short(source.header()):
            raise
        yield from _read_short(source.rows(report), report, given)
        return
    for item in read_items(source, kind, report, given):
        some = item.stock is None
        yield Update(item.line, item.raw_id, item.price, item.stock, some)


def _is_short(columns: Sequence[str]) -> bool:
    named = set(columns)
    return bool(named & set(IDS)) and bool(named & {*PRICES, *STOCKS})


def _read_short(rows: Iterable[Row], report: Report, given: Given) -> Iterator[Update]:
    for row in rows:
        try:
            yield _short(row, report, given)
        except Bad as bad:
            report.lose(row.line, bad)


def _short(row: Row, report: Report, given: Given) -> Update:
    raw_id = row.text(*IDS)
    if not raw_id:
        raise Bad("id", "is missing")
    price = google.price(row, report, given) if row.text("price") else None
    if not row.text(*STOCKS):
        return Update(row.line, raw_id, price)
    stock, _ = google.stock(row, report, given)
    return Update(row.line, raw_id, price, stock, some=stock is None)


def apply_updates(
    session: Session, updates: Iterable[Update], report: Report
) -> Changed:
    """Write what is new; products that are not there are reported."""
    changed, batch, lines = Changed(), list[Update](), dict[str, int]()
    for one in updates:
        if one.raw_id in lines:
            reason = f"stands already in line {lines[one.raw_id]}"
            report.lose(one.line, Bad("id", reason, one.raw_id))
            continue
        lines[one.raw_id] = one.line
        batch.append(one)
        if len(batch) == BATCH:
            changed += _apply(session, batch, report)
            batch.clear()
    changed += _apply(session, batch, report)
    session.expire_all()
    return changed


def _apply(session: Session, batch: Sequence[Update], report: Report) -> Changed:
    known = _find(session, batch)
    prices, stocks = [], []
    for one in batch:
        row = known.get(product_id(one.raw_id)) or known.get(one.raw_id)
        if row is None:
            report.lose(one.line, Bad("id", "no product has it", one.raw_id))
            continue
        key, price, stock = row
        if one.price is not None and one.price != price:
            prices.append({"key": key, "new": one.price})
        wanted = (stock or PLENTY) if one.some else one.stock
        if wanted is not None and wanted != stock:
            stocks.append({"key": key, "new": wanted})
    for column, rows in ((Product.price, prices), (Product.stock, stocks)):
        if rows:
            same = Product.id == bindparam("key")
            change = update(Product).where(same).values({column: bindparam("new")})
            session.connection().execute(change, rows)
    return Changed(len(prices), len(stocks))


def _find(
    session: Session, batch: Sequence[Update]
) -> dict[str, tuple[str, Decimal, int]]:
    """Return id, price and stock of products by our id and by the shop's own."""
    raw = [one.raw_id for one in batch]
    ours = [product_id(one) for one in raw]
    query = select(Product.id, Product.sku, Product.price, Product.stock)
    query = query.where(Product.id.in_(ours) | Product.sku.in_(raw))
    rows = session.execute(query).all()
    found = {sku: (key, price, stock) for key, sku, price, stock in rows if sku}
    return found | {key: (key, price, stock) for key, _, price, stock in rows}
