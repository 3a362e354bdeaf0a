"""A person answers in the provider's own app: the conversation is theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from journey.desk import handoffs
from journey.desk.taking import TAKEOVER
from journey.desk.writing import AGENT
from journey.messages.cleaning import mask_cards
from journey.messages.conversations import place
from journey.owner import ownership
from journey.owner.ownership import Owner
from journey.store.base import new_id
from journey.store.tables import Message

GIVEN_BACK = "given_back"


def take_over(
    session: Session, conversation_id: str, *, by: str, now: datetime
) -> None:
    """Let the bot be silent from here on: somebody answers in the provider's app."""
    if ownership.locked(session, conversation_id).owner != Owner.HUMAN:
        _give(session, conversation_id, by, now)


def keep(
    session: Session,
    conversation_id: str,
    text: str,
    *,
    by: str,
    provider_id: str,
    now: datetime,
) -> None:
    """Keep what a person wrote elsewhere; the customer has seen it already."""
    conversation = ownership.locked(session, conversation_id)
    message = Message(
        id=new_id(),
        conversation_id=conversation_id,
        direction="out",
        provider_id=provider_id,
        position=place(conversation, now),
        author=AGENT,
        text=mask_cards(text),
        content={"agent": by},
        created_at=now,
    )
    session.add(message)


def give_back(
    session: Session, conversation_id: str, *, by: str, now: datetime
) -> None:
    """Let the bot answer again, unless somebody at the desk has the conversation."""
    conversation = ownership.locked(session, conversation_id)
    handoff = handoffs.open_one(session, conversation_id)
    if conversation.owner != Owner.HUMAN or handoff is None or handoff.agent != by:
        return
    for owner in (Owner.RETURNING, Owner.BOT):
        ownership.move(session, conversation_id, owner, by=by, why=GIVEN_BACK, at=now)
    handoff.state, handoff.closed_at = handoffs.State.RETURNED, now


def _give(session: Session, conversation_id: str, by: str, now: datetime) -> None:
    """Give a conversation to whoever wrote; the customer sees them already."""
    handoff = handoffs.open_one(session, conversation_id)
    if handoff is None:
        handoff = handoffs.begin(session, conversation_id, TAKEOVER, now)
    ownership.move(
        session, conversation_id, Owner.HUMAN, by=by, why=TAKEOVER, at=now, agent=by
    )
    handoff.state, handoff.agent = handoffs.State.TAKEN, by
    handoff.snoozed_until = None
    handoff.taken_at = handoff.taken_at or now
