from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from journey.desk import lists, taking
from journey.desk.handoffs import NoHandoff, NotYours, State
from journey.language.words import Language
from journey.owner.ownership import Owner
from journey.store.tables import Conversation, Handoff
from tests.factories import NOW
from tests.journey.desk.acts import sent, take
from tests.journey.desk.conftest import BEN, MIA

Languages = Mapping[str, Language]


def test_take_makes_the_agent_the_owner(
    session: Session, conversation: Conversation, waiting: Handoff
) -> None:
    take(session, conversation, MIA)
    assert (conversation.owner, waiting.agent) == (Owner.HUMAN, "mia")
    assert waiting.state == State.TAKEN
    assert sent(session, conversation)[0][1].startswith("Mia is here now")


def test_take_by_a_second_agent_is_refused(
    session: Session, conversation: Conversation, waiting: Handoff
) -> None:
    take(session, conversation, MIA)
    with pytest.raises(NotYours, match="mia has this conversation already"):
        take(session, conversation, BEN)
    assert waiting.agent == "mia"


def test_take_twice_is_one_move(
    session: Session, conversation: Conversation, waiting: Handoff
) -> None:
    take(session, conversation, MIA)
    assert take(session, conversation, MIA) is waiting
    assert [event.payload["to"] for event in lists.moves(session, conversation.id)] == [
        "requested",
        "human",
    ]


def test_take_from_the_bot_needs_no_request(
    session: Session, conversation: Conversation
) -> None:
    handoff = take(session, conversation, MIA)
    assert (handoff.reason, handoff.state) == (taking.TAKEOVER, State.TAKEN)
    move = lists.moves(session, conversation.id)[-1]
    assert (move.decided_by, move.payload["why"], move.payload["agent"]) == (
        "mia",
        "takeover",
        "mia",
    )
    assert "takes over" in sent(session, conversation)[0][1]


def test_assign_gives_it_to_a_colleague(
    session: Session, conversation: Conversation, languages: Languages
) -> None:
    handoff = take(session, conversation, MIA)
    version = conversation.owner_version
    taking.assign(
        session, conversation.id, to=BEN, by=MIA, languages=languages, now=NOW
    )
    assert (handoff.agent, conversation.owner) == ("ben", Owner.HUMAN)
    assert conversation.owner_version == version + 1


def test_assign_keeps_a_waiting_one_for_somebody(
    session: Session,
    conversation: Conversation,
    waiting: Handoff,
    languages: Languages,
) -> None:
    taking.assign(
        session, conversation.id, to=BEN, by=MIA, languages=languages, now=NOW
    )
    assert (waiting.agent, conversation.owner) == ("ben", Owner.REQUESTED)


def test_assign_refuses_what_the_bot_serves(
    session: Session, conversation: Conversation, languages: Languages
) -> None:
    with pytest.raises(NoHandoff, match="take it over first"):
        taking.assign(
            session, conversation.id, to=BEN, by=MIA, languages=languages, now=NOW
        )


def test_pass_on_lets_it_wait_for_a_team(
    session: Session, conversation: Conversation, languages: Languages
) -> None:
    handoff = take(session, conversation, MIA)
    taking.pass_on(
        session, conversation.id, team="orders", by=MIA, languages=languages, now=NOW
    )
    assert conversation.owner == Owner.REQUESTED
    assert (handoff.team, handoff.agent) == ("orders", None)
    assert [line.handoff for line in lists.queue(session, team="orders")] == [handoff]
