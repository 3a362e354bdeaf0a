"""The port through which everything is ordered, whatever shop is behind it."""

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from journey.orders.amendments import Change
from journey.orders.baskets import Basket
from journey.orders.returns import ReturnPolicy, Wish
from journey.store.tables import Order, OrderItem, Return


class NotPossible(Exception):
    """The shop cannot do this by itself: a person has to."""


class Shop(Protocol):
    """A shop, as the coach sees it.

    Every method works inside the caller's transaction and never calls out: a shop
    in another system writes down what is to be done there (`journey.shop.errands`).
    All of them may be repeated: what was done already is not done again.
    """

    name: str
    at_once: bool
    """Whether what was asked for is done when the transaction commits."""

    def place(self, session: Session, basket: Basket, now: datetime) -> Order:
        """Place an order once; its status says whether the shop has it already.

        Raises:
            OutOfStock: too few pieces are left; nothing was ordered.
            PriceRose: a product costs more than what was shown; the same.
        """
        ...

    def change(
        self, session: Session, order: Order, change: Change, now: datetime
    ) -> None:
        """Change or cancel an order that has not left.

        Raises:
            WrongMove, OutOfStock, TooSoon: as `journey.orders.amendments.apply`.
            NotPossible: this shop cannot make such a change.
        """
        ...

    def take_back(
        self,
        session: Session,
        order: Order,
        item: OrderItem,
        wish: Wish,
        policy: ReturnPolicy,
        now: datetime,
    ) -> Return:
        """Record a return within the shop's policy.

        Raises:
            ReturnRefused: the policy does not allow it.
        """
        ...

    def repay(self, session: Session, row: Return, now: datetime) -> None:
        """Give the money of a return that has arrived back.

        Raises:
            OrderError: it has not arrived, or the money was given back before.
        """
        ...
