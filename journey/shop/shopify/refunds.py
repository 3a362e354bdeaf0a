"""Money that goes back in a Shopify shop: each refund once, under its key."""

from collections.abc import Mapping
from decimal import Decimal

from journey.shop.platform import Repaid, Wanted
from journey.shop.shopify import orders, queries
from journey.shop.shopify.graph import Graph, read
from journey.shop.shopify.models import SUGGESTION, Order


class Refunds:
    """Refunds over one shop's API."""

    def __init__(self, graph: Graph) -> None:
        """Ask through a connection."""
        self._graph = graph

    def repay_removed(self, order: Order, wanted: Wanted) -> Repaid | None:
        """Take pieces out of an order, and give back what was paid for them."""
        left = ",".join(f"{x.item}={x.quantity}" for x in wanted.lines)
        key = f"{wanted.key}:{left}"
        done = _refunded(order, key)
        pieces = orders.too_many(order, wanted)
        if done or not pieces:
            return done
        prices = {line.item: line.price for line in wanted.lines}
        amount = sum((prices[x] * n for x, n in pieces.items()), Decimal(0))
        return self.refund(order, pieces, amount, key, sent=False)

    def refund(
        self,
        order: Order,
        pieces: Mapping[str, int],
        amount: Decimal,
        key: str,
        *,
        sent: bool,
    ) -> Repaid:
        """Refund once; what was paid by hand goes back by hand."""
        done = _refunded(order, key)
        if done:
            return done
        ids = orders.line_ids(order)
        lines = [{"lineItemId": ids[x], "quantity": n} for x, n in pieces.items()]
        answer = self._graph.ask(queries.SUGGESTED, id=order.id, lines=lines)
        suggested = read(SUGGESTION, answer["order"]["suggestedRefund"])
        body = orders.as_refund(order, pieces, amount, key, suggested, sent=sent)
        made = self._graph.change(
            queries.REFUND, input=body, key=orders.refund_key(key)
        )
        return Repaid(str(made["refund"]["id"]), by_gateway(order))


def _refunded(order: Order, key: str) -> Repaid | None:
    """Return the refund that was made under a key."""
    note = orders.refund_note(key)
    made = next((x for x in order.refunds if x.note == note), None)
    return Repaid(made.id, by_gateway(order)) if made else None


def by_gateway(order: Order) -> bool:
    """Tell whether money goes back the way it came, without a person."""
    return not any(x.manual_payment_gateway for x in order.transactions)
