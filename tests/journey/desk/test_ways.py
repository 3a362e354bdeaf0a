from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import owed, pulse, ways
from journey.desk.ways import CALL, EMAIL, Taken
from journey.owner.help import Help
from journey.store.tables import Conversation, Event, Handoff, Message, Promise
from tests.journey.desk.acts import sent, write
from tests.journey.desk.conftest import MIA

Say = Callable[..., Taken]
TUESDAY = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def talk(session: Session, waiting: Handoff, help: Help) -> Say:
    conversation = session.get_one(Conversation, waiting.conversation_id)

    def say(text: str, payload: str | None = None) -> Taken:
        write(session, conversation, text)
        found = session.scalars(select(Message).where(Message.text == text))
        return ways.hear(
            session,
            conversation,
            text,
            payload,
            message_id=found.all()[-1].id,
            help=help,
            now=TUESDAY,
        )

    return say


@pytest.mark.parametrize(
    ("way", "text", "reach", "due"),
    [
        (EMAIL, "it's ana@example.org, thanks", "ana@example.org", (11, 17)),
        (CALL, "+49 30 1234567, tomorrow at 4", "+49 30 1234567", (11, 15)),
        (CALL, "030/1234567", "030/1234567", (11, 17)),
        (CALL, "030 1234567 at 8 pm", "030 1234567", (11, 8)),
        (CALL, "030 1234567 yesterday at 9", "030 1234567", (11, 17)),
    ],
)
def test_another_way_becomes_a_promise(
    talk: Say, session: Session, way: str, text: str, reach: str, due: tuple[int, int]
) -> None:
    assert talk("button", way) == Taken.YES
    assert talk(text) == Taken.YES
    promise = session.scalars(select(Promise)).one()
    assert (promise.due_at.day, promise.due_at.astimezone(UTC).hour) == due
    assert [x.reach for x in owed.owed(session)] == [reach]
    made = select(Event).where(Event.kind == "promise_made")
    assert session.scalars(made).one().payload["promise"] == promise.id


def test_what_is_no_address_is_asked_for_once(
    talk: Say, session: Session, conversation: Conversation
) -> None:
    talk("button", EMAIL)
    assert talk("I'd rather wait") == Taken.UNCLEAR
    assert talk("are you there?") == Taken.NOT
    assert "couldn't find" in sent(session, conversation)[-1][1]


def test_nothing_is_taken_when_no_way_was_chosen(talk: Say) -> None:
    assert talk("ana@example.org") == Taken.NOT


def test_what_is_promised_and_kept_shows_on_the_lists(
    talk: Say, session: Session
) -> None:
    talk("button", EMAIL)
    talk("ana@example.org")
    promised = pulse.people_print(session)
    [line] = owed.owed(session)
    owed.keep(session, line.promise.id, by=MIA, now=TUESDAY)
    assert pulse.people_print(session) != promised


def test_what_an_agent_has_done_is_kept(talk: Say, session: Session) -> None:
    talk("button", EMAIL)
    talk("ana@example.org")
    [line] = owed.owed(session)
    assert owed.keep(session, line.promise.id, by=MIA, now=TUESDAY) == "kept"
    assert not owed.owed(session)
    with pytest.raises(owed.NotOwed):
        owed.keep(session, line.promise.id, by=MIA, now=TUESDAY)
