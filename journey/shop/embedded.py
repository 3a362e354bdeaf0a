"""The embedded shop: our own tables are the shop, so that all is done at once."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from journey.orders import amendments, refunds, returns
from journey.orders.amendments import Change, Send
from journey.orders.baskets import Basket, write_order
from journey.orders.deliveries import (
    promise_delivery,
    settle_delivery,
    waits_for_payment,
)
from journey.orders.orders import Status, total
from journey.orders.returns import ReturnPolicy, Wish
from journey.shop.port import NotPossible
from journey.store.tables import Order, OrderItem, Return


class EmbeddedShop:
    """Sells from our own stock; an order is placed when the transaction commits.

    `pay_url` is a page of the owner on which an order is paid, with `{number}` and
    `{total}` in it; without one, the customer gets an invoice.
    """

    name = "embedded"
    at_once = True

    def __init__(self, pay_url: str | None = None) -> None:
        """Keep where orders are paid."""
        self.pay_url = pay_url

    def place(self, session: Session, basket: Basket, now: datetime) -> Order:
        """Place an order once, and promise its day; what is to be paid first, later."""
        order, new = write_order(session, basket, Status.PLACED, now)
        if new:
            order.pay_url = self._pay_url(session, order)
            promise_delivery(session, order, basket.customer_id, now)
        return order

    def change(
        self, session: Session, order: Order, change: Change, now: datetime
    ) -> None:
        """Change an order; what was paid for and is not sent is refunded."""
        dearer = isinstance(change, Send) and change.fee > order.delivery_fee
        if dearer and order.paid_at is not None:
            raise NotPossible("more would have to be paid for a paid order")
        before = total(session, order)
        amendments.apply(session, order, change, now)
        settle_delivery(session, order, now)
        owe_difference(session, order, before, now)
        if waits_for_payment(order):
            order.pay_url = self._pay_url(session, order)

    def take_back(
        self,
        session: Session,
        order: Order,
        item: OrderItem,
        wish: Wish,
        policy: ReturnPolicy,
        now: datetime,
    ) -> Return:
        """Record a return within the shop's policy."""
        return returns.request_return(session, order, item, wish, policy, now)

    def repay(self, session: Session, row: Return, now: datetime) -> None:
        """Record that the money of a return was given back."""
        returns.advance_return(session, row, returns.State.REFUNDED, now)

    def _pay_url(self, session: Session, order: Order) -> str | None:
        if self.pay_url is None:
            return None
        return self.pay_url.format(number=order.number, total=total(session, order))


def owe_difference(
    session: Session, order: Order, before: Decimal, now: datetime
) -> None:
    """Record what a paid order costs less after a change as due to the customer."""
    less = before - total(session, order)
    if order.paid_at is None or less <= 0:
        return
    once = f"change:{len(refunds.refunds_of(session, order))}"
    refunds.owe(session, order, less, once=once, reason="cancelled", now=now)
