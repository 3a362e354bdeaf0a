"""Agents, workers and senders in threads of their own, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from journey.desk import presence, taking
from journey.desk.handoffs import NotYours, Who
from journey.messages import outbox
from journey.messages.outbox import Reply
from journey.owner import ownership
from journey.owner.ownership import Owner
from journey.store.tables import Conversation, Handoff, Message, Outbox
from tests.databases import BOTH, filled
from tests.journey.desk.acts import LANGUAGES
from tests.journey.talk import NOW, accept, talk

AT_ONCE = 6


@pytest.fixture(params=BOTH, scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with filled(request.param) as engine:
        yield engine


def together(database: Engine, *works: Callable[[Session], str]) -> list[str]:
    """Run each work in a transaction of its own, all at the same moment."""
    start = Barrier(len(works))

    def run(work: Callable[[Session], str]) -> str:
        start.wait()
        try:
            with Session(database) as session, session.begin():
                return work(session)
        except NotYours:
            return "refused"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def taker(name: str, conversation_id: str) -> Callable[[Session], str]:
    def take(session: Session) -> str:
        who = Who(name, name)
        taking.take(session, conversation_id, by=who, languages=LANGUAGES, now=NOW)
        return name

    return take


@pytest.mark.parametrize("asked", [True, False])
def test_many_agents_click_at_once_and_one_has_it(
    database: Engine, asked: bool
) -> None:
    conversation_id = f"clicks-{asked}"
    with Session(database) as session, session.begin():
        talk(session, conversation_id)
        if asked:
            ownership.request(session, conversation_id, by="coach", why="asked", at=NOW)
    takers = [taker(f"agent{n}", conversation_id) for n in range(AT_ONCE)]
    won = [name for name in together(database, *takers) if name != "refused"]
    with Session(database) as session:
        query = select(Handoff.agent).where(Handoff.conversation_id == conversation_id)
        assert list(session.scalars(query)) == won
        assert session.get_one(Conversation, conversation_id).owner == Owner.HUMAN


@pytest.mark.parametrize("turn", range(8))
def test_takeover_and_sending_at_once(database: Engine, turn: int) -> None:
    """Either the bot's answer stands before the takeover, or it is never shown."""
    name = f"race-{turn}"
    with Session(database) as session, session.begin():
        accept(session, "hello", name)
        message_id = session.scalars(
            select(Message.id).where(Message.conversation_id == name)
        ).one()
        outbox.put(
            session,
            name,
            Reply("from the bot"),
            number=0,
            answers_id=message_id,
            owner_version=1,
            now=NOW,
        )

    def send(session: Session) -> str:
        return str(outbox.send(session, name, now=NOW + timedelta(seconds=1)))

    together(database, taker("mia", name), send)
    with Session(database) as session, session.begin():
        outbox.send(session, name, now=NOW + timedelta(seconds=2))
        shown = session.scalars(
            select(Message.author)
            .where(Message.conversation_id == name, Message.direction == "out")
            .where(Message.position.is_not(None))
            .order_by(Message.position)
        ).all()
        assert shown in (["coach", "system"], ["system"])
        states = set(
            session.scalars(select(Outbox.state).filter_by(conversation_id=name))
        )
        assert states <= {"sent", "dropped"}


def test_screens_of_one_agent_at_once(database: Engine) -> None:
    with Session(database) as session, session.begin():
        talk(session, "screens")

    def reader(position: int) -> Callable[[Session], str]:
        def read(session: Session) -> str:
            presence.saw(session, "screens", "mia", position, NOW)
            return "read"

        return read

    together(database, *[reader(n) for n in range(AT_ONCE)])
    with Session(database) as session:
        assert presence.read_by_agents(session, "screens") == AT_ONCE - 1
