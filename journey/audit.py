"""The record of which agent looked at which customer."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import CustomerRead

AGAIN = timedelta(minutes=10)
"""Looking at the same of a customer within so long is one look."""


def note_reads(
    session: Session,
    customer_ids: Iterable[str],
    what: str,
    *,
    agent_id: str,
    now: datetime,
) -> None:
    """Record that an agent looks at customers."""
    wanted = set(customer_ids)
    recent = select(CustomerRead.customer_id).where(
        CustomerRead.agent_id == agent_id,
        CustomerRead.customer_id.in_(wanted),
        CustomerRead.what == what,
        CustomerRead.at > now - AGAIN,
    )
    for customer_id in sorted(wanted - set(session.scalars(recent))):
        row = CustomerRead(
            agent_id=agent_id, customer_id=customer_id, what=what, at=now
        )
        session.add(row)
    session.flush()
