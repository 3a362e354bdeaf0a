"""From a sent message to the parts that a provider takes."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import conversations, dispatches, outbox, threads
from journey.messages.capabilities import capability
from journey.messages.rendering import render
from journey.owner.ownership import locked
from journey.store.tables import Inbox, Message, Outbox, Thread
from web.texts import Texts

STOP = "/stop_messages"
"""What a STOP asks of the coach that its provider told us."""


def send_ready(
    session: Session, conversation_id: str, texts: Texts, *, now: datetime
) -> bool:
    """Send what is ready; tell whether something is on its way to a provider."""
    before = locked(session, conversation_id).position
    outbox.send(session, conversation_id, now=now)
    thread = session.get(Thread, conversation_id)
    if thread is None:
        return False
    session.flush()
    sent = [
        message
        for message in conversations.after(session, conversation_id, before)
        if message.direction == "out"
    ]
    said_there = _answers_to_stop(session, thread) if thread.blocked_at else ()
    for message in sent:
        if message.id not in said_there:
            post_message(session, thread, message, texts)
    return bool(sent)


def _answers_to_stop(session: Session, thread: Thread) -> set[str]:
    """Return our answers to a STOP that the provider told: it has answered itself."""
    query = (
        select(Outbox.message_id)
        .join(Inbox, Inbox.message_id == Outbox.answers_id)
        .where(Inbox.conversation_id == thread.conversation_id, Inbox.payload == STOP)
    )
    return set(session.scalars(query))


def post_message(
    session: Session, thread: Thread, message: Message, texts: Texts
) -> None:
    """Put a message on its way, in the shape that its channel can show."""
    can = capability(thread.channel)
    rendered = render(message.text, message.content, can, texts.words)
    dispatches.queue(session, thread, message, rendered.parts)
    threads.offer_choices(thread, rendered.numbered)
