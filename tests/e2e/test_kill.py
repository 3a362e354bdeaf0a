"""kill -9 of the web process at each step: 100 of 100 are answered exactly once."""

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.engine import open_engine
from journey.store.tables import Inbox, Message, Outbox
from tests.e2e.dying_web import STEPS
from tests.e2e.processes import (
    ENGINE,
    STAND_IN,
    ended,
    environment,
    free_port,
    start,
    start_engine,
    until_up,
)

CUSTOMERS, EACH = 10, 10


def messages_of(number: int) -> list[str]:
    """Return what a customer says, different from what any other says."""
    return [f"message {index} of {number}" for index in range(EACH)]


async def talk(url: str, texts: Sequence[str]) -> str:
    """Send messages as a browser does: the same id until it is confirmed."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as client:
        session = await persist(client, "/chat/session", {})
        for index, text in enumerate(texts):
            await persist(client, "/chat/messages", {"id": uuid4().hex, "text": text})
            await asyncio.sleep(Random(index).uniform(0.1, 1.5))
    conversation: str = session["conversation"]
    return conversation


async def persist(
    client: httpx.AsyncClient, path: str, body: Mapping[str, str]
) -> dict[str, str]:
    while True:
        try:
            response = await client.post(path, json=body)
            if response.is_success:
                answer: dict[str, str] = response.json()
                return answer
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)


async def keep_dying(
    env: Mapping[str, str], port: int, steps: Iterable[tuple[str, int]]
) -> int:
    """Run the web process, killed at every step in turn; return how often it died.

    A step comes with how many times the process comes to it.
    """
    deaths = 0
    for step, last in steps:
        dying = [str(port), step, str(last)]
        command = [sys.executable, "-m", "tests.e2e.dying_web", *dying]
        with ended(start(command, env)) as process:
            for _ in range(600):
                if process.poll() is not None:
                    break
                await asyncio.sleep(0.05)
            deaths += process.poll() == -9
    return deaths


async def test_kill_web_at_each_step(tmp_path: Path) -> None:
    engine_port, port = free_port(), free_port()
    env, url = environment(tmp_path, engine_port), f"http://127.0.0.1:{port}"
    with ended(start_engine(env, engine_port)):
        talks = [
            asyncio.create_task(talk(url, messages_of(n))) for n in range(CUSTOMERS)
        ]
        random = Random(7)
        steps = [(step, random.randint(1, 6)) for step in STEPS]
        deaths = await keep_dying(env, port, steps)
        command = [sys.executable, "-m", "tests.e2e.dying_web", str(port), "", "0"]
        with ended(start(command, env)):
            await asyncio.to_thread(until_up, f"{url}/health")
            conversations = await asyncio.gather(*talks)
            await until_done(env["COACH_DATABASE_URL"])
    assert deaths == len(STEPS)
    for number, conversation in enumerate(conversations):
        check(env["COACH_DATABASE_URL"], conversation, number)


async def until_done(database_url: str, seconds: float = 60) -> None:
    engine = open_engine(database_url)
    for _ in range(int(seconds * 10)):
        with Session(engine) as session:
            open_work = select(Inbox.message_id).where(Inbox.state == "new")
            ready = select(Outbox.message_id).where(Outbox.state == "ready")
            if not session.scalars(open_work.union_all(ready)).all():
                break
        await asyncio.sleep(0.1)
    engine.dispose()


def check(database_url: str, conversation: str, number: int) -> None:
    """Assert that each message is there once, answered once, and all in order."""
    engine = open_engine(database_url)
    with Session(engine) as session:
        query = select(Message).where(Message.conversation_id == conversation)
        messages = session.scalars(query.order_by(Message.position)).all()
        answers = session.execute(
            select(Outbox.answers_id, Outbox.number, Outbox.state).where(
                Outbox.conversation_id == conversation, Outbox.number >= 0
            )
        ).all()
    engine.dispose()
    said = [message for message in messages if message.direction == "in"]
    assert [m.text for m in said] == messages_of(number)
    assert {answer.answers_id for answer in answers} == {m.id for m in said}
    assert {answer.state for answer in answers} == {"sent"}
    if ENGINE == STAND_IN:
        replies = [m.text for m in messages if m.text.startswith("re: ")]
        assert replies == [f"re: {m.text}" for m in said]
