"""From a sent message to the parts that a provider takes."""

from datetime import datetime

from sqlalchemy.orm import Session

from journey.messages import conversations, dispatches, outbox, threads
from journey.messages.capabilities import capability
from journey.messages.rendering import render
from journey.owner.ownership import locked
from journey.store.tables import Message, Thread
from web.texts import Texts


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
    for message in sent:
        post_message(session, thread, message, texts)
    return bool(sent)


def post_message(
    session: Session, thread: Thread, message: Message, texts: Texts
) -> None:
    """Put a message on its way, in the shape that its channel can show."""
    can = capability(thread.channel)
    rendered = render(message.text, message.content, can, texts.words)
    dispatches.queue(session, thread, message, rendered.parts)
    threads.offer_choices(thread, rendered.numbered)
