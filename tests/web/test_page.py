"""The shop's page, the embed and the health of the process."""

from decimal import Decimal

from sqlalchemy.orm import Session

from journey.store.tables import Product
from tests.web.conftest import Running


def stock_shelf(system: Running, **columns: object) -> None:
    product = {
        "id": "chair",
        "name": "<b>Chair</b>",
        "brand": "Lind",
        "category": "desk-chair",
        "price": Decimal("189.00"),
        "unit": "piece",
        "stock": 0,
        "delivery_days": 3,
        "drawback": "",
        "about": "A chair.",
    }
    with Session(system.service.store.engine) as session, session.begin():
        session.add(Product(**(product | columns)))


async def test_shows_products_as_text(system: Running) -> None:
    stock_shelf(system)
    response = await system.browser().http.get("/")
    assert "&lt;b&gt;Chair&lt;/b&gt;" in response.text
    assert "€189.00" in response.text
    assert "Sold out" in response.text


async def test_shows_empty_shop(system: Running) -> None:
    assert (await system.browser().http.get("/")).status_code == 200


async def test_allows_no_foreign_script(system: Running) -> None:
    response = await system.browser().http.get("/")
    policy = response.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


async def test_tells_health(system: Running) -> None:
    body = (await system.browser().http.get("/health")).json()
    assert body == {
        "status": "ok",
        "engine": "ok",
        "waiting_seconds": 0,
        "failed_messages": 0,
    }


async def test_answers_unknown_address_politely(system: Running) -> None:
    response = await system.browser().http.get("/wp-admin")
    assert (response.status_code, response.json()["error"]) == (404, "not_found")
