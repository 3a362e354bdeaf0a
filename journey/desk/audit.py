"""The record of which agent looked at which customer."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import CustomerRead

AGAIN = timedelta(minutes=10)
"""Looking at the same of a customer within so long is one look."""


def unnoted(
    session: Session,
    customer_ids: Iterable[str],
    what: str,
    *,
    agent_id: str,
    now: datetime,
) -> set[str]:
    """Return the customers whose look by an agent is not on record yet."""
    wanted = set(customer_ids)
    recent = select(CustomerRead.customer_id).where(
        CustomerRead.agent_id == agent_id,
        CustomerRead.customer_id.in_(wanted),
        CustomerRead.what == what,
        CustomerRead.at > now - AGAIN,
    )
    return wanted - set(session.scalars(recent))


def note_reads(
    session: Session,
    customer_ids: Iterable[str],
    what: str,
    *,
    agent_id: str,
    now: datetime,
) -> None:
    """Record that an agent looks at customers."""
    new = unnoted(session, customer_ids, what, agent_id=agent_id, now=now)
    for customer_id in sorted(new):
        row = CustomerRead(
            agent_id=agent_id, customer_id=customer_id, what=what, at=now
        )
        session.add(row)
    session.flush()
