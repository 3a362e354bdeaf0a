"""The Shopify adapter against a server that knows the published schema."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from json import dumps
from typing import Any

import httpx
import pytest

from journey.catalogue.feeds.item import Given as Told
from journey.catalogue.feeds.report import Report
from journey.orders.amendments import Cancel, Postpone, Readdress, Swap
from journey.orders.orders import Status
from journey.shop.platform import (
    Dearer,
    Down,
    Forged,
    Refused,
    SoldOut,
    Wanted,
    WantedLine,
)
from journey.shop.shopify.client import Shopify
from journey.shop.shopify.graph import Given, Granted
from journey.shop.shopify.orders import external_of
from journey.shop.signing import sign
from tests.journey.shop.serving import Fault, serving
from tests.journey.shop.shopify import COST, ID, SECRET, TOKEN, Store

NOW = datetime.now(UTC)
HOME = {"street": "Hauptstr. 5", "postcode": "1010", "city": "Wien", "country": "AT"}
GRAPH = "/graphql.json"


@dataclass
class Shop:
    """The provider, the adapter, and what the adapter slept."""

    store: Store
    client: Shopify
    slept: list[float] = field(default_factory=list)

    def fault(self, **how: Any) -> None:
        """Let the next request go wrong."""
        self.store.faults.waiting.append(Fault("POST", GRAPH, **how))

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.store.rest(seconds)


@pytest.fixture
def shop() -> Iterator[Shop]:
    store = Store()
    with serving(store.faults) as url:
        found = Shop(store, None)  # type: ignore[arg-type]
        patience = httpx.Timeout(1.2)
        auth = Granted(url, ID, SECRET)
        found.client = Shopify(url, auth, SECRET, timeout=patience, sleep=found.sleep)
        yield found
        found.client.close()


def line(variant: dict[str, Any], quantity: int = 2, **fields: Any) -> WantedLine:
    external = external_of(variant["product"]["id"], variant["id"])
    item = f"i{external.partition(':')[2]}"
    made = WantedLine(item, external, quantity, Decimal(variant["price"]))
    return replace(made, **fields)


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


def test_place_makes_a_draft_with_an_invoice_to_pay(shop: Shop) -> None:
    order = wanted(line(shop.store.add_variant()))
    known = shop.client.place(order)
    (draft,) = shop.store.drafts.values()
    assert draft["shippingAddress"] == {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "address1": "Hauptstr. 5",
        "zip": "1010",
        "city": "Wien",
        "countryCode": "AT",
    }
    assert (known.ref, known.pay_url) == (draft["id"], draft["invoiceUrl"])
    assert (known.status, known.paid) == (Status.PLACED, False)
    assert known.total == Decimal("44.90")
    assert list(known.lines) == [order.lines[0].item]


def test_place_again_finds_the_draft_also_among_many(shop: Shop) -> None:
    order = wanted(line(shop.store.add_variant()))
    first = shop.client.place(order)
    draft = shop.store.drafts[first.ref]
    for number in range(60):
        other = {**draft, "id": f"gid://shopify/DraftOrder/{number}"}
        shop.store.drafts[other["id"]] = other | {"customAttributes": []}
    assert shop.client.place(order).ref == first.ref
    assert len(shop.store.drafts) == 61


@pytest.mark.parametrize("status", [0, 502])
def test_place_whose_answer_was_lost_is_one_order(shop: Shop, status: int) -> None:
    order = wanted(line(shop.store.add_variant()))
    shop.client.check()
    asked = shop.store.faults.count("POST", GRAPH)
    made = Fault("POST", GRAPH, status=status, after=True)
    create = shop.client.graph.change

    def change(mutation: str, **variables: Any) -> dict[str, Any]:
        shop.store.faults.waiting.append(made)
        return create(mutation, **variables)

    shop.client.graph.change = change  # type: ignore[method-assign]
    with pytest.raises(Down):
        shop.client.place(order)
    assert shop.client.place(order).key == "order-1"
    assert len(shop.store.drafts) == 1
    assert shop.store.faults.count("POST", GRAPH) > asked


def test_place_that_was_paid_meanwhile_is_found_as_an_order(shop: Shop) -> None:
    order = wanted(line(shop.store.add_variant()))
    first = shop.client.place(order)
    shop.store.pay(first.ref)
    again = shop.client.place(order)
    assert (again.ref, again.paid, again.pay_url) == (first.ref, True, None)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"inventoryQuantity": 1}, 1),
        ({"inventoryQuantity": -3}, 0),
        ({"product": {"status": "ARCHIVED"}}, 0),
    ],
)
def test_place_of_what_is_not_there_makes_nothing(
    shop: Shop, fields: dict[str, Any], left: int
) -> None:
    order = wanted(line(shop.store.add_variant(**fields)))
    with pytest.raises(SoldOut) as refused:
        shop.client.place(order)
    assert (refused.value.left, shop.store.drafts) == (left, {})


def test_place_of_what_is_no_more_makes_nothing(shop: Shop) -> None:
    order = wanted(line(shop.store.add_variant()))
    shop.store.variants.clear()
    with pytest.raises(SoldOut):
        shop.client.place(order)


def test_place_of_what_became_dearer_makes_nothing(shop: Shop) -> None:
    order = wanted(line(shop.store.add_variant(), price=Decimal("19.99")))
    with pytest.raises(Dearer) as refused:
        shop.client.place(order)
    assert (refused.value.price, shop.store.drafts) == (Decimal("20.00"), {})


def test_alter_of_a_draft_writes_it_anew(shop: Shop) -> None:
    lamp, pillow = shop.store.add_variant(), shop.store.add_variant(price="5.00")
    known = shop.client.place(wanted(line(lamp, 3), line(pillow)))
    graz = {**HOME, "city": "Graz"}
    after = wanted(line(lamp, 1), line(pillow, 0), address=graz)
    order = shop.client.alter(known.ref, after).order
    (draft,) = shop.store.drafts.values()
    assert [x["quantity"] for x in draft["lines"]] == [1]
    assert draft["shippingAddress"]["city"] == "Graz"
    assert (order.total, order.pay_url) == (Decimal("24.90"), known.pay_url)


@pytest.mark.parametrize(("tax", "back"), [("0", "20.00"), ("0.1", "22.00")])
def test_alter_of_a_paid_order_gives_money_back_once_a_step(
    shop: Shop, tax: str, back: str
) -> None:
    shop.store.tax = Decimal(tax)
    lamp = shop.store.add_variant()
    known = shop.client.place(wanted(line(lamp, 3)))
    paid = shop.store.pay(known.ref)
    repaid = [
        shop.client.alter(known.ref, wanted(line(lamp, n))).repaid for n in (2, 2, 1)
    ]
    given = [x["transactions"][0]["amount"] for x in shop.store.refunds]
    assert given == [back, back]
    assert [x and x.ref for x in repaid] == [
        shop.store.refunds[n]["id"] for n in (0, 0, 1)
    ]
    assert shop.store.refunds[0]["refundLineItems"][0]["restockType"] == "CANCEL"
    assert paid["lines"][0]["currentQuantity"] == 1


def test_alter_of_a_paid_order_changes_its_address(shop: Shop) -> None:
    lamp = shop.store.add_variant()
    known = shop.client.place(wanted(line(lamp)))
    paid = shop.store.pay(known.ref)
    graz = {**HOME, "city": "Graz"}
    altered = shop.client.alter(known.ref, wanted(line(lamp), address=graz))
    assert paid["shippingAddress"]["city"] == "Graz"
    assert altered.repaid is None


def test_cancel_of_a_draft_takes_it_away_also_twice(shop: Shop) -> None:
    order = wanted(line(shop.store.add_variant()))
    known = shop.client.place(order)
    for _ in range(2):
        cancelled = shop.client.cancel(known.ref, order)
        assert cancelled.order.status is Status.CANCELLED
    assert shop.store.drafts == {}


@pytest.mark.parametrize("gateway", [True, False])
def test_cancel_of_a_paid_order_gives_money_back(shop: Shop, gateway: bool) -> None:
    shop.store.gateway = gateway
    order = wanted(line(shop.store.add_variant()))
    known = shop.client.place(order)
    paid = shop.store.pay(known.ref)
    for _ in range(2):
        cancelled = shop.client.cancel(known.ref, order)
        assert cancelled.order.status is Status.CANCELLED
        assert cancelled.repaid and cancelled.repaid.paid is gateway
    assert paid["displayFinancialStatus"] == "REFUNDED"


def test_cancel_that_takes_the_shop_a_while_is_looked_at_again(shop: Shop) -> None:
    shop.store.cancels_at_once = False
    order = wanted(line(shop.store.add_variant()))
    known = shop.client.place(order)
    shop.store.pay(known.ref)
    with pytest.raises(Down) as down:
        shop.client.cancel(known.ref, order)
    assert down.value.after
    shop.store.finish_cancelling()
    cancelled = shop.client.cancel(known.ref, order)
    assert cancelled.order.status is Status.CANCELLED


@pytest.mark.parametrize("gateway", [True, False])
def test_repay_of_returned_pieces_once(shop: Shop, gateway: bool) -> None:
    shop.store.gateway = gateway
    lamp = shop.store.add_variant()
    known = shop.client.place(wanted(line(lamp)))
    shop.store.pay(known.ref)
    (item,) = known.lines.values()
    made = [
        shop.client.repay(known.ref, {item: 1}, Decimal("15.00"), "return:1")
        for _ in range(2)
    ]
    (refund,) = shop.store.refunds
    assert {x.ref for x in made} == {refund["id"]}
    assert [x.paid for x in made] == [gateway, gateway]
    assert refund["transactions"][0]["amount"] == "15.00"
    assert refund["refundLineItems"][0]["restockType"] == "RETURN"


@pytest.mark.parametrize(
    ("fulfilment", "parcels", "status"),
    [
        ("UNFULFILLED", [], Status.PLACED),
        ("IN_PROGRESS", [], Status.PACKED),
        ("PARTIALLY_FULFILLED", ["IN_TRANSIT"], None),
        ("FULFILLED", ["IN_TRANSIT"], Status.SHIPPED),
        ("FULFILLED", ["DELIVERED", "IN_TRANSIT"], Status.SHIPPED),
        ("FULFILLED", ["DELIVERED"], Status.DELIVERED),
    ],
)
def test_look_says_how_far_an_order_is(
    shop: Shop, fulfilment: str, parcels: list[str], status: Status | None
) -> None:
    known = shop.client.place(wanted(line(shop.store.add_variant())))
    paid = shop.store.pay(known.ref)
    paid["displayFulfillmentStatus"] = fulfilment
    paid["fulfillments"] = [
        {"id": shop.store.gid("Fulfillment"), "displayStatus": x} for x in parcels
    ]
    found = shop.client.look(known.ref)
    assert (found.status, found.paid, found.number) == (status, True, paid["name"][1:])


def test_look_at_what_the_owner_deleted(shop: Shop) -> None:
    known = shop.client.place(wanted(line(shop.store.add_variant())))
    shop.store.drafts.clear()
    assert shop.client.look(known.ref).status is Status.CANCELLED


def test_check_names_the_permissions_that_lack(shop: Shop) -> None:
    assert shop.client.check().startswith("Lamps (http")
    shop.store.scopes.remove("write_orders")
    with pytest.raises(Refused, match="the app may not write_orders"):
        shop.client.check()


def test_token_that_ended_is_exchanged_for_a_new_one(shop: Shop) -> None:
    shop.client.check()
    shop.store.tokens.clear()
    shop.client.check()
    assert shop.store.faults.count("POST", "/access_token") == 2


def test_token_that_does_not_end_and_one_that_is_wrong(shop: Shop) -> None:
    for token in (TOKEN, "shpat_wrong"):
        other = Shopify(shop.client.url, Given(token), SECRET)
        try:
            if token == TOKEN:
                assert other.currency() == "EUR"
                continue
            with pytest.raises(Refused, match=r"401 .*Invalid API key") as refused:
                other.check()
            assert token not in str(refused.value)
        finally:
            other.close()


def test_wrong_secret_is_refused_without_saying_it(shop: Shop) -> None:
    other = Shopify(shop.client.url, Granted(shop.client.url, ID, "wrong"), SECRET)
    with pytest.raises(Refused, match=r"400 .*application_cannot_be_found") as refused:
        other.check()
    assert "wrong" not in str(refused.value)
    other.close()


def test_asking_waits_before_the_budget_is_spent(shop: Shop) -> None:
    shop.store.points = COST * 1.5
    shop.client.check()
    shop.client.check()
    assert shop.slept == [0.5]


def test_asking_when_throttled_waits_as_long_as_it_takes(shop: Shop) -> None:
    shop.store.points = COST * 0.5
    shop.client.check()
    assert shop.slept == [0.5]


def test_placing_when_throttled_is_left_to_later(shop: Shop) -> None:
    shop.store.points = COST * 0.5
    with pytest.raises(Down) as down:
        shop.client.graph.change("mutation { x { userErrors { message } } }")
    assert down.value.after and down.value.after.total_seconds() == 0.5


def test_asking_waits_as_long_as_the_shop_wants(shop: Shop) -> None:
    shop.fault(status=429, headers={"retry-after": "7"})
    shop.fault(status=503)
    shop.client.check()
    assert shop.slept == [7.0, 1.0]


def test_what_the_schema_does_not_know_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused, match="Cannot query field 'colour'"):
        shop.client.graph.ask("query { shop { colour } }")


def test_what_the_shop_says_to_a_wrong_order_is_what_we_say(shop: Shop) -> None:
    with pytest.raises(Refused, match="Add a line"):
        shop.client.graph.change(
            "mutation { draftOrderCreate(input: {}) { userErrors { message } } }"
        )


def told() -> Told:
    return Told("EUR", 3, "House", NOW)


def test_pull_yields_variants_over_pages(shop: Shop) -> None:
    for _ in range(101):
        shop.store.add_variant()
    shirt = {"hasOnlyDefaultVariant": False, "title": "Shirt", "category": None}
    options = [{"name": "Colour", "value": "blue"}, {"name": "Size", "value": "M"}]
    variant = shop.store.add_variant(
        shirt, title="blue / M", sku="S-1", selectedOptions=options
    )
    pulled = list(shop.client.pull(told(), Report()))
    assert len(pulled) == 102
    first, last = pulled[0].item, pulled[-1].item
    assert (first.name, first.brand, first.path) == (
        "Lamp",
        "Lind",
        ("Home & Garden", "Lamps"),
    )
    assert (first.about, first.stock, first.price) == (
        "Good & plain.",
        10,
        Decimal("20.00"),
    )
    assert (last.name, last.raw_id, last.path) == ("Shirt (blue, M)", "S-1", ("Lamps",))
    assert last.details == {"colour": "blue", "size": "M"}
    assert pulled[-1].product == external_of(variant["product"]["id"], variant["id"])


@pytest.mark.parametrize(
    "product",
    [
        {"status": "DRAFT"},
        {"onlineStoreUrl": None},
        {"isGiftCard": True},
        {"requiresSellingPlan": True},
    ],
)
def test_pull_leaves_out_what_cannot_be_ordered(
    shop: Shop, product: dict[str, Any]
) -> None:
    shop.store.add_variant(product)
    report = Report()
    assert list(shop.client.pull(told(), report)) == []
    assert sum(report.skipped.values()) == 1


def test_subscribe_makes_what_is_missing(shop: Shop) -> None:
    new = shop.client.subscribe("https://coach.example/shop/shopify")
    assert len(new) == len(shop.store.webhooks) == 6
    assert shop.client.subscribe("https://coach.example/shop/shopify") == []


def notice(topic: str, content: object, **headers: str) -> tuple[dict[str, str], bytes]:
    body = dumps(content).encode()
    return {
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": "w1",
        "x-shopify-shop-domain": "127.0.0.1",
        "x-shopify-hmac-sha256": sign(SECRET, body).decode(),
        **headers,
    }, body


ORDER = {
    "id": 42,
    "name": "#1001",
    "updated_at": "2026-11-25T09:00:00+01:00",
    "cancelled_at": None,
    "financial_status": "paid",
    "fulfillment_status": "fulfilled",
    "fulfillments": [{"shipment_status": "in_transit"}],
    "current_total_price": "44.90",
    "note_attributes": [{"name": "coach_key", "value": "order-1"}],
}


def test_notice_of_an_order_says_how_far_it_is(shop: Shop) -> None:
    read = shop.client.read_notice(*notice("orders/updated", ORDER))
    assert read and read.order
    assert (read.id, read.order.key, read.order.number) == ("w1", "order-1", "1001")
    assert (read.order.status, read.order.paid) == (Status.SHIPPED, True)


def test_notice_of_a_deleted_draft_says_that_it_is_cancelled(shop: Shop) -> None:
    read = shop.client.read_notice(*notice("draft_orders/delete", {"id": 7}))
    assert read and read.order
    assert read.order.ref == "gid://shopify/DraftOrder/7"
    assert read.order.status is Status.CANCELLED


def test_notice_of_a_product_says_stock_and_price_of_its_variants(shop: Shop) -> None:
    variant = {"id": 8, "price": "21.00", "inventory_quantity": 4}
    product = {
        "id": 7,
        "status": "active",
        "published_at": "2026-11-01T09:00:00+01:00",
        "updated_at": "2026-11-25T09:00:00+01:00",
        "variants": [
            {**variant, "inventory_management": "shopify"},
            {**variant, "id": 9, "inventory_management": None},
        ],
    }
    read = shop.client.read_notice(*notice("products/update", product))
    assert read
    assert [(x.product, x.stock, x.price) for x in read.products] == [
        ("7:8", 4, Decimal("21.00")),
        ("7:9", None, Decimal("21.00")),
    ]


@pytest.mark.parametrize("signature", ["", "AAAA", "ä"])
def test_notice_that_is_not_signed_is_forged(shop: Shop, signature: str) -> None:
    headers, body = notice(
        "orders/updated", ORDER, **{"x-shopify-hmac-sha256": signature}
    )
    with pytest.raises(Forged):
        shop.client.read_notice(headers, body)


def test_notice_of_another_shop_is_forged(shop: Shop) -> None:
    other = {"x-shopify-shop-domain": "other.myshopify.com"}
    with pytest.raises(Forged):
        shop.client.read_notice(*notice("orders/updated", ORDER, **other))


def test_notice_of_something_else_says_nothing(shop: Shop) -> None:
    assert shop.client.read_notice(*notice("themes/update", {})) is None


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
