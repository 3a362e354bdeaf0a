"""What agents and customers do, in one line each."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import taking
from journey.desk.handoffs import Who
from journey.messages import inbox
from journey.messages.outbox import send
from journey.owner import ownership
from journey.owner.help import load_help
from journey.store.tables import Conversation, Handoff, Message
from tests.factories import NOW, numbers

LANGUAGES = load_help().languages


def take(session: Session, conversation: Conversation, by: Who) -> Handoff:
    return taking.take(session, conversation.id, by=by, languages=LANGUAGES, now=NOW)


def write(session: Session, conversation: Conversation, text: str = "hello") -> int:
    """Let the customer write; return the position."""
    held = ownership.locked(session, conversation.id)
    position, _ = inbox.accept(
        session, held, provider_id=f"p{next(numbers)}", text=text, now=NOW
    )
    return position


def sent(session: Session, conversation: Conversation) -> list[tuple[str, str]]:
    """Send what is ready; return author and text of all that went out."""
    send(session, conversation.id, now=NOW)
    query = select(Message.author, Message.text).where(
        Message.conversation_id == conversation.id,
        Message.direction == "out",
        Message.position.is_not(None),
    )
    rows = session.execute(query.order_by(Message.position)).all()
    return [(author, text) for author, text in rows]
