"""What Shopify's webhooks say: of orders, drafts and products."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from journey.orders.orders import Status
from journey.shop.platform import Known, Notice, Restocked
from journey.shop.shopify import orders

TOPICS: Mapping[str, str] = {
    "ORDERS_CREATE": "orders/create",
    "ORDERS_UPDATED": "orders/updated",
    "ORDERS_CANCELLED": "orders/cancelled",
    "DRAFT_ORDERS_DELETE": "draft_orders/delete",
    "PRODUCTS_UPDATE": "products/update",
    "PRODUCTS_DELETE": "products/delete",
}
PAID = ("paid", "partially_refunded", "refunded")
STATUSES: Mapping[str | None, Status] = {
    None: Status.PLACED,
    "fulfilled": Status.SHIPPED,
}


class Told(BaseModel):
    """A part of what a webhook says; there is always more in it than we read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Attribute(Told):
    """A further field of an order."""

    name: str
    value: Any = None


class Parcel(Told):
    """Pieces that were sent."""

    shipment_status: str | None = None


class Order(Told):
    """An order, in the words of webhooks."""

    id: int
    name: str
    updated_at: datetime
    cancelled_at: datetime | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    fulfillments: tuple[Parcel, ...] = ()
    current_total_price: Decimal
    note_attributes: tuple[Attribute, ...] = ()

    def known(self) -> Known:
        """Return it as the core knows it."""
        named = {x.name: x.value for x in self.note_attributes}
        return Known(
            ref=f"gid://shopify/Order/{self.id}",
            key=named.get(orders.KEY),
            number=self.name.removeprefix("#"),
            status=self._status(),
            paid=self.financial_status in PAID,
            pay_url=None,
            total=self.current_total_price,
            lines={},
            at=self.updated_at,
        )

    def _status(self) -> Status | None:
        if self.cancelled_at is not None:
            return Status.CANCELLED
        status, parcels = STATUSES.get(self.fulfillment_status), self.fulfillments
        arrived = parcels and all(x.shipment_status == "delivered" for x in parcels)
        return Status.DELIVERED if status is Status.SHIPPED and arrived else status


class Variant(Told):
    """A variant; `inventory_management` says who counts its pieces, if anybody."""

    id: int
    price: Decimal
    inventory_quantity: int | None = None
    inventory_policy: str = "deny"
    inventory_management: str | None = None

    def left(self) -> int | None:
        """Return how many pieces there are; None when they are not counted."""
        if not self.inventory_management or self.inventory_policy == "continue":
            return None
        return max(0, self.inventory_quantity or 0)


class Product(Told):
    """A product with all of its variants."""

    id: int
    status: str
    published_at: datetime | None = None
    updated_at: datetime | None = None
    variants: tuple[Variant, ...] = ()

    def restocked(self) -> list[Restocked]:
        """Return what it says of stock and prices."""
        sold = self.status == "active" and self.published_at is not None
        return [
            Restocked(
                orders.external_of(self.id, x.id),
                x.left() if sold else 0,
                x.price,
                active=sold,
                at=self.updated_at,
            )
            for x in self.variants
        ]


ORDER, PRODUCT = TypeAdapter(Order), TypeAdapter(Product)


def read_notice(notice_id: str, topic: str, body: bytes) -> Notice | None:
    """Return what a signed webhook says; None when it says nothing to us.

    Raises:
        ValueError: it cannot be read.
    """
    if topic not in TOPICS.values():
        return None
    content = json.loads(body)
    kind, _, what = topic.partition("/")
    if kind == "orders":
        return Notice(notice_id, ORDER.validate_python(content).known())
    gone = f"{int(content['id'])}"
    if kind == "draft_orders":
        ref = f"gid://shopify/DraftOrder/{gone}"
        return Notice(notice_id, orders.gone(ref, None, datetime.now(UTC)))
    if what == "delete":
        return Notice(notice_id, products=[Restocked(gone, 0, None, active=False)])
    products = PRODUCT.validate_python(content).restocked()
    return Notice(notice_id, products=products)
