from sqlalchemy.orm import Session

from journey.messages import dispatches, threads
from journey.messages.conversations import disclose
from journey.messages.dispatches import State
from journey.messages.rendering import Part
from journey.messages.threads import Origin
from journey.store.tables import Dispatch
from tests.factories import NOW


def test_message_came_as_far_as_its_slowest_part(session: Session) -> None:
    origin = Origin("7", "7", {"chat_id": 7})
    conversation, thread = threads.opened(session, "telegram", origin, now=NOW)
    message = disclose(session, conversation, "I am an AI.", now=NOW)
    assert message
    dispatches.queue(session, thread, message, [Part("I am"), Part("an AI.")])
    (first,) = dispatches.claim(session, "w", "telegram", now=NOW, limit=5)
    assert dispatches.finish(session, first, "w", "1", NOW)
    assert dispatches.states(session, [message.id]) == {message.id: State.READY}
    (second,) = dispatches.claim(session, "w", "telegram", now=NOW, limit=5)
    dispatches.bury(session, second, "w", "refused", NOW)
    session.expire_all()
    assert dispatches.states(session, [message.id]) == {message.id: State.DEAD}
    (row,) = dispatches.undelivered(session)
    dispatches.revive(row)
    assert session.get_one(Dispatch, row.id).state == State.READY
