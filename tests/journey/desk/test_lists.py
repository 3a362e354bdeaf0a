from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.desk import ending, lists, presence
from journey.owner import ownership
from journey.owner.help import Help
from journey.store.tables import Conversation
from tests.factories import NOW, make_conversation, make_customer
from tests.journey.desk.acts import sent, take, write
from tests.journey.desk.conftest import MIA


def asked(session: Session, why: str, minutes: int) -> Conversation:
    conversation = make_conversation(session, make_customer(session))
    at = NOW + timedelta(minutes=minutes)
    ownership.request(session, conversation.id, by="coach", why=why, at=at)
    return conversation


def test_queue_is_ordered_by_urgency_then_waiting(session: Session) -> None:
    for why, minutes in (("asked", 1), ("asked", 0), ("anger", 2), ("self_harm", 3)):
        asked(session, why, minutes)
    found = [
        (x.handoff.reason, x.waiting_since) for x in lists.queue(session) if x.handoff
    ]
    assert [reason for reason, _ in found] == ["self_harm", "anger", "asked", "asked"]
    assert found[2][1] < found[3][1]


def test_live_shows_what_the_bot_serves_now(
    session: Session, conversation: Conversation
) -> None:
    write(session, conversation, "my plants keep dying")
    make_conversation(
        session, make_customer(session), active_at=NOW - timedelta(hours=1)
    )
    (line,) = lists.live(session, now=NOW)
    assert (line.name, line.verified, line.handoff) == ("Ana", False, None)
    assert (line.words, line.spoke_last) == ("my plants keep dying", "customer")


def test_live_shows_those_who_wrote_last(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_LIVE", 2)
    talks = [
        make_conversation(
            session, make_customer(session), active_at=NOW - timedelta(minutes=minutes)
        )
        for minutes in (2, 0, 1)
    ]
    shown = [line.conversation for line in lists.live(session, now=NOW)]
    assert shown == [talks[1], talks[2]]


def test_line_shows_what_the_customer_said_last(
    session: Session, conversation: Conversation
) -> None:
    write(session, conversation, "my plants keep dying")
    take(session, conversation, MIA)
    sent(session, conversation)
    (line,) = lists.taken(session)
    assert (line.words, line.spoke_last) == ("my plants keep dying", "system")


def test_unread_counts_what_no_agent_has_read(
    session: Session, conversation: Conversation
) -> None:
    position = write(session, conversation)
    write(session, conversation, "are you there?")
    take(session, conversation, MIA)
    presence.saw(session, conversation.id, "mia", position, NOW)
    (line,) = lists.taken(session, agent="mia")
    assert line.unread == 1


def test_one_of_the_bot_has_no_handoff(
    session: Session, conversation: Conversation
) -> None:
    line = lists.one(session, conversation.id)
    assert line
    assert line.handoff is None
    assert lists.one(session, "unknown") is None


def test_closed_shows_each_conversation_once_the_latest_first(
    session: Session, conversation: Conversation, help: Help
) -> None:
    other = make_conversation(session, make_customer(session))
    for minutes, one in enumerate((conversation, other, conversation)):
        take(session, one, MIA)
        at = NOW + timedelta(minutes=minutes)
        ending.resolve(session, one.id, by=MIA, seen=9, help=help, now=at)
    closed = [line.conversation.id for line in lists.closed(session)]
    assert closed == [conversation.id, other.id]
