from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import ending, lists, owed
from journey.desk.handoffs import NoHandoff, NotYours, State, Unseen
from journey.owner.help import Help
from journey.owner.ownership import Owner
from journey.promises.promises import open_promises
from journey.store.tables import Conversation, Event, Handoff
from tests.factories import NOW
from tests.journey.desk.acts import sent, take, write
from tests.journey.desk.conftest import BEN, MIA


def back(
    session: Session,
    conversation: Conversation,
    help: Help,
    outcome: str = "replacement sent, arrives Tuesday",
    due: date | None = None,
    seen: int = 99,
) -> None:
    ending.give_back(
        session,
        conversation.id,
        by=MIA,
        outcome=outcome,
        seen=seen,
        help=help,
        now=NOW,
        due=due,
    )


def test_give_back_makes_a_promise_and_tells_the_customer(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, MIA)
    back(session, conversation, help)
    (promise,) = open_promises(session, conversation.customer_id)
    assert (promise.kind, promise.due_at.isoformat()[:10]) == (
        "replacement",
        "2026-11-24",
    )
    author, text = sent(session, conversation)[-1]
    assert author == "system"
    assert "Mia has sent you a replacement" in text
    assert "Tuesday 24 November" in text


def test_what_is_to_be_looked_into_is_promised_and_on_the_agents_list(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, MIA)
    back(session, conversation, help, "we look into the invoice, by Tuesday")
    (promise,) = open_promises(session, conversation.customer_id, "look_into")
    assert promise.keeper == MIA.name
    assert [x.promise for x in owed.owed(session)] == [promise]
    assert "an answer by Tuesday 24 November" in sent(session, conversation)[-1][1]
    assert owed.keep(session, promise.id, by=MIA, now=NOW) == "kept"


def test_give_back_goes_by_way_of_returning(
    session: Session, conversation: Conversation, help: Help
) -> None:
    handoff = take(session, conversation, MIA)
    back(session, conversation, help)
    steps = [event.payload["to"] for event in lists.moves(session, conversation.id)]
    assert steps[-2:] == ["returning", "bot"]
    assert (handoff.state, handoff.outcome) == (
        State.RETURNED,
        "replacement sent, arrives Tuesday",
    )


def test_give_back_never_quotes_the_agent(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, MIA)
    back(session, conversation, help, "rude, gave nothing")
    assert "rude" not in sent(session, conversation)[-1][1]
    assert open_promises(session, conversation.customer_id) == []


def test_give_back_takes_the_day_that_the_agent_set(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, MIA)
    back(session, conversation, help, "refund agreed", due=date(2026, 12, 1))
    (promise,) = open_promises(session, conversation.customer_id)
    assert promise.due_at.date() == date(2026, 12, 1)


def test_give_back_before_the_agent_read_everything_is_refused(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, MIA)
    position = write(session, conversation, "one more thing")
    with pytest.raises(Unseen, match="in the meantime"):
        back(session, conversation, help, seen=position - 1)
    assert conversation.owner == Owner.HUMAN


def test_give_back_by_a_colleague_is_refused(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, BEN)
    with pytest.raises(NotYours):
        back(session, conversation, help)


def test_learning_gets_only_the_outcome(
    session: Session, conversation: Conversation, help: Help
) -> None:
    take(session, conversation, MIA)
    back(session, conversation, help)
    (event,) = session.scalars(select(Event).where(Event.kind == "handoff_ended"))
    assert event.payload["outcome"] == "replacement"
    assert "text" not in event.payload


def test_resolve_asks_how_it_was(
    session: Session, conversation: Conversation, help: Help
) -> None:
    handoff = take(session, conversation, MIA)
    ending.resolve(session, conversation.id, by=MIA, seen=99, help=help, now=NOW)
    assert (handoff.state, conversation.owner) == (State.RESOLVED, Owner.BOT)
    assert "How was it?" in sent(session, conversation)[-1][1]
    payload = f"{ending.RATE}:{handoff.id}:4"
    assert ending.rate(session, conversation.id, payload, NOW) == 4
    assert handoff.rating == 4


def test_rate_of_another_conversation_changes_nothing(
    session: Session, waiting: Handoff
) -> None:
    payload = f"{ending.RATE}:{waiting.id}:5"
    assert ending.rate(session, "elsewhere", payload, NOW) == 0
    assert waiting.rating is None


def test_reopen_gives_it_to_the_agent_again(
    session: Session, conversation: Conversation, help: Help
) -> None:
    handoff = take(session, conversation, MIA)
    ending.resolve(session, conversation.id, by=MIA, seen=99, help=help, now=NOW)
    again = ending.reopen(
        session, conversation.id, by=BEN, languages=help.languages, now=NOW
    )
    assert again is handoff
    assert (again.state, again.agent, again.closed_at) == (State.TAKEN, "ben", None)
    assert conversation.owner == Owner.HUMAN


def test_reopen_without_a_handoff_is_refused(
    session: Session, conversation: Conversation, help: Help
) -> None:
    with pytest.raises(NoHandoff):
        ending.reopen(
            session, conversation.id, by=BEN, languages=help.languages, now=NOW
        )
