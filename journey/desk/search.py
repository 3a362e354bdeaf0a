"""Finding conversations by a name, an id, an order's number or what was said."""

from datetime import datetime, timedelta

from sqlalchemy import CompoundSelect, or_, select
from sqlalchemy.orm import Session

from journey.desk import lists
from journey.desk.lists import Line
from journey.people.customers import has_identity
from journey.store.tables import (
    Conversation,
    Customer,
    Handoff,
    Identity,
    Message,
    Order,
)

BACK = timedelta(days=90)
"""How far back the words of messages are looked through."""
MOST = 50
DIGITS = 9
"""Of the longest number that an order can have."""


def search(session: Session, words: str, now: datetime) -> list[Line]:
    """Return conversations that fit, the newest first.

    Names and ids may be of any age; what was said is found for 90 days.
    """
    words = words.strip()
    if not words:
        return []
    pattern = f"%{_plain(words)}%"
    said = select(Message.conversation_id).where(
        Message.created_at > now - BACK, Message.text.ilike(pattern, escape="\\")
    )
    current = (Handoff.conversation_id == Conversation.id) & Handoff.closed_at.is_(None)
    query = (
        select(Conversation, Customer.name, Handoff)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Handoff, current)
        .where(
            or_(
                Customer.name.ilike(pattern, escape="\\"),
                Customer.id.in_(_known(words)),
                Conversation.id.in_(said),
            )
        )
        .order_by(Conversation.active_at.desc())
    )
    return lists.lines_of(session, query, MOST)


def _known(words: str) -> CompoundSelect[str]:
    """Select the customers of an id, an identity or an order's number."""
    is_number = words.isascii() and words.isdigit() and len(words) <= DIGITS
    number = int(words) if is_number else None
    ids = select(Customer.id).where(Customer.id == words)
    identities = select(Identity.customer_id).where(has_identity(words))
    orders = select(Order.customer_id).where(
        Order.number == number, Order.customer_id.is_not(None)
    )
    return ids.union(identities, orders)


def _plain(words: str) -> str:
    """Return words in which no sign stands for another one."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
