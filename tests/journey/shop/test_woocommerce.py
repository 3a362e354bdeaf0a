"""The WooCommerce adapter against a server that is as strict as the shop."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from json import dumps
from typing import Any

import httpx
import pytest

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.orders.amendments import Cancel, Postpone, Readdress, Swap
from journey.orders.orders import Status
from journey.shop.calling import TRIES
from journey.shop.platform import (
    Dearer,
    Down,
    Forged,
    Refused,
    SoldOut,
    Wanted,
    WantedLine,
)
from journey.shop.signing import sign
from journey.shop.woocommerce.client import WooCommerce
from tests.journey.shop.serving import Fault, serving
from tests.journey.shop.woo import HOOK, KEY, SECRET, Woo

NOW = datetime.now(UTC)
HOME = {"street": "Hauptstr. 5", "postcode": "1010", "city": "Wien", "country": "AT"}


@dataclass
class Shop:
    """The provider, the adapter, and what the adapter slept."""

    woo: Woo
    client: WooCommerce
    slept: list[float]

    def fault(self, method: str, path: str, **how: Any) -> None:
        self.woo.faults.waiting.append(Fault(method, path, **how))


@pytest.fixture
def shop() -> Iterator[Shop]:
    woo, slept = Woo(), []
    with serving(woo.faults) as url:
        patience = httpx.Timeout(1.2)
        client = WooCommerce(
            url, KEY, SECRET, HOOK, timeout=patience, sleep=slept.append
        )
        yield Shop(woo, client, slept)
        client.caller.close()
    assert woo.unknown == []


def line(product: dict[str, Any], quantity: int = 2, **fields: Any) -> WantedLine:
    parent = product["parent_id"]
    external = f"{parent}:{product['id']}" if parent else str(product["id"])
    price = Decimal(product["price"])
    return replace(WantedLine(f"i{product['id']}", external, quantity, price), **fields)


def wanted(*lines: WantedLine, **fields: Any) -> Wanted:
    given: dict[str, Any] = {
        "key": "order-1",
        "number": 1000,
        "lines": lines,
        "currency": "EUR",
        "fee": Decimal("4.90"),
        "way": "Standard",
        "address": HOME,
        "since": NOW,
        "name": "Ada Lovelace",
        **fields,
    }
    return Wanted(**given)


def test_place_makes_an_unpaid_order_with_a_page_to_pay(shop: Shop) -> None:
    lamp = shop.woo.add_product(price="20.00")
    known = shop.client.place(wanted(line(lamp)))
    (order,) = shop.woo.orders.values()
    assert order["shipping"] == {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "address_1": "Hauptstr. 5",
        "postcode": "1010",
        "city": "Wien",
        "country": "AT",
    }
    assert "email" not in order["billing"]
    assert (known.status, known.paid, known.total) == (
        Status.PLACED,
        False,
        Decimal("44.90"),
    )
    assert known.pay_url and "order-pay" in known.pay_url
    assert known.lines == {f"i{lamp['id']}": str(order["line_items"][0]["id"])}


def test_place_of_a_variation_names_both_ids(shop: Shop) -> None:
    parent = shop.woo.add_product(type="variable", variations=[{"price": "7.00"}])
    (variation,) = shop.woo.variations[parent["id"]].values()
    shop.client.place(wanted(line(variation)))
    (order,) = shop.woo.orders.values()
    item = order["line_items"][0]
    assert (item["product_id"], item["variation_id"], item["total"]) == (
        parent["id"],
        variation["id"],
        "14.00",
    )


def test_place_again_finds_the_order_also_among_many(shop: Shop) -> None:
    lamp = shop.woo.add_product(stock_quantity=1000)
    first = shop.client.place(wanted(line(lamp)))
    for number in range(101):
        order = {**shop.woo.orders[int(first.ref)], "id": number, "meta_data": []}
        shop.woo.orders[number] = order
    assert shop.client.place(wanted(line(lamp))).ref == first.ref
    assert shop.woo.faults.count("POST", "/orders") == 1


@pytest.mark.parametrize("status", [0, 502])
def test_place_whose_answer_was_lost_is_one_order(shop: Shop, status: int) -> None:
    lamp = shop.woo.add_product()
    shop.fault("POST", "/orders", status=status, after=True)
    with pytest.raises(Down):
        shop.client.place(wanted(line(lamp)))
    assert shop.client.place(wanted(line(lamp))).key == "order-1"
    assert len(shop.woo.orders) == 1


@pytest.mark.parametrize(
    ("fields", "quantity", "left"),
    [
        ({"stock_quantity": 1}, 2, 1),
        ({"manage_stock": False, "stock_status": "outofstock"}, 1, 0),
        ({"status": "draft"}, 1, 0),
        ({"purchasable": False}, 1, 0),
    ],
)
def test_place_of_what_is_not_there_makes_nothing(
    shop: Shop, fields: dict[str, Any], quantity: int, left: int
) -> None:
    lamp = shop.woo.add_product(**fields)
    with pytest.raises(SoldOut) as refused:
        shop.client.place(wanted(line(lamp, quantity)))
    assert (refused.value.left, shop.woo.orders) == (left, {})


def test_place_of_what_became_dearer_makes_nothing(shop: Shop) -> None:
    lamp = shop.woo.add_product(price="20.00")
    with pytest.raises(Dearer) as refused:
        shop.client.place(wanted(line(lamp, price=Decimal("19.99"))))
    assert (refused.value.price, shop.woo.orders) == (Decimal("20.00"), {})


def test_page_to_pay_of_an_older_shop(shop: Shop) -> None:
    shop.woo.names_payment_page = False
    known = shop.client.place(wanted(line(shop.woo.add_product())))
    end = (
        f"/checkout/order-pay/{known.ref}/?pay_for_order=true&key=wc_order_{known.ref}"
    )
    assert known.pay_url == shop.client.url + end


def test_alter_of_an_unpaid_order_changes_lines_and_address(shop: Shop) -> None:
    lamp, pillow = shop.woo.add_product(), shop.woo.add_product(price="5.00")
    lines = line(lamp, 3), line(pillow)
    known = shop.client.place(wanted(*lines))
    less = [
        replace(x, quantity=quantity, line=known.lines[x.item])
        for x, quantity in zip(lines, (1, 0), strict=True)
    ]
    graz = {**HOME, "city": "Graz"}
    after = shop.client.alter(known.ref, wanted(*less, address=graz)).order
    order = shop.woo.orders[int(known.ref)]
    assert [(x["quantity"], x["total"]) for x in order["line_items"]] == [(1, "20.00")]
    assert order["shipping"]["city"] == order["billing"]["city"] == "Graz"
    assert after.total == Decimal("24.90")


def test_alter_of_a_paid_order_gives_money_back_once_a_step(shop: Shop) -> None:
    lamp = shop.woo.add_product()
    known = shop.client.place(wanted(line(lamp, 3)))
    shop.woo.pay(int(known.ref))
    repaid = []
    for quantity in (2, 2, 1):
        less = line(lamp, quantity, line=known.lines[f"i{lamp['id']}"])
        repaid.append(shop.client.alter(known.ref, wanted(less)).repaid)
    refunds = shop.woo.refunds[int(known.ref)]
    assert [x["amount"] for x in refunds] == ["20.00", "20.00"]
    told = [x and x.ref for x in repaid]
    assert told == [str(refunds[n]["id"]) for n in (0, 0, 1)]


@pytest.mark.parametrize(("paid", "given_back"), [(False, []), (True, ["44.90"])])
def test_cancel_gives_back_what_was_paid(
    shop: Shop, paid: bool, given_back: list[str]
) -> None:
    order = wanted(line(shop.woo.add_product()))
    known = shop.client.place(order)
    if paid:
        shop.woo.pay(int(known.ref))
    for _ in range(2):
        cancelled = shop.client.cancel(known.ref, order)
    assert cancelled.order.status is Status.CANCELLED
    made = shop.woo.refunds.get(int(known.ref), [])
    assert [refund["amount"] for refund in made] == given_back


@pytest.mark.parametrize("gateway", [True, False])
def test_repay_once_and_by_hand_where_the_gateway_cannot(
    shop: Shop, gateway: bool
) -> None:
    shop.woo.refunds_by_gateway = gateway
    lamp = shop.woo.add_product()
    known = shop.client.place(wanted(line(lamp)))
    shop.woo.pay(int(known.ref))
    lines = {known.lines[f"i{lamp['id']}"]: 1}
    first = shop.client.repay(known.ref, lines, Decimal(20), "return-1")
    again = shop.client.repay(known.ref, lines, Decimal(20), "return-1")
    assert (first.paid, first.ref) == (gateway, again.ref)
    assert len(shop.woo.refunds[int(known.ref)]) == 1


def test_repay_whose_answer_was_lost_is_one_refund(shop: Shop) -> None:
    lamp = shop.woo.add_product()
    known = shop.client.place(wanted(line(lamp)))
    shop.woo.pay(int(known.ref))
    lines = {known.lines[f"i{lamp['id']}"]: 1}
    shop.fault("POST", "/refunds", status=0, after=True)
    with pytest.raises(Down):
        shop.client.repay(known.ref, lines, Decimal(20), "return-1")
    shop.client.repay(known.ref, lines, Decimal(20), "return-1")
    assert len(shop.woo.refunds[int(known.ref)]) == 1


def test_what_the_shop_says_to_a_wrong_type_is_what_we_say(shop: Shop) -> None:
    bad = wanted(line(shop.woo.add_product()), currency="XXX")
    with pytest.raises(Refused, match=r"400 rest_invalid_param .*currency"):
        shop.client.place(bad)


def test_wrong_key_is_refused_without_saying_it(shop: Shop) -> None:
    other = WooCommerce(shop.client.url, "ck_wrong", "cs_wrong", HOOK)
    with pytest.raises(Refused, match=r"401 .*Consumer key is invalid") as refused:
        other.check()
    assert "wrong" not in str(refused.value)
    other.caller.close()


def test_reading_waits_as_long_as_the_shop_wants(shop: Shop) -> None:
    shop.fault("GET", "/orders", status=429, headers={"retry-after": "7"})
    shop.fault("GET", "/orders", status=503)
    assert shop.client.check() == shop.client.url
    assert shop.slept == [7.0, 1.0]


def test_reading_gives_up_after_some_tries(shop: Shop) -> None:
    shop.fault("GET", "/orders", status=500, times=TRIES)
    with pytest.raises(Down, match="GET /orders: 500"):
        shop.client.check()


def test_an_answer_of_somebody_else_is_no_answer(shop: Shop) -> None:
    shop.fault("GET", "/currencies/current", status=200)
    with pytest.raises(Down, match="answered no JSON"):
        shop.client.currency()


def given() -> Given:
    return Given("EUR", 3, "House", NOW)


def test_pull_yields_products_and_variations_over_pages(shop: Shop) -> None:
    for _ in range(101):
        shop.woo.add_product()
    colour = {"attributes": [{"name": "Colour", "option": "blue"}], "sku": "S-1"}
    shop.woo.add_product(name="Shirt", type="variable", variations=[colour])
    shop.woo.add_product(type="grouped")
    shop.woo.add_product(status="draft")
    report = Report()
    pulled = list(shop.client.pull(given(), report))
    assert len(pulled) == 102
    shirt = pulled[-1].item
    assert (shirt.name, shirt.raw_id, shirt.details) == (
        "Shirt (blue)",
        "S-1",
        {"colour": "blue"},
    )
    assert (shirt.price, shirt.stock, shirt.path, shirt.brand, shirt.about) == (
        Decimal("20.00"),
        10,
        ("Lamps",),
        "Lind",
        "Good & plain.",
    )
    assert pulled[-1].product == f"{max(shop.woo.products) - 3}:{_variation(shop)}"


def _variation(shop: Shop) -> int:
    return next(x for below in shop.woo.variations.values() for x in below)


def test_pull_reports_what_has_no_price(shop: Shop) -> None:
    shop.woo.add_product(price="")
    report = Report()
    assert list(shop.client.pull(given(), report)) == []
    assert report.lost == 1


def notice(topic: str, content: object, **headers: str) -> tuple[dict[str, str], bytes]:
    body = dumps(content).encode()
    return {
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-delivery-id": "d1",
        "x-wc-webhook-signature": sign(HOOK, body).decode(),
        **headers,
    }, body


def test_notice_of_an_order_says_how_far_it_is(shop: Shop) -> None:
    known = shop.client.place(wanted(line(shop.woo.add_product())))
    shop.woo.pay(int(known.ref))
    shop.woo.orders[int(known.ref)]["status"] = "completed"
    read = shop.client.read_notice(
        *notice("order.updated", shop.woo.shown(int(known.ref)))
    )
    assert read and read.order
    assert (read.order.key, read.order.status, read.order.paid) == (
        "order-1",
        Status.SHIPPED,
        True,
    )


def test_notice_of_a_product_says_stock_and_price(shop: Shop) -> None:
    lamp = shop.woo.add_product(stock_quantity=4, price="21.00")
    read = shop.client.read_notice(*notice("product.updated", lamp))
    assert read
    (told,) = read.products
    assert (told.product, told.stock, told.price) == (
        str(lamp["id"]),
        4,
        Decimal("21.00"),
    )


def test_two_notices_of_one_second_are_two(shop: Shop) -> None:
    reads = [
        shop.client.read_notice(*notice("product.updated", shop.woo.add_product()))
        for _ in range(2)
    ]
    assert len({read.id for read in reads if read}) == 2


@pytest.mark.parametrize("signature", ["", "AAAA", "ä"])
def test_notice_that_is_not_signed_is_forged(shop: Shop, signature: str) -> None:
    headers, body = notice("order.updated", {}, **{"x-wc-webhook-signature": signature})
    with pytest.raises(Forged):
        shop.client.read_notice(headers, body)


def test_ping_of_a_new_webhook_says_nothing(shop: Shop) -> None:
    assert shop.client.read_notice({}, b"webhook_id=12") is None


@pytest.mark.parametrize(
    ("change", "can"),
    [
        (Cancel(), True),
        (Readdress({}), True),
        (Swap("i", "p", NOW), False),
        (Postpone(NOW, NOW), False),
    ],
)
def test_what_can_be_changed_over_the_network(
    shop: Shop, change: Any, can: bool
) -> None:
    assert shop.client.can(change, paid=False) is can
