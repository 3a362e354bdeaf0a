"""Mandates: the customer's consent to act for them, revocable by one word."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.mandates import executions
from journey.store.tables import Mandate

NOTICE_DAYS = 3
"""So many days ahead an order is announced, unless the customer says otherwise."""


class State(StrEnum):
    """Whether a mandate may be acted on."""

    ACTIVE = "active"
    PAUSED = "paused"
    REVOKED = "revoked"


def give_mandate(
    session: Session,
    *,
    customer_id: str,
    product_id: str,
    cap: Decimal | None,
    every_days: int | None,
    said: str,
    now: datetime,
    quantity: int = 1,
    notice_days: int = NOTICE_DAYS,
    substitutes: bool = False,
) -> Mandate:
    """Record a mandate; a living one for the same product is replaced by it."""
    for old in living_mandates(session, customer_id):
        if old.product_id == product_id:
            revoke_mandate(session, old, now)
    mandate = Mandate(
        customer_id=customer_id,
        product_id=product_id,
        cap=cap,
        every_days=every_days,
        quantity=quantity,
        notice_days=notice_days,
        substitutes=substitutes,
        said=said,
        created_at=now,
    )
    session.add(mandate)
    session.flush()
    return mandate


def living_mandates(session: Session, customer_id: str) -> list[Mandate]:
    """Return the mandates that were not revoked, oldest first."""
    query = select(Mandate).where(
        Mandate.customer_id == customer_id, Mandate.state != State.REVOKED
    )
    return list(session.scalars(query.order_by(Mandate.created_at)))


def revoke_mandate(session: Session, mandate: Mandate, now: datetime) -> None:
    """End a mandate for good, with the order that it was about to place."""
    mandate.state = State.REVOKED
    mandate.revoked_at = now
    executions.end_open(session, mandate, "revoked", now)


def pause_mandate(session: Session, mandate: Mandate, now: datetime) -> None:
    """Order nothing until the customer says go on."""
    mandate.state = State.PAUSED
    executions.end_open(session, mandate, "paused", now)


def resume_mandate(mandate: Mandate) -> None:
    """Go on with a mandate that was paused."""
    mandate.state = State.ACTIVE
