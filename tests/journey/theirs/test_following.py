"""What the desk is told of, found in the tables."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge, load_knowledge
from journey.owner import ownership
from journey.store.tables import (
    Conversation,
    DeskLetter,
    DeskThread,
    Dispatch,
    Handoff,
    Message,
)
from journey.theirs.following import Follower
from tests.factories import NOW, make_conversation, make_customer


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge(Path("data"))


@pytest.fixture
def follower(knowledge: Knowledge) -> Follower:
    return Follower("chatwoot", knowledge)


@pytest.fixture
def conversation(session: Session) -> Conversation:
    return make_conversation(session, make_customer(session, name="Ada"))


def ask(session: Session, conversation: Conversation) -> None:
    ownership.request(session, conversation.id, by="coach", why="asked", at=NOW)


def follow(session: Session, follower: Follower) -> list[DeskLetter]:
    for conversation_id in follower.news(session):
        follower.follow(session, conversation_id, NOW)
    return list(session.scalars(select(DeskLetter).order_by(DeskLetter.number)))


def test_request_is_told_once_and_opens_last(
    session: Session, follower: Follower, conversation: Conversation
) -> None:
    ask(session, conversation)
    first = follow(session, follower)
    assert [letter.kind for letter in first] == ["open", "note", "ask"]
    assert first[0].content["name"] == "Ada"
    assert first[0].content["attributes"]["coach_reason"] == "asked"
    assert first[0].content["attributes"]["coach_urgency"] == "normal"
    assert len(first[1].content["text"]) < 2000
    assert follower.news(session) == []
    assert session.scalars(select(Handoff.agent)).one() == "chatwoot"


def test_withdrawn_request_is_taken_back_there(
    session: Session, follower: Follower, conversation: Conversation
) -> None:
    ask(session, conversation)
    follow(session, follower)
    ownership.withdraw(session, conversation.id, by="customer", why="carry_on", at=NOW)
    assert follow(session, follower)[-1].kind == "leave"
    assert follower.news(session) == []


def test_answer_that_was_not_delivered_is_told_to_who_wrote_it(
    session: Session, follower: Follower, conversation: Conversation
) -> None:
    ask(session, conversation)
    follow(session, follower)
    message = Message(
        conversation_id=conversation.id,
        direction="out",
        provider_id="out:chatwoot:5:0",
        position=1,
        author="agent",
        text="Hi",
        created_at=NOW,
    )
    session.add(message)
    session.flush()
    session.add(
        Dispatch(
            message_id=message.id,
            conversation_id=conversation.id,
            channel="telegram",
            number=1000,
            content={"text": "Hi"},
            state="dead",
            failure="blocked",
            created_at=NOW,
        )
    )
    note = follow(session, follower)[-1]
    assert note.content["text"] == "The customer did not get “Hi”: blocked."
    conversation.position = 1
    assert follow(session, follower)[-1] is note
    assert session.scalars(select(DeskThread.told)).one() == 1
