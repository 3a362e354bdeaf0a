"""Who answers a conversation: the bot, nobody yet, or a person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.desk import handoffs
from journey.messages import inbox
from journey.messages.conversations import COACH, SYSTEM
from journey.store.tables import Conversation, Event

MOVED = "owner_moved"


class Owner(StrEnum):
    """The states of a conversation's ownership."""

    BOT = "bot"
    REQUESTED = "requested"
    HUMAN = "human"
    RETURNING = "returning"


ALLOWED: dict[Owner, frozenset[Owner]] = {
    # To a human without a request: an agent takes over from the live list.
    Owner.BOT: frozenset({Owner.REQUESTED, Owner.HUMAN}),
    # Back to the bot: the customer said so.
    Owner.REQUESTED: frozenset({Owner.HUMAN, Owner.BOT}),
    # To another human: a colleague; to a request: another team.
    Owner.HUMAN: frozenset({Owner.HUMAN, Owner.REQUESTED, Owner.RETURNING}),
    Owner.RETURNING: frozenset({Owner.BOT, Owner.REQUESTED, Owner.HUMAN}),
}


class WrongMove(Exception):
    """A conversation cannot go from one owner to another in one step."""

    def __init__(self, start: Owner, to: Owner) -> None:
        allowed = ", ".join(sorted(ALLOWED[start]))
        super().__init__(f"a conversation moves from {start} to {allowed}, not to {to}")


def move(
    session: Session,
    conversation_id: str,
    to: Owner,
    *,
    by: str,
    why: str,
    at: datetime,
    message_id: str | None = None,
    agent: str | None = None,
) -> Conversation:
    """Give a conversation to another owner and log who did it, why and when.

    `message_id` names the customer's message that caused the move, so that the
    answer to it is not taken for a stale one; `agent` the person who has it now.

    Raises:
        WrongMove: the table of moves does not allow it.
    """
    conversation = locked(session, conversation_id)
    start = Owner(conversation.owner)
    if to not in ALLOWED[start]:
        raise WrongMove(start, to)
    conversation.owner = to
    conversation.owner_version += 1
    log.append(
        session,
        MOVED,
        at=at,
        customer_id=conversation.customer_id,
        conversation_id=conversation_id,
        message_id=message_id,
        decided_by=by,
        payload={
            "from": start,
            "to": to,
            "why": why,
            "version": conversation.owner_version,
            **({"agent": agent} if agent else {}),
        },
    )
    return conversation


def request(
    session: Session,
    conversation_id: str,
    *,
    by: str,
    why: str,
    at: datetime,
    message_id: str | None = None,
) -> bool:
    """Ask for a person; return whether this was the first to ask.

    A handoff that is open already stays as it is.
    """
    if locked(session, conversation_id).owner in (Owner.REQUESTED, Owner.HUMAN):
        return False
    move(
        session,
        conversation_id,
        Owner.REQUESTED,
        by=by,
        why=why,
        at=at,
        message_id=message_id,
    )
    handoffs.begin(session, conversation_id, why, at)
    return True


def withdraw(
    session: Session,
    conversation_id: str,
    *,
    by: str,
    why: str,
    at: datetime,
    message_id: str | None = None,
) -> None:
    """Take a request for a person back: the bot goes on, with all that waits.

    Raises:
        WrongMove: nobody was asked for, or a person has the conversation already.
    """
    move(
        session,
        conversation_id,
        Owner.BOT,
        by=by,
        why=why,
        at=at,
        message_id=message_id,
    )
    handoff = handoffs.open_one(session, conversation_id)
    if handoff:
        handoff.state, handoff.closed_at = handoffs.State.WITHDRAWN, at
    inbox.owe(session, conversation_id)


def may_speak(owner: Owner, author: str, *, unasked: bool) -> bool:
    """Tell whether an author may write while a conversation has this owner.

    What is `unasked` answers no message: a proactive one is the bot's alone. Our
    notices are part of the move under which they were made.
    """
    if author == SYSTEM:
        return True
    if author == COACH:
        # What the turn that asks for a person says belongs to the request.
        return owner == Owner.BOT or (owner == Owner.REQUESTED and not unasked)
    return owner == Owner.HUMAN


def asked_by(session: Session, message_id: str) -> bool:
    """Tell whether a message itself moved the owner: its answer is still to come."""
    query = select(Event.id).where(Event.message_id == message_id, Event.kind == MOVED)
    return session.scalars(query.limit(1)).first() is not None


def version_of_answer(session: Session, heard_version: int, message_id: str) -> int:
    """Return the version under which the answer to a message was made.

    A turn that itself moved the owner ("a person, please") answers under the
    version that it made; a move by anybody else in the meantime leaves the
    answer at the version under which the message was heard, hence stale.
    """
    query = select(Event.payload).where(
        Event.message_id == message_id, Event.kind == MOVED
    )
    made = sorted(payload["version"] for payload in session.scalars(query))
    version = heard_version
    for step in made:
        if step == version + 1:
            version = step
    return version


def locked(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation, held against other writers until the commit."""
    query = (
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()
