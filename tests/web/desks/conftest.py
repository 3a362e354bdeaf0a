"""A web process whose handoffs go to Chatwoot, and both ends of a conversation."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import handoffs
from journey.owner import ownership
from journey.store.engine import open_engine
from journey.store.tables import Conversation, DeskLetter, Handoff, Note
from tests.web.conftest import Browser, Running, running
from tests.web.desks.chatwoot import Chatwoot
from tests.web.door import FakeDoor, Replies, echo
from web.channels import faults
from web.desks import carrier
from web.settings import Settings

T = TypeVar("T")
ASKS, ASKED = "a person please", "I've asked for a person."


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often and try again soon: nobody waits for a test."""
    monkeypatch.setattr(carrier, "LOOKS_EVERY", 0.2)
    monkeypatch.setattr(faults, "SHORTEST", 0.02)


def asking(url: str) -> Callable[[dict[str, Any]], Replies]:
    """Return an engine's answers: it asks for a person when it is told to."""
    engine = open_engine(url)

    def answer(letter: dict[str, Any]) -> Replies:
        if letter.get("text") != ASKS:
            return echo(letter)
        with Session(engine) as session, session.begin():
            ownership.request(
                session,
                letter["conversation_id"],
                by="coach",
                why="asked",
                at=datetime.now(UTC),
                message_id=letter["message_id"],
            )
        return [{"text": ASKED}]

    return answer


@dataclass
class Story:
    """A customer on the website, the coach, and agents at Chatwoot."""

    system: Running
    chatwoot: Chatwoot
    browser: Browser
    id: str

    def database(self) -> Session:
        return Session(self.system.service.store.engine)

    def look(self, work: Callable[[Session], T]) -> T:
        with self.database() as session:
            found = work(session)
            session.expunge_all()
            return found

    @property
    def owner(self) -> str:
        return self.look(lambda s: s.get_one(Conversation, self.id).owner)

    @property
    def handoff(self) -> Handoff:
        found = self.look(lambda s: handoffs.last_one(s, self.id))
        assert found
        return found

    @property
    def notes(self) -> list[str]:
        return [note.text for note in self.look(lambda s: s.query(Note).all())]

    async def ask(self) -> None:
        """Ask for a person, until Chatwoot shows that one is asked for."""
        await self.browser.say(ASKS)
        await self.chatwoot.until(self.is_asked)
        await self.told()

    async def told(self) -> None:
        """Wait until nothing is on its way to Chatwoot."""
        ready = select(DeskLetter).where(DeskLetter.state == "ready")
        await self.chatwoot.until(
            lambda: self.look(lambda s: s.scalars(ready).first() is None)
        )

    def is_asked(self) -> bool:
        found = list(self.chatwoot.conversations.values())
        return bool(found) and found[0]["status"] == "open"

    def said(self, key: str, **values: str) -> str:
        text: str = self.system.service.desk.help.languages["en"].handoff[key]
        return text.format(**values)


@asynccontextmanager
async def telling(settings: Settings, chatwoot: Chatwoot) -> AsyncIterator[Story]:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(chatwoot.serving())
        folder = settings.channels.parent / "none"
        told = replace(settings, environ=chatwoot.environ(url), channels=folder)
        door = FakeDoor(asking(settings.database_url))
        system = await stack.enter_async_context(running(told, door))
        chatwoot.http = httpx.AsyncClient(
            base_url=system.url, trust_env=False, timeout=20
        )
        await stack.enter_async_context(chatwoot.http)
        browser = system.browser()
        opened = await browser.open()
        yield Story(system, chatwoot, browser, opened["conversation"])


@pytest.fixture
async def story(settings: Settings) -> AsyncIterator[Story]:
    async with telling(settings, Chatwoot()) as found:
        yield found
