import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from journey.messages import outbox
from journey.messages.conversations import after
from journey.messages.outbox import Reply, State
from journey.owner import ownership
from journey.store.base import new_id
from journey.store.tables import Message, Outbox
from tests.journey.talk import NOW, accept, at, claim, talk


def answer(session: Session, text: str, number: int = 0, version: int = 1) -> bool:
    message = session.scalars(select(Message.id).where(Message.direction == "in")).one()
    return outbox.put(
        session,
        "c1",
        Reply(text),
        number=number,
        answers_id=message,
        owner_version=version,
        now=NOW,
    )


def sent(session: Session) -> list[str]:
    return [message.text for message in after(session, "c1", 1)]


def test_send_in_order(session: Session) -> None:
    accept(session)
    answer(session, "second", 1)
    answer(session, "first", 0)
    assert outbox.send(session, "c1", now=NOW) == 2
    assert sent(session) == ["first", "second"]


def test_send_once(session: Session) -> None:
    accept(session)
    answer(session, "hello")
    outbox.send(session, "c1", now=NOW)
    assert outbox.send(session, "c1", now=at(1)) == 0
    assert sent(session) == ["hello"]


def test_put_same_answer_once(session: Session) -> None:
    accept(session)
    assert answer(session, "hello")
    assert not answer(session, "hello")


def test_store_refuses_second_answer(session: Session) -> None:
    accept(session)
    answer(session, "hello")
    row = session.scalars(select(Outbox)).one()
    copy = Message(
        id=new_id(),
        conversation_id="c1",
        direction="out",
        provider_id="another",
        author="coach",
        created_at=NOW,
    )
    session.add(copy)
    session.add(
        Outbox(
            message_id=copy.id,
            conversation_id="c1",
            answers_id=row.answers_id,
            number=0,
            owner_version=1,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_send_drops_what_stale_owner_made(session: Session) -> None:
    accept(session)
    answer(session, "from the bot", version=1)
    ownership.request(session, "c1", by="agent", why="takeover", at=NOW)
    assert outbox.send(session, "c1", now=NOW) == 0
    assert session.scalars(select(Outbox.state)).all() == [State.DROPPED]


def test_send_what_turn_that_moved_owner_said(session: Session) -> None:
    accept(session)
    (work,) = claim(session)
    ownership.request(
        session, "c1", by="bot", why="asked", at=NOW, message_id=work.message_id
    )
    version = ownership.version_of_answer(session, 1, work.message_id)
    answer(session, "I asked for a person.", version=version)
    assert outbox.send(session, "c1", now=NOW) == 1


def test_waiting_names_conversations(session: Session) -> None:
    accept(session)
    talk(session, "c2")
    assert outbox.waiting(session) == []
    answer(session, "hello")
    assert outbox.waiting(session) == ["c1"]
