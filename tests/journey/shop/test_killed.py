"""A process that is killed while the shop makes the order: one order, told once."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, update

from journey.shop.errands import LEASE
from journey.shop.remote import RemoteShop
from journey.shop.woocommerce.client import WooCommerce
from journey.store.tables import Product
from tests.journey.shop.conftest import CHAIR, ROOT, Counter
from tests.journey.shop.serving import Fault, serving
from tests.journey.shop.woo import HOOK, KEY, SECRET, Woo


@pytest.mark.parametrize("after", [True, False])
def test_killed_between_asking_and_writing(
    counter: Counter, engine: Engine, after: bool
) -> None:
    woo = Woo()
    chair = woo.add_product(price="189.00")
    session = counter.talk.session
    chosen = update(Product).where(Product.id == CHAIR)
    session.execute(chosen.values(external_id=str(chair["id"])))
    woo.faults.waiting.append(Fault("POST", "/orders", status=0, after=after))
    with serving(woo.faults) as url:
        client = WooCommerce(url, KEY, SECRET, HOOK)
        counter.talk.shop = RemoteShop(client)
        counter.talk.at = datetime.now(UTC)
        counter.order()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.journey.shop.one_errand"],
            cwd=ROOT,
            env={
                **os.environ,
                "COACH_DATABASE_URL": engine.url.render_as_string(),
                "COACH_SHOP_SYSTEM": "woocommerce",
                "COACH_WOO_URL": url,
                "COACH_WOO_KEY": KEY,
                "COACH_WOO_SECRET": SECRET,
            },
        )
        while not woo.faults.count("POST", "/orders"):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait()
        assert counter.placed.status == "placing"
        counter.runner = type(counter.runner)(
            client, counter.runner.teacher, counter.runner.speech
        )
        later = (datetime.now(UTC) - counter.talk.at + LEASE).total_seconds()
        assert counter.run(seconds=later) == 1
        client.caller.close()
    assert len(woo.orders) == 1
    assert counter.placed.external_id == str(next(iter(woo.orders)))
    assert len(counter.told()) == 1
