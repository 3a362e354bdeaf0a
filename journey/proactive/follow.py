"""What became of the messages that we began: sent, held up, answered."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.messages import outbox
from journey.proactive.plan import State
from journey.proactive.send import ABOUT, AT_ONCE, drop
from journey.store.tables import Message, Outbox, Pending, Proactive
from journey.turn import Turn

ANSWERS = timedelta(days=3)
"""What comes later is no answer to it."""
AGAIN = timedelta(minutes=30)
"""After so long a message is tried again that the owner of the moment held up."""


def note_answer(turn: Turn, waiting: Pending) -> None:
    """Note that the customer's message follows one of ours, whatever it says."""
    named = waiting.about.get(ABOUT)
    if named is None:
        return
    waiting.about = {k: v for k, v in waiting.about.items() if k != ABOUT}
    row = turn.session.get(Proactive, named)
    if row is None or row.sent_at is None or turn.now - row.sent_at > ANSWERS:
        return
    row.answered_at = turn.now
    log.write(
        turn.session,
        turn.heard,
        "proactive_answered",
        proactive=row.id,
        of=row.kind,
        channel=row.channel,
        hour=row.hour,
    )


def settle_sent(session: Session, *, now: datetime, random: Random) -> int:
    """Close what left the outbox; plan anew what was dropped there."""
    del random
    query = (
        select(Proactive, Outbox)
        .join(
            Message,
            (Message.conversation_id == Proactive.conversation_id)
            & (Message.provider_id == "out:" + Proactive.id + ":0"),
        )
        .join(Outbox, Outbox.message_id == Message.id)
        .where(Proactive.state == State.OUT, Outbox.state != outbox.State.READY)
        .order_by(Proactive.sent_at)
        .limit(AT_ONCE)
        .with_for_update(of=Proactive, skip_locked=True)
    )
    rows = session.execute(query).all()
    for row, sending in rows:
        if sending.state == outbox.State.SENT:
            row.state = State.SENT
        elif sending.state == outbox.State.FAILED:
            drop(session, row, sending.failure or "failed", now)
        else:
            row.state, row.due_at, row.sent_at = State.PLANNED, now + AGAIN, None
            row.why = sending.failure
    return len(rows)
