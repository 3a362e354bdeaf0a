"""A Shopify shop as a platform: a draft with an invoice is an order once it is paid."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import httpx

from journey.catalogue.feeds.item import Given
from journey.catalogue.feeds.report import Report
from journey.orders.amendments import Cancel, CancelItems, Change, Readdress, Recount
from journey.shop import signing
from journey.shop.calling import Caller
from journey.shop.platform import (
    Altered,
    Down,
    Forged,
    Known,
    Notice,
    Pulled,
    Refused,
    Repaid,
    Wanted,
    check_line,
)
from journey.shop.shopify import orders, queries, webhooks
from journey.shop.shopify.catalogue import pull
from journey.shop.shopify.graph import VERSION, Graph, read
from journey.shop.shopify.models import (
    DRAFT,
    HEADS,
    ORDER,
    VARIANTS,
    Draft,
    Order,
)
from journey.shop.shopify.refunds import Refunds, by_gateway

SKEW = timedelta(hours=1)
"""The shop's clock may be so far behind ours."""
SOON = timedelta(seconds=20)
"""A cancellation that the shop has begun is looked at again after so long."""
SCOPES = (
    "read_products",
    "read_inventory",
    "write_draft_orders",
    "write_orders",
)


class Shopify:
    """Talks to one shop as an app that its owner installed."""

    name = "shopify"
    secret_setting = "COACH_SHOPIFY_SECRET"

    def __init__(
        self, url: str, auth: httpx.Auth, secret: str, **calling: object
    ) -> None:
        """Keep the shop's address and the app's secret; nothing is asked yet."""
        self.url = url.rstrip("/")
        self._secret = secret
        self.hears = bool(secret)
        where = f"{self.url}/admin/api/{VERSION}"
        self.graph = Graph(Caller(where, auth=auth, **calling))  # type: ignore[arg-type]
        self.refunds = Refunds(self.graph)

    def check(self) -> str:
        """Return the shop's name and address, when the app may do what it has to.

        Raises:
            Refused: the app lacks a permission.
        """
        answer = self.graph.ask(queries.SHOP)
        given = answer["currentAppInstallation"]["accessScopes"]
        missing = set(SCOPES) - {scope["handle"] for scope in given}
        if missing:
            raise Refused(f"the app may not {', '.join(sorted(missing))}")
        return f"{answer['shop']['name']} ({self.url})"

    def currency(self) -> str:
        """Return the currency of the shop's prices."""
        return str(self.graph.ask(queries.SHOP)["shop"]["currencyCode"])

    def pull(self, given: Given, report: Report) -> Iterator[Pulled]:
        """Yield all variants, page by page."""
        return pull(self.graph, given, report)

    def can(self, change: Change, *, paid: bool) -> bool:
        """Lines only become less here: more would have to be paid anew."""
        del paid
        return isinstance(change, Cancel | CancelItems | Readdress | Recount)

    def look(self, ref: str) -> Known:
        """Return how far an order is."""
        found = self._found(ref)
        return orders.as_known(found) if found else _gone(ref)

    def place(self, wanted: Wanted) -> Known:
        """Return the draft of this key, made when there is none."""
        found = self._find(wanted)
        if found is None:
            self._check_lines(wanted)
            made = self.graph.change(queries.CREATE, input=orders.as_draft(wanted))
            found = read(DRAFT, made["draftOrder"])
        return orders.as_known(found)

    def alter(self, ref: str, wanted: Wanted) -> Altered:
        """Bring an order to these lines and this address.

        A draft is written anew; what is paid is given back for the pieces that are
        not sent.
        """
        found = self._needed(ref)
        order = orders.order_of(found)
        if order is None:
            body = orders.as_draft(wanted)
            made = self.graph.change(queries.UPDATE, id=ref, input=body)
            return Altered(orders.as_known(read(DRAFT, made["draftOrder"])))
        repaid = self.refunds.repay_removed(order, wanted)
        body = {"id": order.id, "shippingAddress": orders.address_of(wanted)}
        made = self.graph.change(queries.READDRESS, input=body)
        return Altered(orders.as_known(read(ORDER, made["order"])), repaid)

    def cancel(self, ref: str, wanted: Wanted) -> Altered:
        """Delete a draft; cancel an order, and give back what was paid."""
        found = self._found(ref)
        if found is None:
            return Altered(_gone(ref, wanted.key))
        order = orders.order_of(found)
        if order is not None:
            return self._cancel_order(ref, order)
        try:
            self.graph.change(queries.DELETE, input={"id": ref})
        except Refused:
            # It may have been paid since we looked.
            order = orders.order_of(self._needed(ref))
            if order is None:
                raise
            return self._cancel_order(ref, order)
        return Altered(_gone(ref, wanted.key))

    def repay(
        self, ref: str, lines: Mapping[str, int], amount: Decimal, key: str
    ) -> Repaid:
        """Give money back for returned pieces, once."""
        order = orders.order_of(self._needed(ref))
        if order is None:
            raise Refused(f"{ref} was never paid")
        return self.refunds.refund(order, lines, amount, key, sent=True)

    def close(self) -> None:
        """Close all connections."""
        self.graph.close()

    def subscribe(self, url: str) -> list[str]:
        """Make the webhooks that are missing."""
        there = self.graph.ask(queries.WEBHOOKS, after=None)["webhookSubscriptions"]
        known = {x["topic"] for x in there["nodes"] if x["uri"] == url}
        new = [topic for topic in webhooks.TOPICS if topic not in known]
        for topic in new:
            self.graph.change(
                queries.SUBSCRIBE, topic=topic, to={"uri": url, "format": "JSON"}
            )
        return new

    def read_notice(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """Return what a webhook says of an order or a product.

        The secret is the app's: another shop that has installed it could sign too.
        """
        signing.check(self._secret, body, headers.get("x-shopify-hmac-sha256"))
        if headers.get("x-shopify-shop-domain") != urlsplit(self.url).hostname:
            raise Forged("it is of another shop")
        notice_id = headers.get("x-shopify-webhook-id", "")
        topic = headers.get("x-shopify-topic", "")
        return webhooks.read_notice(notice_id, topic, body)

    def _find(self, wanted: Wanted) -> Draft | Order | None:
        """Look for the order among the drafts made since it was asked for."""
        after: str | None = None
        while True:
            page = self.graph.ask(queries.NEWEST_DRAFTS, after=after)["draftOrders"]
            for head in read(HEADS, page["nodes"]):
                if head.created_at < wanted.since - SKEW:
                    return None
                if orders.value_of(head.custom_attributes, orders.KEY) == wanted.key:
                    return self._found(head.id)
            if not page["pageInfo"]["hasNextPage"]:
                return None
            after = page["pageInfo"]["endCursor"]

    def _found(self, ref: str) -> Draft | Order | None:
        node = self.graph.ask(queries.FOUND, id=ref)["node"]
        if node is None:
            return None
        if node["__typename"] == "DraftOrder":
            return read(DRAFT, node)
        return read(ORDER, node)

    def _needed(self, ref: str) -> Draft | Order:
        found = self._found(ref)
        if found is None:
            raise Refused(f"{ref} is there no more")
        return found

    def _check_lines(self, wanted: Wanted) -> None:
        """Refuse what there is not enough of, or what became dearer."""
        ids = [orders.variant_gid(line.product) for line in wanted.lines]
        nodes = self.graph.ask(queries.VARIANTS, ids=ids)["nodes"]
        found = {x.id: x for x in read(VARIANTS, [node for node in nodes if node])}
        for line, gid in zip(wanted.lines, ids, strict=True):
            variant = found.get(gid)
            left = variant.left() if variant else 0
            check_line(line, left, variant.price if variant else None)

    def _cancel_order(self, ref: str, order: Order) -> Altered:
        """The shop cancels in its own time: we look again until it has."""
        paid = order.display_financial_status in orders.PAID
        if order.cancelled_at is None:
            how = {"originalPaymentMethodsRefund": paid}
            try:
                self.graph.change(queries.CANCEL, id=order.id, refund=how)
            except Refused:
                # It is refused as well when it is under way already.
                if not self._cancelled(order.id):
                    raise
            if not self._cancelled(order.id):
                raise Down("the shop has not cancelled yet", SOON)
        repaid = Repaid(order.id, by_gateway(order)) if paid else None
        return Altered(orders.as_known(self._needed(ref)), repaid)

    def _cancelled(self, order_id: str) -> bool:
        order = orders.order_of(self._needed(order_id))
        return order is not None and order.cancelled_at is not None


def _gone(ref: str, key: str | None = None) -> Known:
    return orders.gone(ref, key, datetime.now(UTC))
