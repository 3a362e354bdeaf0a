"""Customers and the identities under which channels know them."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from journey.messages.capabilities import capability
from journey.store.tables import Conversation, Customer, Identity


def find_customer(session: Session, channel: str, external_id: str) -> Customer | None:
    """Return the customer behind an identity."""
    query = (
        select(Customer)
        .join(Identity, Identity.customer_id == Customer.id)
        .where(Identity.channel == channel, Identity.external_id == external_id)
    )
    return session.scalar(query)


def known_as(channel: str, person: str, thread: str) -> str:
    """Return the id under which who writes in a thread is known.

    Where anybody can write under anybody's address, each thread has a customer of
    its own: what was told, wanted, agreed to and ordered in one is not known in
    another, which a stranger may have begun.
    """
    return f"{person} {thread[:16]}" if capability(channel).forgeable else person


def address_in(external_id: str) -> str:
    """Return the address in an id that `known_as` made of one."""
    return external_id.partition(" ")[0]


def has_identity(person: str) -> ColumnElement[bool]:
    """Return what holds for the identities of a person, in whichever thread."""
    alone, in_thread = Identity.external_id, f"{person} "
    return or_(alone == person, alone.startswith(in_thread, autoescape=True))


def customers_at(session: Session, channel: str, person: str) -> set[str]:
    """Return the customers who are known on a channel as a person."""
    query = select(Identity.customer_id).where(
        Identity.channel == channel, has_identity(person)
    )
    return set(session.scalars(query))


def meet_customer(
    session: Session,
    channel: str,
    external_id: str,
    *,
    verified: bool,
    now: datetime,
    name: str | None = None,
) -> Customer:
    """Return the customer behind an identity, made on first sight."""
    customer = find_customer(session, channel, external_id)
    if customer is None:
        customer = Customer(name=name, created_at=now)
        session.add(customer)
        session.flush()
        add_identity(session, customer, channel, external_id, verified, now)
    return customer


def add_identity(
    session: Session,
    customer: Customer,
    channel: str,
    external_id: str,
    verified: bool,
    now: datetime,
) -> Identity:
    """Let a customer be known under one more identity."""
    identity = Identity(
        customer_id=customer.id,
        channel=channel,
        external_id=external_id,
        verified=verified,
        created_at=now,
    )
    session.add(identity)
    session.flush()
    return identity


def keep_zone(session: Session, customer_id: str, zone: str | None) -> None:
    """Keep where the customer's clock is now; what is no zone changes nothing."""
    if zone is None or zone not in _zones():
        return
    customer = session.get(Customer, customer_id)
    if customer is not None and customer.timezone != zone:
        customer.timezone = zone


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_verified(session: Session, customer_id: str) -> bool:
    """Tell whether any identity of the customer is verified."""
    query = select(Identity.id).where(
        Identity.customer_id == customer_id, Identity.verified
    )
    return session.scalar(query.limit(1)) is not None


def is_proved(session: Session, customer_id: str, channel: str) -> bool:
    """Tell whether who writes on a channel is the customer whom we know.

    Where anybody can write under anybody's address, nobody is.
    """
    return not capability(channel).forgeable and is_verified(session, customer_id)


def proved_among(session: Session, talks: Iterable[Conversation]) -> set[str]:
    """Return the conversations in which the customer is who we know."""
    asked = {x.id: x.customer_id for x in talks if not capability(x.channel).forgeable}
    query = select(Identity.customer_id).where(
        Identity.customer_id.in_(set(asked.values())), Identity.verified
    )
    verified = set(session.scalars(query))
    return {id for id, customer in asked.items() if customer in verified}


def find_by_name(session: Session, wanted: str) -> list[Customer]:
    """Return customers whose id, external id or name is `wanted`."""
    known = select(Identity.customer_id).where(has_identity(wanted))
    query = select(Customer).where(
        (Customer.id == wanted) | (Customer.name == wanted) | Customer.id.in_(known)
    )
    return list(session.scalars(query.order_by(Customer.created_at)))
