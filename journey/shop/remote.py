"""A shop in another system: what is asked for is written down, and done there next."""

import json
from datetime import datetime

from sqlalchemy.orm import Session

from journey.orders import returns
from journey.orders.amendments import Change, Recount
from journey.orders.baskets import Basket, write_order
from journey.orders.orders import Status, check_open, items_of
from journey.orders.returns import ReturnPolicy, Wish
from journey.shop import changes, errands
from journey.shop.errands import Kind
from journey.shop.platform import Platform
from journey.shop.port import NotPossible
from journey.store.tables import Order, OrderItem, Return


class RemoteShop:
    """Passes everything on to a platform; our tables are its mirror.

    A change is in our books only once the platform has made it.
    """

    at_once = False

    def __init__(self, platform: Platform) -> None:
        """Keep what is asked by whoever runs the errands."""
        self.platform = platform
        self.name = platform.name

    def place(self, session: Session, basket: Basket, now: datetime) -> Order:
        """Write the order down and have it placed."""
        order, new = write_order(session, basket, Status.PLACING, now)
        if new:
            errands.send(session, order, Kind.PLACE, once="place", now=now)
        return order

    def change(
        self, session: Session, order: Order, change: Change, now: datetime
    ) -> None:
        """Have an order changed, once."""
        check_open(order)
        if not self._can(session, order, change):
            raise NotPossible(f"{self.name} cannot {type(change).__name__}")
        about = changes.kept(change)
        once = json.dumps(about, sort_keys=True)[:200]
        errands.send(session, order, Kind.CHANGE, once=once, now=now, about=about)

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
        """Have the money of a return given back."""
        returns.check_move(row, returns.State.REFUNDED)
        item = session.get_one(OrderItem, row.item_id)
        order = session.get_one(Order, item.order_id)
        once, about = f"repay:{row.id}", {"return": row.id}
        errands.send(session, order, Kind.REPAY, once=once, now=now, about=about)

    def _can(self, session: Session, order: Order, change: Change) -> bool:
        if isinstance(change, Recount):
            items = {item.id: item.quantity for item in items_of(session, order)}
            if not 1 <= change.quantity <= items.get(change.item, 0):
                return False
        return self.platform.can(change, paid=order.paid_at is not None)
