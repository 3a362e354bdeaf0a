"""A person answers in the provider's own app: the conversation is theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from journey import ownership
from journey.cleaning import mask_cards
from journey.conversations import place
from journey.desk import handoffs
from journey.desk.taking import TAKEOVER
from journey.desk.writing import AGENT
from journey.ownership import Owner
from journey.store.base import new_id
from journey.store.tables import Message


def take_over(
    session: Session,
    conversation_id: str,
    text: str,
    *,
    by: str,
    provider_id: str,
    now: datetime,
) -> None:
    """Keep what a person wrote elsewhere, and let the bot be silent from here on."""
    conversation = ownership.locked(session, conversation_id)
    if conversation.owner != Owner.HUMAN:
        _give(session, conversation_id, by, now)
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


def _give(session: Session, conversation_id: str, by: str, now: datetime) -> None:
    """Give a conversation to whoever wrote; the customer sees them already."""
    handoff = handoffs.open_one(session, conversation_id)
    if handoff is None:
        handoff = handoffs.begin(session, conversation_id, TAKEOVER, now)
    ownership.move(
        session, conversation_id, Owner.HUMAN, by=by, why=TAKEOVER, at=now, agent=by
    )
    handoff.state, handoff.agent, handoff.snoozed_until = (
        handoffs.State.TAKEN,
        by,
        None,
    )
    handoff.taken_at = handoff.taken_at or now
