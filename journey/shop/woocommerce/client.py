"""A WooCommerce shop as a platform."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from decimal import Decimal

import httpx
from pydantic import TypeAdapter

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.orders.amendments import Cancel, CancelItems, Change, Readdress, Recount
from journey.shop import signing
from journey.shop.calling import Caller, json_of
from journey.shop.platform import (
    Altered,
    Known,
    Notice,
    Pulled,
    Repaid,
    Restocked,
    Wanted,
    WantedLine,
    check_line,
)
from journey.shop.woocommerce import orders
from journey.shop.woocommerce.catalogue import pull
from journey.shop.woocommerce.models import (
    ORDERS,
    Order,
    Product,
    read,
)
from journey.shop.woocommerce.refunds import Refunds

API = "/wp-json/wc/v3"
PAGE = 100
SKEW = timedelta(hours=1)
"""The shop's clock may be so far behind ours."""
TOPICS = (
    "order.created",
    "order.updated",
    "product.created",
    "product.updated",
    "product.deleted",
)
ORDER, PRODUCT = TypeAdapter(Order), TypeAdapter(Product)


class WooCommerce:
    """Talks to one shop with a consumer's key and secret."""

    name = "woocommerce"
    secret_setting = "COACH_WOO_WEBHOOK_SECRET"

    def __init__(
        self, url: str, key: str, secret: str, webhook_secret: str, **calling: object
    ) -> None:
        """Keep the shop's address and our keys; nothing is asked yet."""
        self.url = url.rstrip("/")
        self._webhook_secret = webhook_secret
        self.hears = bool(webhook_secret)
        auth = httpx.BasicAuth(key, secret)
        self.caller = Caller(self.url + API, auth=auth, **calling)  # type: ignore[arg-type]
        self.refunds = Refunds(self.caller)

    def check(self) -> str:
        """Return the shop's address, when our key may read and write orders."""
        self.caller.read("/orders", per_page=1)
        return self.url

    def currency(self) -> str:
        """Return the currency of the shop's prices."""
        return str(json_of(self.caller.read("/data/currencies/current"))["code"])

    def pull(self, given: Given, report: Report) -> Iterator[Pulled]:
        """Yield simple products and variations, page by page."""
        return pull(self.caller, given, report)

    def can(self, change: Change, *, paid: bool) -> bool:
        """Lines only become less here: more would have to be paid anew."""
        del paid
        return isinstance(change, Cancel | CancelItems | Readdress | Recount)

    def look(self, ref: str) -> Known:
        """Return how far an order is."""
        return orders.as_known(self._order(ref), self.url)

    def place(self, wanted: Wanted) -> Known:
        """Return the order of this key, made when there is none."""
        found = self._find(wanted)
        if found is None:
            for line in wanted.lines:
                self._check_line(line)
            body = orders.as_new(wanted)
            found = read(self.caller.send("POST", "/orders", body), ORDER)
        return orders.as_known(found, self.url)

    def alter(self, ref: str, wanted: Wanted) -> Altered:
        """Bring an order to these lines and this address.

        What is paid is given back for the pieces that are not sent.
        """
        order = self._order(ref)
        body, repaid = orders.addresses(wanted), None
        if order.date_paid_gmt is None:
            body["line_items"] = orders.changed_lines(order, wanted)
        else:
            repaid = self.refunds.repay_removed(order, wanted)
        changed = self.caller.send("PUT", f"/orders/{ref}", body)
        return Altered(orders.as_known(read(changed, ORDER), self.url), repaid)

    def cancel(self, ref: str, wanted: Wanted) -> Altered:
        """Cancel an order, and give back what was paid."""
        order, repaid = self._order(ref), None
        if order.date_paid_gmt is not None:
            made = self.refunds.made(order)
            left = order.total - sum((x.amount for x in made), Decimal(0))
            if left > 0:
                pieces = orders.living_pieces(order, made)
                key = f"{wanted.key}:cancel"
                repaid = self.refunds.refund(order, pieces, left, key)
            order = self._order(ref)
        if order.status not in ("cancelled", "refunded"):
            body = {"status": "cancelled"}
            order = read(self.caller.send("PUT", f"/orders/{ref}", body), ORDER)
        return Altered(orders.as_known(order, self.url), repaid)

    def repay(
        self, ref: str, lines: Mapping[str, int], amount: Decimal, key: str
    ) -> Repaid:
        """Give money back for returned pieces, once."""
        return self.refunds.refund(self._order(ref), lines, amount, key)

    def close(self) -> None:
        """Close all connections."""
        self.caller.close()

    def subscribe(self, url: str) -> list[str]:
        """Make the webhooks that are missing."""
        there = json_of(self.caller.read("/webhooks", per_page=PAGE))
        known = {x["topic"] for x in there if x.get("delivery_url") == url}
        new = [topic for topic in TOPICS if topic not in known]
        for topic in new:
            body = {
                "name": f"Journey Coach: {topic}",
                "topic": topic,
                "delivery_url": url,
                "secret": self._webhook_secret,
            }
            self.caller.send("POST", "/webhooks", body)
        return new

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Return what a webhook says of an order or a product.

        The delivery's id is made of the webhook's and the second: two deliveries
        within one second share it, so that the signature goes into ours.
        """
        topic = headers.get("x-wc-webhook-topic", "")
        if not topic and body.startswith(b"webhook_id="):
            # The ping that tells whether we are there is not signed.
            return None
        signature = headers.get("x-wc-webhook-signature", "")
        signing.check(self._webhook_secret, body, signature)
        notice_id = f"{headers.get('x-wc-webhook-delivery-id', '')}:{signature}"
        content = json.loads(body)
        match topic:
            case "order.created" | "order.updated" | "order.restored":
                order = ORDER.validate_python(content)
                return Notice(notice_id, orders.as_known(order, self.url))
            case "product.created" | "product.updated" | "product.restored":
                product = PRODUCT.validate_python(content)
                return Notice(notice_id, products=_restocked(product))
            case "product.deleted":
                gone = Restocked(str(content["id"]), 0, None, active=False)
                return Notice(notice_id, products=[gone])
        return None

    def _find(self, wanted: Wanted) -> Order | None:
        """Look for the order among those made since it was asked for."""
        since = (wanted.since - SKEW).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        page, pages = 1, 1
        while page <= pages:
            answer = self.caller.read(
                "/orders",
                after=since,
                dates_are_gmt="true",
                order="asc",
                orderby="id",
                per_page=PAGE,
                page=page,
            )
            for order in read(answer, ORDERS):
                if orders.value_of(order.meta_data, orders.KEY) == wanted.key:
                    return order
            pages, page = int(answer.headers.get("x-wp-totalpages", 1)), page + 1
        return None

    def _check_line(self, line: WantedLine) -> None:
        """Refuse what there is not enough of, or what became dearer."""
        product_id, variation_id = orders.ids_of(line.product)
        path = f"/products/{product_id}"
        path += f"/variations/{variation_id}" if variation_id else ""
        product = read(self.caller.read(path), PRODUCT)
        left = product.left() if product.status == "publish" else 0
        check_line(line, left, product.price)

    def _order(self, ref: str) -> Order:
        return read(self.caller.read(f"/orders/{ref}"), ORDER)


def _restocked(product: Product) -> list[Restocked]:
    """Return what is said of a product; of a variable one its variations say it."""
    if product.type == "variable":
        return []
    ids = f"{product.parent_id}:{product.id}" if product.parent_id else str(product.id)
    active = product.status == "publish"
    at = product.date_modified_gmt
    return [Restocked(ids, product.left(), product.price, active, at)]
