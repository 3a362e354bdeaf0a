"""What an agent sees at a glance: who waits, who is whose, whom the bot serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from journey.desk.handoffs import State
from journey.owner.ownership import MOVED, Owner
from journey.people.customers import proved_among
from journey.store.tables import (
    Conversation,
    Customer,
    Event,
    Handoff,
    Message,
    Presence,
)

Query = Select[Conversation, str | None, Handoff]
LIVE = timedelta(minutes=30)
MOST = 200
MOST_LIVE = 50
"""Of what the bot serves: nobody looks through more, and search finds the rest."""
CLOSED = 20


@dataclass(frozen=True)
class Line:
    """One conversation in a list; `handoff` is the open one, if there is one.

    `words` is what the customer said last, `spoke_last` who said the last of all;
    `unread` counts customer messages behind what any agent has read.
    """

    conversation: Conversation
    name: str | None
    verified: bool
    handoff: Handoff | None
    words: str
    spoke_last: str | None
    unread: int

    @property
    def waiting_since(self) -> datetime:
        """Return since when somebody should look."""
        if self.handoff:
            return self.handoff.requested_at
        return self.conversation.active_at


def queue(session: Session, *, team: str | None = None) -> list[Line]:
    """Return what nobody has taken, the most urgent first, then the longest waiting."""
    query = _waiting()
    if team is not None:
        query = query.where(Handoff.team == team)
    return lines_of(session, query)


def taken(session: Session, *, agent: str | None = None) -> list[Line]:
    """Return what people answer now, of one agent or of all."""
    query = _taken()
    if agent is not None:
        query = query.where(Handoff.agent == agent)
    return lines_of(session, query)


def snoozed(session: Session) -> list[Line]:
    """Return what was put aside, the next to come back first."""
    return lines_of(session, _snoozed())


def live(session: Session, *, now: datetime) -> list[Line]:
    """Return what the bot serves at this moment, the newest first."""
    return lines_of(session, _live(now), MOST_LIVE)


def closed(session: Session) -> list[Line]:
    """Return what people ended last, the latest first."""
    return _latest(lines_of(session, _closed(), CLOSED))


def all_lists(session: Session, now: datetime) -> list[list[Line]]:
    """Return what waits, is taken, put aside, live and closed, in one reading."""
    people = [query.limit(MOST) for query in (_waiting(), _taken(), _snoozed())]
    bots = [_live(now).limit(MOST_LIVE), _closed().limit(CLOSED)]
    *lists, closed = _lines_of_each(session, [*people, *bots])
    return [*lists, _latest(closed)]


def one(session: Session, conversation_id: str) -> Line | None:
    """Return one conversation, whoever has it."""
    current = (Handoff.conversation_id == Conversation.id) & Handoff.closed_at.is_(None)
    query = (
        select(Conversation, Customer.name, Handoff)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Handoff, current)
        .where(Conversation.id == conversation_id)
    )
    return next(iter(lines_of(session, query)), None)


def moves(session: Session, conversation_id: str) -> Sequence[Event]:
    """Return every move of the owner: who (`decided_by`), why, when, to whom."""
    query = select(Event).where(
        Event.conversation_id == conversation_id, Event.kind == MOVED
    )
    return session.scalars(query.order_by(Event.number)).all()


def _opened(state: State) -> Query:
    return (
        select(Conversation, Customer.name, Handoff)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(Handoff.closed_at.is_(None), Handoff.state == state)
    )


def _waiting() -> Query:
    order = Handoff.urgency.desc(), Handoff.requested_at
    return _opened(State.REQUESTED).order_by(*order)


def _taken() -> Query:
    return _opened(State.TAKEN).order_by(Handoff.urgency.desc(), Handoff.taken_at)


def _snoozed() -> Query:
    return _opened(State.SNOOZED).order_by(Handoff.snoozed_until)


def _live(now: datetime) -> Query:
    return (
        select(Conversation, Customer.name, Handoff)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Handoff, Handoff.id.is_(None))
        .where(Conversation.owner == Owner.BOT, Conversation.active_at > now - LIVE)
        .order_by(Conversation.active_at.desc())
    )


def _closed() -> Query:
    return (
        select(Conversation, Customer.name, Handoff)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .where(Handoff.state.in_((State.RESOLVED, State.RETURNED)))
        .where(Conversation.owner == Owner.BOT)
        .order_by(Handoff.closed_at.desc())
    )


def _latest(lines: Iterable[Line]) -> list[Line]:
    """Return the first line of each conversation."""
    seen: dict[str, Line] = {}
    for line in lines:
        seen.setdefault(line.conversation.id, line)
    return list(seen.values())


def lines_of(session: Session, query: Query, most: int = MOST) -> list[Line]:
    """Return the lines of the conversations that a query finds."""
    return _lines_of_each(session, [query.limit(most)])[0]


def _lines_of_each(session: Session, queries: Sequence[Query]) -> list[list[Line]]:
    """Return the lines of each query; what a line shows is read once for all."""
    found = [session.execute(query).all() for query in queries]
    talks = {row[0].id: row[0] for rows in found for row in rows}
    words, last = _words(session, talks), _last(session, talks)
    unread = _unread(session, talks)
    proved = proved_among(session, talks.values())
    return [
        [
            Line(
                conversation=conversation,
                name=name,
                verified=conversation.id in proved,
                handoff=handoff,
                words=words.get(conversation.id, ""),
                spoke_last=last.get(conversation.id),
                unread=unread.get(conversation.id, 0),
            )
            for conversation, name, handoff in rows
        ]
        for rows in found
    ]


def _words(session: Session, ids: Iterable[str]) -> dict[str, str]:
    last = (
        select(Message.conversation_id, func.max(Message.position).label("position"))
        .where(Message.conversation_id.in_(ids), Message.direction == "in")
        .group_by(Message.conversation_id)
        .subquery()
    )
    there = (Message.conversation_id == last.c.conversation_id) & (
        Message.position == last.c.position
    )
    query = select(Message.conversation_id, Message.text).join(last, there)
    return {conversation_id: text for conversation_id, text in session.execute(query)}


def _last(session: Session, ids: Iterable[str]) -> dict[str, str]:
    query = (
        select(Message.conversation_id, Message.author)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.id.in_(ids), Message.position == Conversation.position)
    )
    return {
        conversation_id: author for conversation_id, author in session.execute(query)
    }


def _unread(session: Session, ids: Iterable[str]) -> dict[str, int]:
    read = (
        select(func.coalesce(func.max(Presence.read), 0))
        .where(
            Presence.conversation_id == Message.conversation_id,
            Presence.who != "customer",
        )
        .scalar_subquery()
    )
    query = (
        select(Message.conversation_id, func.count())
        .where(Message.conversation_id.in_(ids), Message.direction == "in")
        .where(Message.position > read)
        .group_by(Message.conversation_id)
    )
    return {conversation_id: count for conversation_id, count in session.execute(query)}
