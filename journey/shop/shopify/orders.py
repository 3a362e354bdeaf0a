"""An order between our words and Shopify's."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from journey.orders.orders import Status
from journey.shop.platform import Known, Wanted, WantedLine
from journey.shop.shopify.models import Attribute, Draft, Order, Suggested

KEY, ITEM = "coach_key", "coach_item"
"""Further fields under which an order and its lines are found again.

A line gets another id when its draft becomes an order; what we wrote on it stays.
"""
KEPT = timedelta(days=1)
"""So long the pieces of an order that is not paid are kept on the shop's shelf."""
PAID = ("PAID", "PARTIALLY_REFUNDED", "REFUNDED")
STATUSES: Mapping[str, Status] = {
    "UNFULFILLED": Status.PLACED,
    "OPEN": Status.PLACED,
    "PENDING_FULFILLMENT": Status.PLACED,
    "SCHEDULED": Status.PLACED,
    "ON_HOLD": Status.PLACED,
    "REQUEST_DECLINED": Status.PLACED,
    "IN_PROGRESS": Status.PACKED,
    "FULFILLED": Status.SHIPPED,
}
"""Of the other ones (sent in part, put back) none is a step of ours."""
CENT = Decimal("0.01")


def as_known(found: Draft | Order) -> Known:
    """Return an order as the core knows it."""
    if isinstance(found, Draft) and found.order is None:
        return Known(
            ref=found.id,
            key=value_of(found.custom_attributes, KEY),
            number=_number(found.name),
            status=Status.PLACED,
            paid=False,
            pay_url=found.invoice_url,
            total=found.total,
            lines=_lines(found),
            at=found.updated_at,
        )
    order = order_of(found)
    assert order is not None
    return Known(
        ref=found.id,
        key=value_of(order.custom_attributes, KEY),
        number=_number(order.name),
        status=_status(order),
        paid=order.display_financial_status in PAID,
        pay_url=None,
        total=order.total,
        lines=_lines(order),
        at=order.updated_at,
    )


def gone(ref: str, key: str | None, at: Any) -> Known:
    """Return an order that is there no more."""
    return Known(ref, key, "", Status.CANCELLED, False, None, Decimal(0), {}, at)


def order_of(found: Draft | Order) -> Order | None:
    """Return the order that a draft has become, if it has."""
    return found.order if isinstance(found, Draft) else found


def value_of(attributes: Sequence[Attribute], key: str) -> str | None:
    """Return the value of a further field."""
    return next((x.value for x in attributes if x.key == key), None)


def _number(name: str) -> str:
    return name.removeprefix("#")


def _lines(found: Draft | Order) -> dict[str, str]:
    """Return our ids of the lines, by which they are known there too."""
    items = (value_of(line.custom_attributes, ITEM) for line in found.line_items)
    return {item: item for item in items if item}


def _status(order: Order) -> Status | None:
    if order.cancelled_at is not None:
        return Status.CANCELLED
    status = STATUSES.get(order.display_fulfillment_status)
    parcels = order.fulfillments
    arrived = parcels and all(x.display_status == "DELIVERED" for x in parcels)
    return Status.DELIVERED if status is Status.SHIPPED and arrived else status


def as_draft(wanted: Wanted) -> dict[str, Any]:
    """Return the body of an order that waits to be paid, at the prices agreed."""
    place = address_of(wanted)
    body: dict[str, Any] = {
        "customAttributes": [
            {"key": KEY, "value": wanted.key},
            {"key": "coach_order", "value": str(wanted.number)},
        ],
        "lineItems": [_line(x, wanted.currency) for x in wanted.lines if x.quantity],
        "shippingLine": {
            "title": wanted.way,
            "priceWithCurrency": _money(wanted.fee, wanted.currency),
        },
        "shippingAddress": place,
        "billingAddress": place,
        "reserveInventoryUntil": (wanted.since + KEPT).isoformat(),
        "allowDiscountCodesInCheckout": False,
        "acceptAutomaticDiscounts": False,
    }
    return body | ({"email": wanted.email} if wanted.email else {})


def _line(line: WantedLine, currency: str) -> dict[str, Any]:
    return {
        "variantId": variant_gid(line.product),
        "quantity": line.quantity,
        "priceOverride": _money(line.price, currency),
        "customAttributes": [{"key": ITEM, "value": line.item}],
    }


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": str(amount.quantize(CENT)), "currencyCode": currency}


def variant_gid(external: str) -> str:
    """Return the shop's id of a variant from ours of product and variant."""
    return f"gid://shopify/ProductVariant/{external.partition(':')[2]}"


def external_of(product: str | int, variant: str | int) -> str:
    """Return our id of a variant, from the shop's ids of it and its product."""
    return ":".join(str(x).rpartition("/")[2] for x in (product, variant))


def address_of(wanted: Wanted) -> dict[str, str]:
    """Return where an order goes."""
    first, _, last = wanted.name.partition(" ")
    place = {
        "firstName": first,
        "lastName": last,
        "address1": wanted.address.get("street", ""),
        "zip": wanted.address.get("postcode", ""),
        "city": wanted.address.get("city", ""),
        "countryCode": wanted.address.get("country", ""),
    }
    return {name: value for name, value in place.items() if value}


def line_ids(order: Order) -> dict[str, str]:
    """Return the shop's ids of an order's lines, by ours."""
    named = ((value_of(x.custom_attributes, ITEM), x.id) for x in order.line_items)
    return {item: line for item, line in named if item}


def too_many(order: Order, wanted: Wanted) -> dict[str, int]:
    """Return by how many pieces each line has more than it shall."""
    there = {
        value_of(x.custom_attributes, ITEM): x.quantity
        if x.current_quantity is None
        else x.current_quantity
        for x in order.line_items
    }
    more = {x.item: there.get(x.item, 0) - x.quantity for x in wanted.lines}
    return {item: count for item, count in more.items() if count > 0}


def refund_note(key: str) -> str:
    """Return the note by which a refund of ours is known."""
    return f"Journey Coach {key}"


def refund_key(key: str) -> str:
    """Return a key as the shop wants one."""
    return str(uuid5(NAMESPACE_URL, key))


def as_refund(
    order: Order,
    pieces: Mapping[str, int],
    amount: Decimal,
    key: str,
    suggested: Suggested,
    *,
    sent: bool,
) -> dict[str, Any]:
    """Return the body of a refund; pieces go to the shelf that the shop suggests."""
    ids, shelves = line_ids(order), {x.line: x.location for x in suggested.lines}
    back = "RETURN" if sent else "CANCEL"
    lines = []
    for item, count in pieces.items():
        line: dict[str, Any] = {"lineItemId": ids[item], "quantity": count}
        shelf = shelves.get(ids[item])
        line |= (
            {"restockType": back, "locationId": shelf}
            if shelf
            else {"restockType": "NO_RESTOCK" if sent else "CANCEL"}
        )
        lines.append(line)
    return {
        "orderId": order.id,
        "note": refund_note(key),
        "notify": False,
        "refundLineItems": lines,
        "transactions": _payments(order, amount, suggested),
    }


def _payments(
    order: Order, amount: Decimal, suggested: Suggested
) -> list[dict[str, Any]]:
    """Share what goes back over the payments it came from.

    The shop knows the tax on it, we know how much of the price goes back.
    """
    if not suggested.subtotal:
        return []
    share = min(Decimal(1), amount / suggested.subtotal)
    left, given = (suggested.amount * share).quantize(CENT), []
    for paid in suggested.payments:
        part = min(left, paid.amount)
        if part <= 0:
            continue
        left -= part
        given.append(
            {
                "orderId": order.id,
                "kind": "REFUND",
                "gateway": paid.gateway,
                "parentId": paid.parent,
                "amount": str(part),
            }
        )
    return given
