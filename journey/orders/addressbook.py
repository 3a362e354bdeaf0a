"""The places to which a customer has parcels sent, and which of them is meant."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Address, Customer

Parts = Mapping[str, str]


def addresses_of(session: Session, customer: Customer) -> Sequence[Address]:
    """Return a customer's addresses, the one that is used most first."""
    query = select(Address).where(Address.customer_id == customer.id)
    order = Address.used.desc(), Address.added_at.desc(), Address.id
    return session.scalars(query.order_by(*order)).all()


def keep(
    session: Session, customer: Customer, parts: Parts, label: str, now: datetime
) -> None:
    """Note an address as the one to use now; one with a label is the label's.

    What was used before there was a book is in it as well.
    """
    if customer.address:
        _note(session, customer, customer.address, "", now)
    _note(session, customer, parts, label, now)
    customer.address = dict(parts)
    session.flush()


def settle(session: Session, customer: Customer) -> None:
    """Make the address that is in use the usual one: the customer lives there now."""
    known = addresses_of(session, customer)
    most = max((x.used for x in known if x.parts != customer.address), default=0)
    for address in known:
        if address.parts == customer.address:
            address.used = max(address.used, most + 1)
    session.flush()


def _note(
    session: Session, customer: Customer, parts: Parts, label: str, now: datetime
) -> None:
    known = addresses_of(session, customer)
    same = next((x for x in known if x.parts == parts), None)
    named = next((x for x in known if label and x.label == label), None)
    if same is not None:
        if named is not None and named is not same:
            session.delete(named)
        same.label = label or same.label
    elif named is not None:
        named.parts = dict(parts)
    else:
        new = Address(customer_id=customer.id, label=label, parts=dict(parts))
        new.used, new.added_at = 0, now
        session.add(new)
    session.flush()


def called(session: Session, customer: Customer, label: str) -> Address | None:
    """Return the address with a label, if there is one."""
    known = addresses_of(session, customer)
    return next((x for x in known if x.label == label), None)


def in_doubt(session: Session, customer: Customer) -> bool:
    """Tell whether none of several addresses is used more often than all others."""
    used = [x.used for x in addresses_of(session, customer)[:2]]
    return len(used) == 2 and used[0] == used[1]


def use(session: Session, customer: Customer, now: datetime) -> None:
    """Count an order to the address in use; the usual one is in use again."""
    if not customer.address:
        return
    keep(session, customer, customer.address, "", now)
    for address in addresses_of(session, customer):
        if address.parts == customer.address:
            address.used += 1
    session.flush()
    if not in_doubt(session, customer):
        customer.address = dict(addresses_of(session, customer)[0].parts)
