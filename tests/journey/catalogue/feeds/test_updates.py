from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from journey.catalogue.feeds.report import Report
from journey.catalogue.feeds.rows import Source
from journey.catalogue.feeds.updates import Changed, apply_updates, read_updates
from journey.catalogue.products import PLENTY
from journey.store.tables import Product
from tests.factories import make_product
from tests.journey.catalogue.feeds.files import FEED, GIVEN, write


@pytest.fixture(autouse=True)
def _products(session: Session) -> None:
    make_product(session, id="s1", sku="S1", price=Decimal("50.00"), stock=0)
    make_product(session, id="t1", price=Decimal("200.00"), stock=4)


def change(session: Session, path: Path) -> tuple[Changed, Report]:
    report = Report()
    with Source(path) as source:
        updates = read_updates(source, report, GIVEN)
        return apply_updates(session, updates, report), report


def test_whole_feed_changes_prices_and_stock_only(
    session: Session, tmp_path: Path
) -> None:
    changed, report = change(session, write(tmp_path, FEED))
    assert changed == Changed(prices=1, stocks=2)
    first, tent = session.get_one(Product, "s1"), session.get_one(Product, "t1")
    assert (float(first.price), first.stock, tent.stock) == (40.0, PLENTY, 0)
    assert first.name == "Lind High-Back Desk Chair"
    assert [str(x) for x in report.faults] == [
        "line 5: id: stands already in line 2 ('S1')",
        "line 3: id: no product has it ('S2')",
    ]


@pytest.mark.parametrize(
    ("text", "price", "stock"),
    [
        ("sku;price\nS1;9,50\n", 9.5, 0),
        ("id,stock\ns1,3\n", 50.0, 3),
        ("id,price,sale price,availability\nS1,60,45 EUR,in_stock\n", 45.0, PLENTY),
    ],
)
def test_short_table_changes_what_it_says(
    session: Session, tmp_path: Path, text: str, price: float, stock: int
) -> None:
    change(session, write(tmp_path, text))
    product = session.get_one(Product, "s1")
    assert (float(product.price), product.stock) == (price, stock)


def test_bad_rows_are_reported_and_good_ones_taken(
    session: Session, tmp_path: Path
) -> None:
    changed, report = change(
        session, write(tmp_path, "id,price\ns1,free\nt1,150\nghost,1\n,2\n")
    )
    assert changed == Changed(prices=1)
    assert [fault.line for fault in report.faults] == [2, 5, 4]
