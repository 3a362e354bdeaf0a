"""What the shop's own system tells us: believed when it is signed, taken once."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from journey.shop.signing import sign
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Product
from tests.factories import make_product
from tests.journey.shop.woo import HOOK
from tests.web.conftest import Running, running
from tests.web.door import FakeDoor
from web.settings import Settings

WOO = {
    "COACH_SHOP_SYSTEM": "woocommerce",
    "COACH_WOO_URL": "https://shop.example",
    "COACH_WOO_KEY": "ck_1",
    "COACH_WOO_SECRET": "cs_1",
    "COACH_WOO_WEBHOOK_SECRET": HOOK,
}
LAMP = {"id": 7, "type": "simple", "status": "publish", "price": "21.50"}
LAMP |= {"manage_stock": True, "stock_quantity": 4, "stock_status": "instock"}


@pytest.fixture
async def system(settings: Settings) -> AsyncIterator[Running]:
    engine = open_engine(settings.database_url)
    with open_sessions(engine).begin() as session:
        make_product(session, id="lamp", external_id="7")
    engine.dispose()
    async with running(replace(settings, environ=WOO), FakeDoor()) as found:
        yield found


async def tell(
    system: Running, content: object, signature: str | None = None
) -> httpx.Response:
    body = json.dumps(content).encode()
    headers = {
        "content-type": "application/json",
        "x-wc-webhook-topic": "product.updated",
        "x-wc-webhook-delivery-id": "d1",
        "x-wc-webhook-signature": signature or sign(HOOK, body).decode(),
    }
    browser = system.browser()
    return await browser.http.post("/shop/woocommerce", content=body, headers=headers)


def lamp(system: Running) -> tuple[int, Decimal]:
    engine = open_engine(system.settings.database_url)
    with open_sessions(engine)() as session:
        product = session.get_one(Product, "lamp")
    engine.dispose()
    return product.stock, product.price


async def test_signed_notice_is_taken_once(system: Running) -> None:
    assert (await tell(system, LAMP)).json() == {"taken": True}
    assert lamp(system) == (4, Decimal("21.50"))
    assert (await tell(system, LAMP)).json() == {"taken": False}


async def test_forged_notice_is_refused(system: Running) -> None:
    answer = await tell(system, LAMP, "AAAA")
    assert (answer.status_code, lamp(system)[0]) == (401, 10)


async def test_notice_of_another_shape_is_refused_without_repeating_it(
    system: Running, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await tell(system, {"id": "Ada Lovelace"})
    assert answer.status_code == 400
    assert "Ada" not in answer.text + caplog.text


async def test_whole_orders_are_not_too_large(system: Running) -> None:
    large = {**LAMP, "description": "x" * 200_000}
    assert (await tell(system, large)).status_code == 200


@pytest.mark.parametrize("name", ["shopify", "embedded", "x"])
async def test_another_system_is_not_listened_to(system: Running, name: str) -> None:
    answer = await system.browser().http.post(f"/shop/{name}", content=b"{}")
    assert answer.status_code == 404


SHOPIFY = {
    "COACH_SHOP_SYSTEM": "shopify",
    "COACH_SHOPIFY_URL": "https://lamps.myshopify.com",
    "COACH_SHOPIFY_ID": "id",
    "COACH_SHOPIFY_SECRET": HOOK,
}


async def test_signed_notice_of_shopify_is_taken_once(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    with open_sessions(engine).begin() as session:
        make_product(session, id="lamp", external_id="7:8")
    engine.dispose()
    body = json.dumps({"id": 7}).encode()
    headers = {
        "x-shopify-topic": "products/delete",
        "x-shopify-webhook-id": "w1",
        "x-shopify-shop-domain": "lamps.myshopify.com",
        "x-shopify-hmac-sha256": sign(HOOK, body).decode(),
    }
    async with running(replace(settings, environ=SHOPIFY), FakeDoor()) as system:
        http = system.browser().http
        answers = [
            (await http.post("/shop/shopify", content=body, headers=headers)).json()
            for _ in range(2)
        ]
        assert answers == [{"taken": True}, {"taken": False}]
        assert lamp(system)[0] == 0
        forged = {**headers, "x-shopify-hmac-sha256": "AAAA"}
        answer = await http.post("/shop/shopify", content=body, headers=forged)
        assert answer.status_code == 401
