"""A customer's rights: everything we hold about them, shown or forgotten."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    and_,
    delete,
    false,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from journey.learning.lessons import unlearn
from journey.orders.stock import release
from journey.store import tables as t
from journey.store.tables import Base
from journey.theirs.forgetting import forget_there

Rows = dict[str, list[dict[str, Any]]]
Scope = dict[str, ColumnElement[bool]]

OWNED = (
    t.Identity,
    t.Address,
    t.Consent,
    t.Fact,
    t.Conversation,
    t.Journey,
    t.Goal,
    t.Order,
    t.Promise,
    t.Mandate,
    t.Reservation,
    t.CartItem,
    t.LearnedTaste,
    t.LearnedContact,
    t.Proactive,
    t.ContactWish,
    t.Watch,
    t.Foreseen,
    t.Execution,
    t.LearnedMute,
    t.CustomerRead,
    t.LinkCode,
)
IN_CONVERSATION = (
    t.Message,
    t.Inbox,
    t.Outbox,
    t.ButtonToken,
    t.ActionRun,
    t.Handoff,
    t.Note,
    t.Presence,
    t.Pending,
    t.Thread,
    t.Dispatch,
    t.DeskThread,
    t.DeskLetter,
)
IN_JOURNEY = (
    t.Belief,
    t.Asked,
    t.Constraint,
    t.Preference,
    t.Shortlist,
    t.Option,
)
BOOKKEEPING = {
    "orders",
    "order_items",
    "order_steps",
    "returns",
    "refunds",
    "stock_moves",
}
IMPERSONAL = {
    "agents",
    "agent_sessions",
    "sign_in_tries",
    "desk_calls",
    "products",
    "catalogues",
    "counters",
    "erasures",
    "job_states",
    "shop_notices",
    "learned_products",
    "learned_nexts",
    "learned_gaps",
    "learned_hours",
    "learned_signs",
    "learning_models",
    "model_parts",
}
"""Tables without a customer; erasing a customer takes their part out of the sums."""


def scope_of(session: Session, customer_id: str) -> Scope:
    """Return, per table, which rows are about a customer; no table is left out."""
    conversations = _ids(session, t.Conversation, customer_id)
    journeys = _ids(session, t.Journey, customer_id)
    orders = _ids(session, t.Order, customer_id)
    items = select(t.OrderItem.id).where(t.OrderItem.order_id.in_(orders))
    scope: Scope = {"customers": t.Customer.id == customer_id}
    scope |= {x.__tablename__: x.customer_id == customer_id for x in OWNED}
    scope |= {
        x.__tablename__: x.conversation_id.in_(conversations) for x in IN_CONVERSATION
    }
    scope |= {x.__tablename__: x.journey_id.in_(journeys) for x in IN_JOURNEY}
    scope["referrals"] = or_(
        t.Referral.customer_id == customer_id, t.Referral.brought_id == customer_id
    )
    scope["merges"] = or_(
        t.Merge.kept_id == customer_id, t.Merge.gone_id == customer_id
    )
    scope["events"] = or_(
        t.Event.customer_id == customer_id, t.Event.conversation_id.in_(conversations)
    )
    scope["arrivals"] = _stuck(session, conversations)
    scope["order_items"] = t.OrderItem.order_id.in_(orders)
    scope["returns"] = t.Return.item_id.in_(items)
    scope["order_steps"] = t.OrderStep.order_id.in_(orders)
    scope["errands"] = t.Errand.order_id.in_(orders)
    scope["refunds"] = t.Refund.order_id.in_(orders)
    scope["stock_moves"] = t.StockMove.order_id.in_(orders)
    return scope


def export_customer(session: Session, customer_id: str) -> Rows:
    """Return every row about a customer, by table."""
    scope = scope_of(session, customer_id)
    return {
        table.name: [
            dict(row._mapping)
            for row in session.execute(select(table).where(scope[table.name]))
        ]
        for table in Base.metadata.sorted_tables
        if table.name in scope
    }


def request_erasure(session: Session, customer_id: str, now: datetime) -> t.Erasure:
    """Record that a customer is to be forgotten once the conversation is idle."""
    query = select(t.Erasure).where(t.Erasure.customer_id == customer_id)
    erasure = session.scalar(query)
    if erasure is None:
        erasure = t.Erasure(customer_id=customer_id, requested_at=now)
        session.add(erasure)
        session.flush()
    return erasure


def erase_customer(session: Session, customer_id: str, now: datetime) -> dict[str, int]:
    """Forget a customer; return how many rows went, by table.

    What bookkeeping must keep of an order (products, pieces, prices, days) stays
    without the customer, the address and the words. A proof without identity is
    left in `erasures`.
    """
    merged = select(t.Merge.gone_id).where(t.Merge.kept_id == customer_id)
    others = session.scalars(merged.where(t.Merge.undone_at.is_(None))).all()
    scope = scope_of(session, customer_id)
    erasure = request_erasure(session, customer_id, now)
    unlearn(session, customer_id)
    forget_there(session, _ids(session, t.Conversation, customer_id), now)
    release(session, customer_id, now)
    _unname_orders(session, scope)
    counts = {
        table.name: _delete(session, table, scope[table.name])
        for table in reversed(Base.metadata.sorted_tables)
        if table.name in scope and table.name not in BOOKKEEPING
    }
    erasure.customer_id, erasure.done_at, erasure.counts = None, now, counts
    session.flush()
    for other in others:
        erase_customer(session, other, now)
    return counts


def conversations_of(session: Session, customer_id: str) -> list[str]:
    """Return the ids of a customer's conversations."""
    return _ids(session, t.Conversation, customer_id)


def _ids(session: Session, table: type[Any], customer_id: str) -> list[str]:
    query = select(table.id).where(table.customer_id == customer_id)
    return list(session.scalars(query))


def _stuck(session: Session, conversations: list[str]) -> ColumnElement[bool]:
    """Return what holds for what was told there and could not be taken in.

    What merely waits its turn is a message that will be answered.
    """
    query = select(t.Thread.channel, t.Thread.key).where(
        t.Thread.conversation_id.in_(conversations)
    )
    key = t.Arrival.content["origin"]["key"].as_string()
    told = [and_(t.Arrival.channel == c, key == k) for c, k in session.execute(query)]
    return and_(t.Arrival.failures > 0, or_(false(), *told))


def _unname_orders(session: Session, scope: Scope) -> None:
    session.execute(update(t.Return).where(scope["returns"]).values(reason=""))
    names = ("customer_id", "address", "journey_id", "conversation_id", "pay_url")
    blank = dict.fromkeys(names)
    session.execute(update(t.Order).where(scope["orders"]).values(blank))


def _delete(session: Session, table: Table, where: ColumnElement[bool]) -> int:
    result = cast("CursorResult[None]", session.execute(delete(table).where(where)))
    return result.rowcount
