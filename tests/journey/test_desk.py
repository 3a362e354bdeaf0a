import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import desk, ownership
from journey.outbox import send
from journey.ownership import Owner, WrongMove
from journey.store.tables import Conversation, Handoff, Message
from tests.factories import NOW, make_conversation, make_customer


@pytest.fixture
def waiting(session: Session) -> Handoff:
    conversation = make_conversation(session, make_customer(session))
    ownership.request(session, conversation.id, by="coach", why="asked", at=NOW)
    return desk.open_handoffs(session)[0]


def owner_of(session: Session, handoff: Handoff) -> str:
    return session.get_one(Conversation, handoff.conversation_id).owner


def test_take_makes_a_person_the_owner(session: Session, waiting: Handoff) -> None:
    desk.take(session, waiting, by="Mia", now=NOW)
    assert owner_of(session, waiting) == Owner.HUMAN


def test_take_by_a_second_agent_is_refused(session: Session, waiting: Handoff) -> None:
    desk.take(session, waiting, by="Mia", now=NOW)
    with pytest.raises(WrongMove):
        desk.take(session, waiting, by="Ben", now=NOW)


def test_answer_reaches_the_customer_once(session: Session, waiting: Handoff) -> None:
    desk.take(session, waiting, by="Mia", now=NOW)
    desk.answer(session, waiting, "Mia here.", by="Mia", now=NOW)
    counts = [send(session, waiting.conversation_id, now=NOW) for _ in range(2)]
    assert counts == [1, 0]
    message = session.scalars(select(Message)).one()
    assert (message.author, message.text) == (desk.AGENT, "Mia here.")


def test_answer_before_taking_is_refused(session: Session, waiting: Handoff) -> None:
    with pytest.raises(desk.NotYours, match="take it first"):
        desk.answer(session, waiting, "hello", by="Mia", now=NOW)


def test_answer_after_giving_back_is_dropped(
    session: Session, waiting: Handoff
) -> None:
    desk.take(session, waiting, by="Mia", now=NOW)
    desk.answer(session, waiting, "too late", by="Mia", now=NOW)
    desk.give_back(session, waiting, by="Mia", outcome="solved", now=NOW)
    assert send(session, waiting.conversation_id, now=NOW) == 0
    assert owner_of(session, waiting) == Owner.BOT
    assert desk.open_handoffs(session) == []
