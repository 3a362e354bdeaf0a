from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.catalogue.serving import serving_head
from journey.jobs import Job, every
from journey.knowledge import Knowledge
from journey.orders.stock import Line, release, reserve
from journey.scheduler import Scheduler
from journey.shop.pulling import PULL, Pulling, pull_catalogue, store_pulled
from journey.shop.woocommerce.client import WooCommerce
from journey.store.engine import open_sessions
from journey.store.tables import JobState, Product
from tests.factories import make_customer
from tests.journey.shop.serving import Fault, serving
from tests.journey.shop.woo import HOOK, KEY, SECRET, Woo

NOW = datetime.now(UTC)


def pull(session: Session, knowledge: Knowledge, woo: Woo) -> Report:
    report = Report()
    with serving(woo.faults) as url:
        client = WooCommerce(url, KEY, SECRET, HOOK)
        given = Given(client.currency(), 3, "House", NOW)
        catalogue, ids = pull_catalogue(client, knowledge.catalogue, given, report)
        client.caller.close()
    store_pulled(session, catalogue, ids, "woocommerce", NOW)
    return report


def test_pulled_catalogue_serves_with_its_ids(
    session: Session, knowledge: Knowledge
) -> None:
    woo = Woo()
    lamp = woo.add_product(sku="LAMP-1", price="21.00", stock_quantity=4)
    pull(session, knowledge, woo)
    product = session.get_one(Product, "lamp-1")
    assert (product.external_id, product.price, product.stock) == (
        str(lamp["id"]),
        Decimal("21.00"),
        4,
    )
    head = serving_head(session)
    assert head and (head.source, head.currency) == ("woocommerce", "EUR")


def test_what_is_kept_for_customers_outlives_a_pull(
    session: Session, knowledge: Knowledge
) -> None:
    woo = Woo()
    woo.add_product(sku="LAMP-1")
    pull(session, knowledge, woo)
    customer = make_customer(session).id
    reserve(session, customer, [Line("lamp-1", 3)], NOW)
    pull(session, knowledge, woo)
    assert session.get_one(Product, "lamp-1").reserved == 3
    release(session, customer, NOW)
    assert session.get_one(Product, "lamp-1").reserved == 0


def test_product_whose_id_changed_gives_its_place_up(
    session: Session, knowledge: Knowledge
) -> None:
    woo = Woo()
    lamp = woo.add_product(sku="LAMP-1")
    pull(session, knowledge, woo)
    lamp["sku"] = "LAMP-2"
    pull(session, knowledge, woo)
    old, new = (session.get_one(Product, x) for x in ("lamp-1", "lamp-2"))
    assert (old.active, old.external_id) == (False, None)
    assert new.external_id == str(lamp["id"])


@dataclass
class Clockwork:
    """A scheduler that pulls from a shop, and its clock."""

    woo: Woo
    pulling: Pulling
    session: Session
    scheduler: Scheduler
    at: list[datetime] = field(default_factory=lambda: [NOW])

    def tick(self, **later: float) -> JobState:
        """Let time pass, run what is due, and return how it went."""
        self.at[0] += timedelta(**later)
        self.scheduler.run(Job(PULL, every(hours=6), self.pulling.run))
        self.session.expire_all()
        state = self.session.get_one(JobState, PULL)
        self.session.commit()
        return state

    def serves(self) -> list[str]:
        products = self.session.query(Product).filter(Product.active)
        found = sorted(product.id for product in products)
        self.session.commit()
        return found


@pytest.fixture
def clockwork(
    engine: Engine, session: Session, knowledge: Knowledge, tmp_path: Path
) -> Iterator[Clockwork]:
    woo, at = Woo(), [NOW]
    with serving(woo.faults) as url:
        client = WooCommerce(url, KEY, SECRET, HOOK, sleep=lambda _seconds: None)
        scheduler = Scheduler(open_sessions(engine), lambda: at[0], Random(0))
        pulling = Pulling(client, knowledge, tmp_path / "terms.json")
        yield Clockwork(woo, pulling, session, scheduler, at)
        client.close()


def test_catalogue_is_pulled_again_by_the_clock(clockwork: Clockwork) -> None:
    clockwork.woo.add_product(sku="LAMP-1")
    assert clockwork.tick().failures == 0
    assert "lamp-1" in clockwork.pulling.terms.read_text()
    clockwork.woo.add_product(sku="LAMP-2")
    clockwork.tick(hours=1)
    assert clockwork.serves() == ["lamp-1"]
    clockwork.tick(hours=6)
    assert clockwork.serves() == ["lamp-1", "lamp-2"]


def test_pull_that_fails_leaves_the_catalogue_and_says_why(
    clockwork: Clockwork,
) -> None:
    clockwork.woo.add_product(sku="LAMP-1")
    clockwork.tick()
    clockwork.woo.faults.waiting.append(Fault("GET", "/products", times=9))
    state = clockwork.tick(hours=6)
    assert state.failure == "Down: GET /products: 503  Service Unavailable"
    assert clockwork.serves() == ["lamp-1"]
    clockwork.woo.faults.waiting.clear()
    assert clockwork.tick(minutes=1).failures == 0


def test_catalogue_of_which_little_is_left_is_not_taken(clockwork: Clockwork) -> None:
    lamps = [clockwork.woo.add_product(sku=f"LAMP-{n}") for n in range(3)]
    clockwork.tick()
    for lamp in lamps[1:]:
        lamp["status"] = "draft"
    state = clockwork.tick(hours=6)
    assert state.failure and "sells 1 products now, 3 before" in state.failure
    assert clockwork.serves() == ["lamp-0", "lamp-1", "lamp-2"]
