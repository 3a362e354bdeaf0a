from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from journey.catalogue.load import load_catalogue
from journey.catalogue.products import PLENTY
from journey.catalogue.serving import (
    OWN,
    read_catalogue,
    renew,
    serving_head,
    store_catalogue,
)
from journey.knowledge import load_knowledge
from journey.learning.teaching import Teacher
from journey.store.tables import CatalogueHead, Product
from tests.factories import NOW, make_product
from tests.journey.catalogue.feeds.files import FEED, catalogue, write


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return write(tmp_path, FEED)


def test_read_catalogue_gives_back_what_was_stored(
    session: Session, feed: Path
) -> None:
    new, _ = catalogue(feed)
    store_catalogue(session, new, source="feed", now=NOW)
    head = serving_head(session)
    assert head is not None
    assert read_catalogue(session, head) == _with_stock(new)


def _with_stock(new: object) -> object:
    from dataclasses import replace

    from journey.catalogue.load import Catalogue

    assert isinstance(new, Catalogue)
    products = {
        key: x.model_copy(update={"stock": PLENTY if x.stock is None else x.stock})
        for key, x in new.products.items()
    }
    return replace(new, products=products)


def test_store_catalogue_that_fails_leaves_the_old_one(
    session: Session, feed: Path
) -> None:
    old = load_catalogue(Path("data/catalogue"))
    store_catalogue(session, old, source=OWN, now=NOW)
    session.commit()
    new, _ = catalogue(feed)
    broken = new.products["t1"].model_copy(update={"name": None})
    with pytest.raises(Exception, match="name"):
        store_catalogue(
            session,
            type(new)("EUR", {}, {}, {**new.products, "t1": broken}),
            source="feed",
            now=NOW,
        )
    session.rollback()
    head = serving_head(session)
    assert head is not None
    assert head.source == OWN
    assert set(read_catalogue(session, head).products) == set(old.products)


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [("feed", 2, 2), ("feed", 0, PLENTY), (OWN, 0, 0)],
)
def test_store_catalogue_keeps_the_stock_of_what_is_not_counted(
    session: Session, feed: Path, source: str, before: int, after: int
) -> None:
    if source == OWN:
        new = load_catalogue(Path("data/catalogue"))
        key = next(iter(new.products))
    else:
        new, _ = catalogue(feed)
        key = "s1"
    make_product(session, id=key, stock=before)
    store_catalogue(session, new, source=source, now=NOW)
    assert session.get_one(Product, key).stock == after


def test_store_catalogue_takes_the_stock_that_a_feed_counts(
    session: Session, feed: Path
) -> None:
    make_product(session, id="t1", stock=5)
    new, _ = catalogue(feed)
    store_catalogue(session, new, source="feed", now=NOW)
    assert session.get_one(Product, "t1").stock == 0


def test_serving_head_is_the_newest(session: Session, feed: Path) -> None:
    assert serving_head(session) is None
    new, _ = catalogue(feed)
    store_catalogue(session, new, source="one", now=NOW)
    store_catalogue(session, new, source="two", now=NOW)
    head = serving_head(session)
    assert isinstance(head, CatalogueHead)
    assert (head.source, head.products) == ("two", 3)


def test_renew_lets_a_process_that_serves_see_new_prices(
    session: Session, feed: Path
) -> None:
    store_catalogue(session, catalogue(feed)[0], source="feed", now=NOW)
    teacher = Teacher(load_knowledge())
    name = next(iter(teacher.knowledge(session).catalogue.products))
    session.get_one(Product, name).price = Decimal("3.21")
    renew(session, now=NOW)
    session.flush()
    found = teacher.knowledge(session)
    assert found.columns.price[found.columns.row[name]] == 3.21
    assert serving_head(session).source == "feed"  # type: ignore[union-attr]
