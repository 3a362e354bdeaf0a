"""kill -9 of the engine, of the actions and of the web process under load."""

import asyncio
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.store.engine import open_engine
from journey.store.tables import Event, Inbox, Message, Outbox
from tests.conversations import house
from tests.e2e.test_kill import CUSTOMERS, talk, until_done

pytestmark = pytest.mark.engine
SAID = (
    "are you a bot?",
    "how much is delivery?",
    "thanks",
    "what can I send back?",
    "am I talking to a person?",
    "how long does delivery take?",
    "thank you",
    "is this a robot?",
    "what does delivery cost?",
    "bye",
)
"""Nothing that would bring a person in, who then has the conversation."""
DEATHS = ("actions", "bot", "web", "actions", "bot", "actions", "web")


class Keeper:
    """Starts a process again when it was killed, as the supervisor does."""

    def __init__(self) -> None:
        self.start = house._start
        self.started: dict[str, tuple[list[str], Mapping[str, str], Path]] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def take(
        self, command: list[str], env: Mapping[str, str], log: Path
    ) -> subprocess.Popen[bytes]:
        self.started[log.stem] = command, env, log
        self.processes[log.stem] = self.start(command, env, log)
        return self.processes[log.stem]

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()
        self.take(*self.started[name])

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    keeper = Keeper()
    monkeypatch.setattr(house, "_start", keeper.take)
    yield keeper
    keeper.end()


async def test_answers_each_once_whoever_dies(keeper: Keeper, tmp_path: Path) -> None:
    random = Random(11)
    with house.running(tmp_path) as running:
        url = str(running.engine.url)
        talks = [asyncio.create_task(talk(running.web, SAID)) for _ in range(CUSTOMERS)]
        for name in DEATHS:
            await asyncio.sleep(random.uniform(2, 6))
            keeper.kill(name)
        conversations = await asyncio.gather(*talks)
        await until_done(url, 400)
    for conversation in conversations:
        check_order(url, conversation)
    check_counts(url)


def check_order(url: str, conversation: str) -> None:
    """Assert that what was said is there once, in order, and each has an answer."""
    engine = open_engine(url)
    with Session(engine) as session:
        query = select(Message).where(Message.conversation_id == conversation)
        messages = session.scalars(query.order_by(Message.position)).all()
        answered = session.scalars(
            select(Outbox.answers_id)
            .join(Message, Message.id == Outbox.message_id)
            .where(Outbox.conversation_id == conversation, Outbox.number == 0)
            .order_by(Message.position)
        ).all()
    engine.dispose()
    said = [message for message in messages if message.direction == "in"]
    assert [m.text for m in said] == list(SAID)
    assert answered == [message.id for message in said]


def check_counts(url: str) -> None:
    """Assert that no work is open or failed, and that none was decided on twice."""
    engine = open_engine(url)
    heard = select(Event.message_id).where(Event.kind == "message_heard")
    twice = heard.group_by(Event.message_id).having(func.count() > 1)
    with Session(engine) as session:
        assert set(session.scalars(select(Inbox.state))) == {"done"}
        assert session.scalars(twice).all() == []
        assert len(session.scalars(heard).all()) == CUSTOMERS * len(SAID)
    engine.dispose()
