"""The same conversations through web/: POST, worker, door, outbox, page."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import select

from journey.store.tables import Conversation, Inbox, Message, Outbox
from tests.conversations.house import House
from tests.conversations.play import Reply, names_of

PATIENCE = 60


class ByWeb:
    """As a browser does it; the clock is the real one, so nothing can wait for days."""

    def __init__(self, house: House, url: str) -> None:
        """Open a browser."""
        self.house, self.url = house, url
        self.client = httpx.Client(base_url=url)
        self.conversation = ""

    def __enter__(self) -> "ByWeb":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def open(self, customer: str, device: str) -> None:
        """Begin as a stranger."""
        del customer, device
        self.client.cookies.clear()
        answer = self.client.post("/chat/session", json={})
        assert answer.is_success, answer.text
        self.conversation = answer.json()["conversation"]

    @property
    def at(self) -> datetime:
        """The real time."""
        return datetime.now(UTC)

    def wait(self, time: timedelta) -> None:
        """Refuse: a script that waits is not for this way."""
        raise NotImplementedError(f"cannot wait {time} here")

    def live(self, time: timedelta, *, until_written: bool = False) -> Reply:
        """Refuse, for the same reason."""
        del until_written
        raise NotImplementedError(f"cannot live {time} here")

    @property
    def customer(self) -> str:
        """The customer that the site made for this browser."""
        with self.house.reading() as session:
            return session.get_one(Conversation, self.conversation).customer_id

    def send(self, text: str | None, payload: str | None, title: str) -> Reply:
        """Post a message and wait until its answer was sent; `payload` is a token."""
        del title
        own = uuid4().hex
        said = {"text": text} if payload is None else {"token": payload}
        answer = self.client.post("/chat/messages", json={"id": own, **said})
        assert answer.status_code == 202, answer.text
        return self._reply(own)

    def _reply(self, provider_id: str) -> Reply:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.house.reading() as session:
                query = select(Message).join(Inbox, Inbox.message_id == Message.id)
                own = Message.conversation_id == self.conversation
                query = query.where(own, Message.provider_id == provider_id)
                heard = session.scalars(query.where(Inbox.state == "done")).first()
                if heard:
                    answers = select(Message).join(
                        Outbox, Outbox.message_id == Message.id
                    )
                    mine = answers.where(Outbox.answers_id == heard.id)
                    rows = session.scalars(mine.order_by(Outbox.number)).all()
                    return _said(self.house, heard.id, list(rows))
            time.sleep(0.05)
        raise AssertionError("no answer came")


def _said(house: House, message_id: str, rows: list[Message]) -> Reply:
    reply = Reply(names=names_of(house, message_id))
    for row in rows:
        reply.texts.append(row.text)
        for button in row.content.get("buttons") or []:
            reply.buttons.append((button["title"], button["token"]))
        shortlist = row.content.get("shortlist") or {}
        for option in shortlist.get("options", []):
            reply.buttons.append((option["name"], option["choose"]))
    return reply
