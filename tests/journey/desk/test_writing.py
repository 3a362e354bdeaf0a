import pytest
from sqlalchemy.orm import Session

from journey.desk import taking, writing
from journey.desk.handoffs import NotYours
from journey.messages.outbox import send
from journey.store.tables import Conversation, Handoff
from tests.factories import NOW
from tests.journey.desk.acts import LANGUAGES, sent, take
from tests.journey.desk.conftest import BEN, MIA


def test_answer_reaches_the_customer_once(
    session: Session, conversation: Conversation
) -> None:
    take(session, conversation, MIA)
    for _ in range(2):
        writing.answer(
            session, conversation.id, "Mia here.", by=MIA, now=NOW, once="click-1"
        )
        send(session, conversation.id, now=NOW)
    assert sent(session, conversation)[1:] == [("agent", "Mia here.")]


@pytest.mark.usefixtures("waiting")
def test_answer_before_taking_is_refused(
    session: Session, conversation: Conversation
) -> None:
    with pytest.raises(NotYours, match="take it first"):
        writing.answer(session, conversation.id, "hello", by=MIA, now=NOW)


def test_answer_by_another_agent_is_refused(
    session: Session, conversation: Conversation
) -> None:
    take(session, conversation, MIA)
    with pytest.raises(NotYours, match="mia has this conversation"):
        writing.answer(session, conversation.id, "hello", by=BEN, now=NOW)


def test_answer_unsent_when_a_colleague_took_over_is_dropped(
    session: Session, conversation: Conversation
) -> None:
    take(session, conversation, MIA)
    writing.answer(session, conversation.id, "too late", by=MIA, now=NOW)
    taking.assign(
        session, conversation.id, to=BEN, by=BEN, languages=LANGUAGES, now=NOW
    )
    assert "too late" not in [text for _, text in sent(session, conversation)]


def test_answer_masks_card_numbers(
    session: Session, conversation: Conversation
) -> None:
    take(session, conversation, MIA)
    text = "you paid with 4111 1111 1111 1111"
    writing.answer(session, conversation.id, text, by=MIA, now=NOW)
    said = sent(session, conversation)[1][1]
    assert said.startswith("you paid with •")
    assert "4111" not in said


def test_note_stays_at_the_desk(session: Session, waiting: Handoff) -> None:
    conversation_id = waiting.conversation_id
    writing.note(session, conversation_id, "knows him", by=BEN, now=NOW)
    assert [n.text for n in writing.notes(session, conversation_id)] == ["knows him"]
    assert send(session, conversation_id, now=NOW) == 0
