"""kill -9 of the web process around a takeover: one answers, and nothing is lost."""

import asyncio
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import agents
from journey.desk.agents import Role
from journey.messages.conversations import COACH, CUSTOMER
from journey.store.engine import open_engine
from journey.store.tables import Conversation, Inbox, Message
from tests.e2e.dying_web import DESK_STEPS
from tests.e2e.processes import (
    ended,
    environment,
    free_port,
    start,
    start_engine,
    until_up,
)
from tests.e2e.test_kill import keep_dying, persist, until_done

PASSWORD = "correct horse battery"
BACK, TOLD = "I'm back, the AI again", "takes over from here"
DEATHS = [
    *((step, 1) for step in DESK_STEPS),
    ("before an agent is told that it is done", 3),
]
"""The third act is the handing back."""


class Agent:
    """One agent, who clicks again until the desk says that it is done."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http, self.csrf = http, ""

    async def sign_in(self) -> None:
        page = await self.page("/desk/sign-in")
        form = {"name": "ana", "password": PASSWORD, "token": hidden(page, "token")}
        while not self.csrf:
            await self.request("POST", "/desk/sign-in", data=form)
            self.csrf = hidden(await self.page("/desk/"), "csrf")

    async def act(self, conversation: str, name: str, **fields: str) -> bool:
        """Do something, or see that it is done or refused."""
        response = await self.request(
            "POST",
            f"/desk/conversations/{conversation}/{name}",
            data={"csrf": self.csrf, **fields},
            headers={"accept": "application/json"},
        )
        return response.is_success

    async def give_back(self, conversation: str) -> None:
        """Hand back what the screen shows; more when the customer wrote meanwhile."""
        parts = {"mine": True, "position": 0}
        while parts["mine"]:
            given = {"outcome": "solved", "seen": str(parts["position"])}
            await self.act(conversation, "back", **given)
            address = f"/desk/conversations/{conversation}/parts?after=0"
            parts = (await self.request("GET", address)).json()

    async def page(self, address: str) -> str:
        return (await self.request("GET", address)).text

    async def request(
        self, method: str, address: str, **given: object
    ) -> httpx.Response:
        while True:
            try:
                response = await self.http.request(method, address, **given)  # type: ignore[arg-type]
                if response.status_code < 500:
                    return response
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)


def hidden(page: str, name: str) -> str:
    """Return a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def hire(database_url: str) -> None:
    engine = open_engine(database_url)
    with Session(engine) as session, session.begin():
        given = {"password": PASSWORD, "now": datetime.now(UTC)}
        agents.add(session, "ana", role=Role.AGENT, **given)  # type: ignore[arg-type]
    engine.dispose()


async def story(url: str, agent: Agent) -> str:
    """Let a customer talk with the bot, with Ana, and with the bot again."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as client:
        conversation = (await persist(client, "/chat/session", {}))["conversation"]
        await say(client, "to the bot")
        while not await agent.act(conversation, "take"):
            await asyncio.sleep(0.1)
        await say(client, "to Ana")
        await agent.act(conversation, "write", text="from Ana", once=uuid4().hex)
        await agent.give_back(conversation)
        await say(client, "to the bot again")
    return conversation


async def say(client: httpx.AsyncClient, text: str) -> None:
    await persist(client, "/chat/messages", {"id": uuid4().hex, "text": text})


async def test_kill_web_around_a_takeover(tmp_path: Path) -> None:
    engine_port, port = free_port(), free_port()
    env, url = environment(tmp_path, engine_port), f"http://127.0.0.1:{port}"
    hire(env["COACH_DATABASE_URL"])
    with ended(start_engine(env, engine_port)):
        dead = asyncio.Event()
        talks = asyncio.create_task(stories(url, dead))
        deaths = await keep_dying(env, port, DEATHS)
        dead.set()
        command = [sys.executable, "-m", "tests.e2e.dying_web", str(port), "", "0"]
        with ended(start(command, env)):
            await asyncio.to_thread(until_up, f"{url}/health")
            conversations = await talks
            await until_done(env["COACH_DATABASE_URL"])
    assert deaths == len(DEATHS)
    for conversation in conversations:
        check(env["COACH_DATABASE_URL"], conversation)


async def stories(url: str, dead: asyncio.Event) -> Sequence[str]:
    """Tell one story after the other until the last death, and one more."""
    told: list[str] = []
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as http:
        agent = Agent(http)
        await agent.sign_in()
        while not dead.is_set():
            told.append(await story(url, agent))
        return [*told, await story(url, agent)]


def check(database_url: str, conversation: str) -> None:
    """Assert that all is there once, that Ana alone spoke while she had it."""
    engine = open_engine(database_url)
    with Session(engine) as session:
        query = select(Message).where(
            Message.conversation_id == conversation, Message.position.is_not(None)
        )
        rows = session.scalars(query.order_by(Message.position)).all()
        owner = session.get_one(Conversation, conversation).owner
        work = select(Inbox.state).where(Inbox.conversation_id == conversation)
        states = set(session.scalars(work))
    engine.dispose()
    texts = [row.text for row in rows]
    said = [row.text for row in rows if row.author == CUSTOMER]
    assert said == ["to the bot", "to Ana", "to the bot again"]
    assert texts.count("from Ana") == 1
    first, last = (
        next(n for n, text in enumerate(texts) if words in text)
        for words in (TOLD, BACK)
    )
    assert COACH not in {row.author for row in rows[first:last]}
    answers = [text for text in texts if text.startswith("re: ")]
    assert len(answers) == len(set(answers))
    assert texts[-1] == "re: to the bot again"
    assert (owner, states) == ("bot", {"done"})
