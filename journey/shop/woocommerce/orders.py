"""An order between our words and WooCommerce's."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from journey.orders.orders import Status
from journey.shop.platform import Known, Wanted, WantedLine
from journey.shop.woocommerce.models import LineItem, Meta, Order, RefundMade

KEY, ITEM = "coach_key", "coach_item"
"""Further fields under which an order and its lines are found again."""
REFUNDED = "_refunded_item_id"
"""Where a line of a refund says which line of the order it is about."""
STATUSES: Mapping[str, Status] = {
    "pending": Status.PLACED,
    "on-hold": Status.PLACED,
    "failed": Status.PLACED,
    "processing": Status.PLACED,
    "packed": Status.PACKED,
    "completed": Status.SHIPPED,
    "shipped": Status.SHIPPED,
    "delivered": Status.DELIVERED,
    "cancelled": Status.CANCELLED,
    "refunded": Status.CANCELLED,
    "trash": Status.CANCELLED,
}
"""`failed` is a payment that failed, and can be tried again; a shop may have others."""
CENT = Decimal("0.01")


def as_known(order: Order, shop_url: str) -> Known:
    """Return an order as the core knows it."""
    paid = order.date_paid_gmt is not None
    return Known(
        ref=str(order.id),
        key=value_of(order.meta_data, KEY),
        number=order.number,
        status=STATUSES.get(order.status),
        paid=paid,
        pay_url=None if paid else pay_url(order, shop_url),
        total=order.total,
        lines={
            item: str(line.id)
            for line in order.line_items
            if (item := value_of(line.meta_data, ITEM))
        },
        at=order.date_modified_gmt or datetime.now(UTC),
    )


def value_of(meta: tuple[Meta, ...], key: str) -> str | None:
    """Return the value of a further field."""
    return next((str(x.value) for x in meta if x.key == key), None)


def pay_url(order: Order, shop_url: str) -> str:
    """Return the page on which an order is paid; older shops do not name it."""
    if order.payment_url:
        return order.payment_url
    page = f"{shop_url}/checkout/order-pay/{order.id}/"
    return f"{page}?pay_for_order=true&key={order.order_key}"


def as_new(wanted: Wanted) -> dict[str, Any]:
    """Return the body that makes an order, unpaid."""
    return {
        "status": "pending",
        "currency": wanted.currency,
        **addresses(wanted),
        "line_items": [_new_line(line) for line in wanted.lines],
        "shipping_lines": [
            {
                "method_id": "flat_rate",
                "method_title": wanted.way,
                "total": str(wanted.fee.quantize(CENT)),
            }
        ],
        "meta_data": [
            {"key": KEY, "value": wanted.key},
            {"key": "coach_order", "value": str(wanted.number)},
        ],
    }


def _new_line(line: WantedLine) -> dict[str, Any]:
    product, variation = ids_of(line.product)
    body: dict[str, Any] = {
        "product_id": product,
        "quantity": line.quantity,
        "meta_data": [{"key": ITEM, "value": line.item}],
    }
    return body | ({"variation_id": variation} if variation else {})


def ids_of(external: str) -> tuple[int, int]:
    """Return the ids of a product and its variation (0: none) from ours of both."""
    product, _, variation = external.partition(":")
    return int(product), int(variation or 0)


def addresses(wanted: Wanted) -> dict[str, Any]:
    """Return both addresses; an email that is not known must not be there."""
    first, _, last = wanted.name.partition(" ")
    place = {
        "first_name": first,
        "last_name": last,
        "address_1": wanted.address.get("street", ""),
        "postcode": wanted.address.get("postcode", ""),
        "city": wanted.address.get("city", ""),
        "country": wanted.address.get("country", ""),
    }
    email = {"email": wanted.email} if wanted.email else {}
    return {"billing": place | email, "shipping": place}


def changed_lines(order: Order, wanted: Wanted) -> list[dict[str, Any]]:
    """Return the lines that shall be other than they are.

    A number of pieces alone would leave the amounts of the line as they were.
    """
    quantities = {line.line: line.quantity for line in wanted.lines}
    return [
        _recounted(line, quantities.get(str(line.id), 0))
        for line in order.line_items
        if quantities.get(str(line.id), 0) != line.quantity
    ]


def _recounted(line: LineItem, quantity: int) -> dict[str, Any]:
    if not quantity:
        return {"id": line.id, "quantity": 0}
    share = Decimal(quantity) / line.quantity
    return {
        "id": line.id,
        "quantity": quantity,
        "subtotal": str((line.subtotal * share).quantize(CENT)),
        "total": str((line.total * share).quantize(CENT)),
    }


def living_pieces(order: Order, refunds: Sequence[RefundMade]) -> dict[str, int]:
    """Return how many pieces of each line were not given back."""
    pieces = {str(line.id): line.quantity for line in order.line_items}
    for refund in refunds:
        for line in refund.line_items:
            of = value_of(line.meta_data, REFUNDED)
            if of in pieces:
                pieces[of] -= abs(line.quantity)
    return {line: count for line, count in pieces.items() if count > 0}


def as_refund(
    order: Order, pieces: Mapping[str, int], amount: Decimal, key: str, *, pays: bool
) -> dict[str, Any]:
    """Return the body of a refund; `pays` has the gateway give the money back."""
    return {
        "amount": str(amount.quantize(CENT)),
        "reason": "Journey Coach",
        "api_refund": pays,
        "api_restock": True,
        "line_items": [
            {
                "id": line.id,
                "quantity": pieces[str(line.id)],
                "refund_total": float(worth(line, pieces[str(line.id)])),
            }
            for line in order.line_items
            if str(line.id) in pieces
        ],
        "meta_data": [{"key": KEY, "value": key}],
    }


def worth(line: LineItem, pieces: int) -> Decimal:
    """Return what pieces of a line cost, without tax."""
    return (line.total * pieces / line.quantity).quantize(CENT)
