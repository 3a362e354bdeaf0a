"""A customer who talks, seen from the desk of a running web process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from journey.desk import handoffs
from journey.owner import ownership
from journey.store.tables import Conversation, Handoff
from tests.factories import NOW
from tests.web.conftest import Browser
from tests.web.desk.conftest import Desk

T = TypeVar("T")


@dataclass
class Customer:
    """A customer at the chat, and what the database knows of the conversation."""

    desk: Desk
    browser: Browser
    id: str

    @property
    def address(self) -> str:
        return f"/desk/conversations/{self.id}"

    def look(self, work: Callable[[Session], T]) -> T:
        with Session(self.desk.system.service.store.engine) as session:
            found = work(session)
            session.expunge_all()
            return found

    def conversation(self) -> Conversation:
        return self.look(lambda session: session.get_one(Conversation, self.id))

    def handoff(self) -> Handoff:
        found = self.look(lambda session: handoffs.last_one(session, self.id))
        assert found
        return found

    def ask_for_person(self, why: str = "asked") -> None:
        with Session(self.desk.system.service.store.engine) as session:
            ownership.request(session, self.id, by="coach", why=why, at=NOW)
            session.commit()


async def talking(desk: Desk, text: str = "my back hurts") -> Customer:
    """Let somebody say something and have the bot's answer."""
    browser = desk.system.browser()
    opened: dict[str, Any] = await browser.open()
    await browser.say(text)
    await browser.until(f"re: {text}")
    return Customer(desk, browser, opened["conversation"])
