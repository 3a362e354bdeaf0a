"""Money that goes back in a WooCommerce shop: each refund once, under its key."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import TypeAdapter

from journey.shop.calling import Caller
from journey.shop.platform import PlatformError, Repaid, Wanted
from journey.shop.woocommerce import orders
from journey.shop.woocommerce.models import REFUNDS, Order, RefundMade, read

PAGE = 100
NO_GATEWAY = "woocommerce_rest_cannot_create_order_refund"
MADE = TypeAdapter(RefundMade)


class Refunds:
    """Refunds over one shop's API."""

    def __init__(self, caller: Caller) -> None:
        """Ask through a connection."""
        self._caller = caller

    def repay_removed(self, order: Order, wanted: Wanted) -> Repaid | None:
        """Give back what is too much on a paid order."""
        made = self.made(order)
        left = ",".join(f"{x.line}={x.quantity}" for x in wanted.lines)
        key = f"{wanted.key}:{left}"
        done = _refunded(made, key)
        living = orders.living_pieces(order, made)
        pieces = {
            line.line: living.get(line.line, 0) - line.quantity
            for line in wanted.lines
            if line.line and living.get(line.line, 0) > line.quantity
        }
        if done or not pieces:
            return done
        prices = {line.line: line.price for line in wanted.lines}
        amount = sum((prices[x] * n for x, n in pieces.items()), Decimal(0))
        return self.refund(order, pieces, amount, key)

    def made(self, order: Order) -> list[RefundMade]:
        """Return the refunds that an order has."""
        answer = self._caller.read(f"/orders/{order.id}/refunds", per_page=PAGE)
        return read(answer, REFUNDS)

    def refund(
        self, order: Order, pieces: Mapping[str, int], amount: Decimal, key: str
    ) -> Repaid:
        """Refund once; where the gateway cannot, the refund is noted for a person."""
        path = f"/orders/{order.id}/refunds"
        done = _refunded(self.made(order), key)
        if done:
            return done
        try:
            body = orders.as_refund(order, pieces, amount, key, pays=True)
            answer, paid = self._caller.send("POST", path, body), True
        except PlatformError as error:
            if error.code != NO_GATEWAY:
                raise
            body = orders.as_refund(order, pieces, amount, key, pays=False)
            answer, paid = self._caller.send("POST", path, body), False
        return Repaid(str(read(answer, MADE).id), paid)


def _refunded(made: Sequence[RefundMade], key: str) -> Repaid | None:
    """Return the refund that was made under a key."""
    its = (x for x in made if orders.value_of(x.meta_data, orders.KEY) == key)
    return next((Repaid(str(x.id), paid=True) for x in its), None)
