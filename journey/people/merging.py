"""Two customers found to be one: everything of both under one, and apart again."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from journey import log
from journey.people.customers import is_verified
from journey.people.privacy import OWNED
from journey.store.tables import (
    Conversation,
    Event,
    Identity,
    LearnedContact,
    LearnedTaste,
    LinkCode,
    Merge,
    Pending,
)

SUMS = (LearnedTaste, LearnedContact)
"""What is counted of a customer: it adds up."""
SUM_TABLES = [cast(Table, model.__table__) for model in SUMS]
TABLES = [
    cast(Table, model.__table__)
    for model in (*OWNED, Event)
    if model not in (*SUMS, LinkCode)
]


def merge(session: Session, kept: str, gone: str, *, by: str, now: datetime) -> Merge:
    """Put everything of a customer under another one.

    What both have but only one may (the same fact, the same watch) stays with who
    had it, and is not used; taken apart, each has their own again. Channels of a
    customer whom the site knows are as good as its word.
    """
    session.flush()
    moved = {table.name: _move(session, table, gone, kept) for table in TABLES}
    added = {table.name: _add(session, table, gone, kept) for table in SUM_TABLES}
    row = Merge(kept_id=kept, gone_id=gone, moved=moved, added=added, by=by, at=now)
    session.add(row)
    session.expire_all()
    if is_verified(session, kept):
        known = Identity.id.in_(moved[Identity.__tablename__])
        session.execute(update(Identity).where(known).values(verified=True))
    log.append(
        session, "customers_merged", at=now, customer_id=kept, payload={"gone": gone}
    )
    session.flush()
    return row


def take_apart(session: Session, row: Merge, *, now: datetime) -> None:
    """Give each of two customers their own again, and what was done since then."""
    if row.undone_at:
        return
    session.flush()
    for table in TABLES:
        for key in _chunks(row.moved.get(table.name, [])):
            own = and_(_key(table).in_(key), table.c.customer_id == row.kept_id)
            session.execute(update(table).where(own).values(customer_id=row.gone_id))
    _give_back_new(session, row)
    for table in SUM_TABLES:
        for kept in row.added.get(table.name, []):
            _take_away(session, table, kept, row.kept_id)
    session.expire_all()
    row.undone_at = now
    unproved = Identity.id.in_(row.moved[Identity.__tablename__])
    session.execute(update(Identity).where(unproved).values(verified=False))
    log.append(
        session,
        "customers_taken_apart",
        at=now,
        customer_id=row.kept_id,
        payload={"gone": row.gone_id},
    )
    session.flush()


def go_on(session: Session, customer_id: str, conversation: Conversation) -> str | None:
    """Let a conversation wait for what the customer was asked elsewhere.

    Returns the conversation in which it was asked; None: it goes on as it was.
    """
    query = (
        select(Pending)
        .join(Conversation, Conversation.id == Pending.conversation_id)
        .where(
            Conversation.customer_id == customer_id,
            Conversation.id != conversation.id,
        )
        .order_by(Conversation.active_at.desc())
    )
    there = session.scalars(query).first()
    waits = session.get(Pending, conversation.id)
    if there is None or waits:
        return None
    here = Pending(
        conversation_id=conversation.id,
        expects=there.expects,
        about=dict(there.about),
        stack=list(there.stack),
        misses=0,
        at=there.at,
    )
    session.add(here)
    return there.conversation_id


def _move(session: Session, table: Table, gone: str, kept: str) -> list[Any]:
    mine = table.c.customer_id == gone
    for clash in _clashes(table, kept):
        mine = and_(mine, ~clash)
    keys = list(session.scalars(select(_key(table)).where(mine)))
    for some in _chunks(keys):
        moving = update(table).where(_key(table).in_(some))
        session.execute(moving.values(customer_id=kept))
    if _key(table).name == "customer_id":
        return [kept] if keys else []
    return keys


def _clashes(table: Table, kept: str) -> Iterator[ColumnElement[bool]]:
    """Yield, for each rule of uniqueness, which rows the other customer has too."""
    other = table.alias()
    rules = [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    if _key(table).name == "customer_id":
        rules.append(table.primary_key.columns)
    for columns in rules:
        if "customer_id" in columns:
            same = [
                other.c[column.name] == column
                for column in columns
                if column.name != "customer_id"
            ]
            yield exists().where(other.c.customer_id == kept, *same)


def _key(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))


def _add(session: Session, table: Table, gone: str, kept: str) -> list[dict[str, Any]]:
    """Add a customer's counts to another's; return them as they were."""
    rows = session.execute(select(table).where(table.c.customer_id == gone))
    found = [dict(row._mapping) for row in rows]
    for row in found:
        there = session.execute(select(table).where(_same(table, row, kept))).first()
        if there is None:
            session.execute(insert(table).values({**row, "customer_id": kept}))
        else:
            sums = {name: table.c[name] + row[name] for name in _counts(table)}
            session.execute(update(table).where(_same(table, row, kept)).values(sums))
    session.execute(delete(table).where(table.c.customer_id == gone))
    return [_plain(row) for row in found]


def _take_away(
    session: Session, table: Table, row: Mapping[str, Any], kept: str
) -> None:
    sums = {name: table.c[name] - row[name] for name in _counts(table)}
    session.execute(update(table).where(_same(table, row, kept)).values(sums))
    empty = [table.c[name] == 0 for name in _counts(table)]
    session.execute(delete(table).where(_same(table, row, kept), *empty))
    own = {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in row.items()
    }
    session.execute(insert(table).values(own))


def _same(table: Table, row: Mapping[str, Any], kept: str) -> ColumnElement[bool]:
    keys = [column.name for column in table.primary_key.columns]
    wanted = {**row, "customer_id": kept}
    return and_(*(table.c[name] == wanted[name] for name in keys))


def _counts(table: Table) -> list[str]:
    keys = {column.name for column in table.primary_key.columns}
    return [
        c.name
        for c in table.columns
        if c.name not in keys and isinstance(c.type, Integer)
    ]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _give_back_new(session: Session, row: Merge) -> None:
    """Give back what was done since in the conversations that go."""
    conversations = row.moved.get(Conversation.__tablename__, [])
    for table in TABLES:
        if "conversation_id" in table.columns:
            there = table.c.conversation_id.in_(conversations)
            new = and_(there, table.c.customer_id == row.kept_id)
            session.execute(update(table).where(new).values(customer_id=row.gone_id))


def _chunks(keys: list[Any], size: int = 500) -> Iterator[list[Any]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
