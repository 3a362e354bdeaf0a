"""Past orders into the log: customers, orders, events, and what they teach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from journey.catalogue.feeds.values import product_id, slug
from journey.history.lines import Line
from journey.learning.batch import learn_orders
from journey.log import RULES
from journey.orders.orders import Status, next_number
from journey.store.base import new_id
from journey.store.tables import (
    Counter,
    Customer,
    Event,
    Identity,
    Order,
    OrderItem,
    Product,
)

SITE = "site"
"""The channel under whose identities a site signs its users in."""
ONCE = "import"
Row = dict[str, Any]


@dataclass
class Shelf:
    """How the table's names of products are known; unknown ones are added."""

    ids: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Shelf":
        """Return the products by name, by the shop's id and by ours."""
        rows = session.execute(select(Product.id, Product.sku, Product.name)).all()
        names = {name: key for key, _, name in rows}
        skus = {sku: key for key, sku, _ in rows if sku}
        return cls({**names, **skus, **{key: key for key, _, _ in rows}})

    def find(self, session: Session, line: Line) -> str:
        """Return the id of a line's product, kept as one that is not sold any more."""
        if line.product not in self.ids:
            key = product_id(line.product)
            if key not in self.ids:
                session.execute(insert(Product), [_gone(key, line)])
            self.ids[line.product] = self.ids[key] = key
        return self.ids[line.product]


def _gone(key: str, line: Line) -> Row:
    return {
        "id": key,
        "name": line.product,
        "names": {"names": []},
        "brand": "",
        "category": slug(line.category) or "thing",
        "price": line.price or Decimal("0.01"),
        "unit": "piece",
        "stock": 0,
        "delivery_days": 0,
        "attributes": {},
        "drawback": "",
        "about": line.product,
        "active": False,
    }


def import_orders(session: Session, orders: Sequence[list[Line]], shelf: Shelf) -> int:
    """Write orders that are not there yet, oldest first; return how many they were.

    An order is known by its customer and its own key: the same table again, or a
    part of it, changes nothing.
    """
    customers = _customers(session, orders)
    fresh = _fresh(session, orders, customers)
    if not fresh:
        return 0
    first = _reserve(session, len(fresh))
    placed, items, events = [], [], []
    for number, lines in enumerate(fresh, first):
        order = _order(number, lines, customers[lines[0].customer])
        told = [_item(n, x, order, shelf.find(session, x)) for n, x in enumerate(lines)]
        placed.append(order)
        items += told
        events.append(_event(order, told))
    connection = session.connection()
    for table, rows in ((Order, placed), (OrderItem, items), (Event, events)):
        connection.execute(insert(table), rows)
    learn_orders(session, [event["id"] for event in events])
    return len(fresh)


def _customers(session: Session, orders: Sequence[list[Line]]) -> Mapping[str, str]:
    """Return the ids of customers by the site's own, made where they are missing."""
    first = {lines[0].customer: lines[0].at for lines in reversed(orders)}
    query = select(Identity.external_id, Identity.customer_id)
    query = query.where(Identity.channel == SITE, Identity.external_id.in_(first))
    known = {external: customer for external, customer in session.execute(query)}
    new = {external: new_id() for external in first if external not in known}
    if new:
        made = [_customer(new[x], first[x]) for x in new]
        session.execute(insert(Customer), made)
        session.execute(insert(Identity), [_identity(x, new[x], first[x]) for x in new])
    return {**known, **new}


def _customer(key: str, at: datetime) -> Row:
    return {"id": key, "created_at": at}


def _identity(external: str, customer: str, at: datetime) -> Row:
    return {
        "id": new_id(),
        "customer_id": customer,
        "channel": SITE,
        "external_id": external,
        "verified": True,
        "created_at": at,
    }


def _fresh(
    session: Session, orders: Sequence[list[Line]], customers: Mapping[str, str]
) -> list[list[Line]]:
    keys = {_once(lines) for lines in orders}
    query = select(Order.customer_id, Order.once)
    query = query.where(Order.once.in_(keys), Order.customer_id.in_(customers.values()))
    known = {(customer, once) for customer, once in session.execute(query)}
    return [x for x in orders if (customers[x[0].customer], _once(x)) not in known]


def _once(lines: list[Line]) -> str:
    return f"{ONCE}:{lines[0].order}"[:200]


def _reserve(session: Session, count: int) -> int:
    """Return the first of so many order numbers."""
    first = next_number(session)
    raised = update(Counter).where(Counter.name == "orders")
    session.execute(raised.values(value=Counter.value + count - 1))
    return first


def _order(number: int, lines: list[Line], customer: str) -> Row:
    at = lines[0].at
    return {
        "id": new_id(),
        "number": number,
        "customer_id": customer,
        "once": _once(lines),
        "channel": ONCE,
        "status": Status.DELIVERED,
        "delivery_fee": Decimal(0),
        "placed_at": at,
        "deliver_by": at,
        "delivered_at": at,
        "external_id": lines[0].order,
    }


def _item(number: int, line: Line, order: Row, product: str) -> Row:
    return {
        "id": new_id(),
        "number": number + 1,
        "order_id": order["id"],
        "product_id": product,
        "quantity": line.quantity,
        "price": line.price,
        "cancelled": False,
    }


def _event(order: Row, items: Sequence[Row]) -> Row:
    told = [
        {
            "product": x["product_id"],
            "quantity": x["quantity"],
            "price": float(x["price"]),
        }
        for x in items
    ]
    total = sum(float(x["price"]) * x["quantity"] for x in items)
    payload = {"order": order["number"], "items": told, "total": round(total, 2)}
    return {
        "id": new_id(),
        "at": order["placed_at"],
        "customer_id": order["customer_id"],
        "kind": "order_placed",
        "payload": payload,
        "decided_by": RULES,
        "learning_state": 0,
    }
