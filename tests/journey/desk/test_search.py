from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.desk.search import BACK, search
from journey.people.customers import add_identity
from journey.store.tables import Conversation, Customer
from tests.factories import NOW, make_conversation, make_customer, make_order
from tests.journey.desk.acts import write


@pytest.fixture(autouse=True)
def somebody_else(session: Session) -> None:
    other = make_conversation(session, make_customer(session, name="Bo"))
    write(session, other, "nothing of that kind")


def found(session: Session, words: str) -> list[str]:
    return [line.conversation.id for line in search(session, words, NOW)]


@pytest.mark.parametrize("words", ["ana", " ANA ", "u-17", "keeps dying", "100%"])
def test_finds_by_name_identity_and_words(
    session: Session, conversation: Conversation, words: str
) -> None:
    customer = session.get_one(Customer, conversation.customer_id)
    add_identity(session, customer, "site", "u-17", True, NOW)
    write(session, conversation, "my fern keeps dying, I'm 100% sure")
    assert found(session, words) == [conversation.id]


def test_finds_by_id_and_order(session: Session, conversation: Conversation) -> None:
    customer = session.get_one(Customer, conversation.customer_id)
    order = make_order(session, customer=customer)
    for words in (conversation.customer_id, str(order.number)):
        assert found(session, words) == [conversation.id]


@pytest.mark.parametrize("words", ["", "  ", "%", "_", "\\", "9" * 30])
def test_finds_nothing_for_no_words(
    session: Session, conversation: Conversation, words: str
) -> None:
    write(session, conversation, "hello")
    assert found(session, words) == []


def test_old_words_are_not_looked_through(
    session: Session, conversation: Conversation
) -> None:
    write(session, conversation, "my fern keeps dying")
    later = NOW + BACK + timedelta(days=1)
    assert search(session, "fern", later) == []
    assert len(search(session, "ana", later)) == 1
