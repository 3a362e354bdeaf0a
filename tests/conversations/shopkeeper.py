"""The shop's side of a script: what is sold, at which price, and parcels sent."""

from dataclasses import replace
from datetime import datetime

from journey.catalogue.load import load_catalogue
from journey.catalogue.products import store_products
from journey.orders.deliveries import settle_delivery
from journey.orders.orders import Status, advance, orders_of
from tests.conversations.house import ROOT, House
from tests.conversations.script import Shop

PATH = (Status.PLACED, Status.PACKED, Status.SHIPPED, Status.DELIVERED)


class Shopkeeper:
    """Imports another catalogue and moves orders on, as an owner does."""

    def __init__(self, house: House) -> None:
        """Know the catalogue as it is."""
        self.sessions, self.changed = house.sessions, False
        self.catalogue = load_catalogue(ROOT / "data" / "catalogue")
        self.products = dict(self.catalogue.products)

    def change(self, wish: Shop, customer: str, now: datetime) -> None:
        """Let be so what a step says of the shop."""
        if wish.product is not None:
            self._sell(wish.product, wish)
        if wish.order is not None:
            self._send(customer, Status(wish.order), now)

    def put_back(self) -> None:
        """Sell what is sold without the script: the house has other guests."""
        if self.changed:
            with self.sessions.begin() as session:
                store_products(session, self.catalogue, restock=True)

    def _sell(self, product: str, wish: Shop) -> None:
        self.changed = True
        said = {"price": wish.price, "stock": wish.stock}
        new = {name: value for name, value in said.items() if value is not None}
        known = self.products.pop(product, self.catalogue.products[product])
        if not wish.gone:
            self.products[product] = known.model_copy(update=new)
        sold = replace(self.catalogue, products=self.products)
        with self.sessions.begin() as session:
            store_products(session, sold, restock=wish.stock is not None)

    def _send(self, customer: str, wanted: Status, now: datetime) -> None:
        """Move the customer's newest order on, step by step."""
        with self.sessions.begin() as session:
            sent = (x for x in orders_of(session, customer) if x.status in PATH)
            order = next(sent)
            begin = PATH.index(Status(order.status)) + 1
            for status in PATH[begin : PATH.index(wanted) + 1]:
                advance(session, order, status, now, by="owner")
                settle_delivery(session, order, now)
