"""A process that is killed while the shop makes the order: one order, told once."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, update

from journey.shop.errands import LEASE
from journey.shop.platform import Platform
from journey.shop.remote import RemoteShop
from journey.shop.settings import open_platform
from journey.store.tables import Product
from tests.journey.shop import shopify, woo
from tests.journey.shop.conftest import CHAIR, ROOT, Counter
from tests.journey.shop.serving import Fault, Faults, serving


@dataclass
class Place:
    """A shop somewhere, how it is reached, and what it has."""

    faults: Faults
    environ: dict[str, str]
    external: str
    orders: dict[int, object] | dict[str, object]
    asks: str
    """Where an order is made, and how many were asked for before that."""
    before: int


def at_woocommerce() -> Iterator[Place]:
    made = woo.Woo()
    chair = made.add_product(price="189.00")
    with serving(made.faults) as url:
        environ = {
            "COACH_SHOP_SYSTEM": "woocommerce",
            "COACH_WOO_URL": url,
            "COACH_WOO_KEY": woo.KEY,
            "COACH_WOO_SECRET": woo.SECRET,
        }
        yield Place(made.faults, environ, str(chair["id"]), made.orders, "/orders", 0)


def at_shopify() -> Iterator[Place]:
    made = shopify.Store()
    chair = made.add_variant(price="189.00")
    external = ":".join(x["id"].rpartition("/")[2] for x in (chair["product"], chair))
    with serving(made.faults) as url:
        environ = {
            "COACH_SHOP_SYSTEM": "shopify",
            "COACH_SHOPIFY_URL": url,
            "COACH_SHOPIFY_TOKEN": shopify.TOKEN,
            "COACH_SHOPIFY_SECRET": shopify.SECRET,
        }
        # It looks for the draft and at the chair before it makes one.
        yield Place(made.faults, environ, external, made.drafts, "/graphql.json", 2)


@pytest.fixture(params=[at_woocommerce, at_shopify])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    yield from request.param()


@pytest.fixture
def platform(place: Place) -> Iterator[Platform]:
    found = open_platform(place.environ)
    assert found
    yield found
    found.close()


@pytest.mark.parametrize("after", [True, False])
def test_killed_between_asking_and_writing(
    counter: Counter, engine: Engine, place: Place, platform: Platform, after: bool
) -> None:
    session = counter.talk.session
    chosen = update(Product).where(Product.id == CHAIR)
    session.execute(chosen.values(external_id=place.external))
    place.faults.waiting.append(
        Fault("POST", place.asks, status=0, after=after, spares=place.before)
    )
    counter.talk.shop = RemoteShop(platform)
    counter.talk.at = datetime.now(UTC)
    counter.order()
    url = engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journey.shop.one_errand"],
        cwd=ROOT,
        env={**os.environ, **place.environ, "COACH_DATABASE_URL": url},
    )
    while place.faults.count("POST", place.asks) <= place.before:
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert counter.placed.status == "placing"
    counter.runner = type(counter.runner)(
        platform, counter.runner.teacher, counter.runner.speech
    )
    later = (datetime.now(UTC) - counter.talk.at + LEASE).total_seconds()
    assert counter.run(seconds=later) == 1
    assert len(place.orders) == 1
    assert counter.placed.external_id == str(next(iter(place.orders)))
    assert len(counter.told()) == 1
