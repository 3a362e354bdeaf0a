"""An order of our books, as a platform shall have it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.knowledge import Knowledge
from journey.orders.amendments import Cancel, CancelItems, Change, Readdress, Recount
from journey.orders.orders import living_items
from journey.people.customers import address_in
from journey.shop.platform import Wanted, WantedLine
from journey.store.tables import Customer, Identity, Order

EMAIL = "email"


def wanted_of(
    session: Session, order: Order, knowledge: Knowledge, since: datetime
) -> Wanted:
    """Return an order as it shall be made on the platform.

    Raises:
        ValueError: a product is not one of the platform's.
    """
    items = living_items(session, order)
    products = find_products(session, [item.product_id for item in items])
    customer = session.get(Customer, order.customer_id) if order.customer_id else None
    return Wanted(
        key=order.id,
        number=order.number,
        lines=[
            WantedLine(
                item=item.id,
                product=_external(products[item.product_id].external_id, item.id),
                quantity=item.quantity,
                price=item.price,
                line=item.external_id,
            )
            for item in items
        ],
        currency=knowledge.catalogue.currency,
        fee=order.delivery_fee,
        way=order.way.capitalize(),
        address=_address(order.address or {}, knowledge),
        since=since,
        name=(customer.name or "") if customer else "",
        email=_email(session, order),
    )


def changed(wanted: Wanted, change: Change, knowledge: Knowledge) -> Wanted:
    """Return an order as it shall be after a change."""
    match change:
        case Cancel():
            return wanted
        case Readdress(address):
            return replace(wanted, address=_address(address, knowledge))
        case CancelItems(items):
            return _recounted(wanted, dict.fromkeys(items, 0))
        case Recount(item, quantity):
            return _recounted(wanted, {item: quantity})
    raise ValueError(f"no platform can {type(change).__name__}")


def _recounted(wanted: Wanted, quantities: Mapping[str, int]) -> Wanted:
    lines = [
        replace(line, quantity=quantities.get(line.item, line.quantity))
        for line in wanted.lines
    ]
    return replace(wanted, lines=lines)


def _external(external_id: str | None, item: str) -> str:
    if external_id is None:
        raise ValueError(f"the product of line {item} is not one of the shop's system")
    return external_id


def _address(address: Mapping[str, str], knowledge: Knowledge) -> dict[str, str]:
    """Return an address with the code of its country, the shop's when it says none."""
    said = address.get("country", "")
    countries = knowledge.policies.delivery.countries
    code = said.upper() if said.upper() in countries else None
    for language in knowledge.languages.values():
        code = code or language.country(said)
    return {**address, "country": code or knowledge.policies.delivery.home}


def _email(session: Session, order: Order) -> str | None:
    """Return the customer's address for mail, when we know one."""
    query = select(Identity.external_id).where(
        Identity.customer_id == order.customer_id, Identity.channel == EMAIL
    )
    known = session.scalar(query.order_by(Identity.created_at.desc()).limit(1))
    return address_in(known) if known else None
