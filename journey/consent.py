"""The append-only ledger of consent, per purpose."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Consent


class Purpose(StrEnum):
    """What a customer can agree to."""

    PROACTIVE = "proactive_messages"
    LEARNING = "learning"
    MANDATE = "mandate"


def record_consent(
    session: Session,
    customer_id: str,
    purpose: Purpose,
    granted: bool,
    *,
    text: str,
    source: str,
    now: datetime,
) -> Consent:
    """Append one decision, with the exact text that it was about.

    The same decision of the same message, heard at two places, is one row.
    """
    query = select(Consent).where(
        Consent.customer_id == customer_id,
        Consent.purpose == purpose,
        Consent.source == source,
        Consent.at == now,
        Consent.granted == granted,
    )
    if known := session.scalars(query).first():
        return known
    row = Consent(
        customer_id=customer_id,
        purpose=purpose,
        granted=granted,
        text=text,
        source=source,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def has_consent(
    session: Session,
    customer_id: str,
    purpose: Purpose,
    at: datetime,
    *,
    unsaid: bool = False,
) -> bool:
    """Tell whether consent stood at an instant; `unsaid` when nothing was decided."""
    query = (
        select(Consent.granted)
        .where(
            Consent.customer_id == customer_id,
            Consent.purpose == purpose,
            Consent.at <= at,
        )
        .order_by(Consent.at.desc(), Consent.number.desc())
    )
    decided = session.scalar(query.limit(1))
    return unsaid if decided is None else decided


def ledger(session: Session, customer_id: str) -> list[Consent]:
    """Return every decision of a customer, oldest first."""
    query = select(Consent).where(Consent.customer_id == customer_id)
    return list(session.scalars(query.order_by(Consent.number)))
