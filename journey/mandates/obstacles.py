"""What keeps an order by mandate from being placed without asking."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from journey.curate.alike import alike
from journey.curate.fit import as_list
from journey.knowledge import Knowledge
from journey.mandates.executions import PATIENCE, State, is_over, total
from journey.orders.address import missing
from journey.store.tables import Customer, Execution, Mandate, Order, Product


class Obstacle(StrEnum):
    """Why nothing is ordered without asking."""

    GONE = "gone"
    STOCK = "stock"
    PRICE = "price"
    ADDRESS = "address"


def obstacle(
    session: Session,
    execution: Execution,
    mandate: Mandate,
    knowledge: Knowledge,
) -> Obstacle | None:
    """Return what keeps us from ordering without asking; None when nothing does."""
    product = session.get_one(Product, execution.product_id)
    if not product.active:
        return Obstacle.GONE
    if product.left < execution.quantity:
        return Obstacle.STOCK
    rose = execution.price is not None and product.price > execution.price
    if rose or is_over(execution, mandate, product, knowledge):
        return Obstacle.PRICE
    customer = session.get_one(Customer, execution.customer_id)
    return None if _is_certain(session, execution, customer) else Obstacle.ADDRESS


def _is_certain(session: Session, execution: Execution, customer: Customer) -> bool:
    """Tell whether there is no doubt where the parcel goes."""
    address: Mapping[str, str] = customer.address or {}
    if missing(address):
        return False
    if execution.address is not None:
        return execution.address == address
    query = (
        select(Order.address)
        .where(Order.customer_id == customer.id, Order.address.is_not(None))
        .order_by(Order.placed_at.desc())
    )
    last = session.scalars(query.limit(1)).first()
    return last is None or last == address


def substitute(
    session: Session,
    execution: Execution,
    mandate: Mandate,
    knowledge: Knowledge,
    *,
    below: Decimal | None = None,
) -> Product | None:
    """Return what is most like the product, there, and within the cap.

    `below`: what costs as much is not meant.
    """
    wanted = session.get_one(Product, mandate.product_id)
    query = select(Product).where(
        Product.category == wanted.category,
        Product.id != wanted.id,
        Product.active,
        Product.left >= execution.quantity,
        Product.price < below if below is not None else true(),
    )
    fitting = [
        x
        for x in session.scalars(query)
        if takes_place(wanted, x, knowledge)
        and (mandate.cap is None or total(execution, x, knowledge) <= mandate.cap)
    ]
    return max(fitting, key=lambda x: (alike(wanted, x), -x.price), default=None)


def takes_place(wanted: Product, other: Product, knowledge: Knowledge) -> bool:
    """Tell whether a product can be used where another was wanted: it fits there."""
    known = knowledge.catalogue.attributes
    return all(
        set(as_list(value)) & set(as_list(other.attributes.get(name)))
        for name, value in wanted.attributes.items()
        if name in known and (known[name].fits or known[name].type == "size")
    )


def ask(execution: Execution, why: Obstacle, now: datetime) -> None:
    """Wait for the customer's word instead of guessing."""
    execution.state, execution.why = State.ASKED, why
    execution.act_at = now + PATIENCE
