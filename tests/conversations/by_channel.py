"""The same conversations through a channel: webhook, worker, courier, provider."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.people.customers import customers_at
from journey.store.tables import (
    Arrival,
    ButtonToken,
    Conversation,
    Dispatch,
    Inbox,
    Message,
    Outbox,
    Thread,
)
from tests.conversations.house import House
from tests.conversations.play import Reply, names_of
from tests.conversations.providers import Providers
from tests.web.channels.kits import KITS

PATIENCE = 90
PEOPLE: Mapping[str, Callable[[int], dict[str, Any]]] = {
    "telegram": lambda n: {"person": 7000 + n},
    "slack": lambda n: {"user": f"U{n}", "channel": f"D{n}"},
    "sms": lambda n: {"person": f"+1555123{n:04}"},
    "whatsapp": lambda n: {"person": f"1555123{n:04}"},
    "email": lambda n: {"person": f"Ada <ada{n}@home.example>"},
}
KNOWN_AS: Mapping[str, Callable[[Any], str]] = {
    "telegram": lambda phone: str(phone.person),
    "slack": lambda phone: f"T1:{phone.user}",
    "email": lambda phone: str(phone.person).partition("<")[2].rstrip(">"),
}


class ByChannel:
    """One person after the other on one channel, as its provider tells of them."""

    def __init__(self, house: House, providers: Providers, channel: str) -> None:
        """Know both ends."""
        self.house, self.providers, self.channel = house, providers, channel
        self.server, self.count = providers.servers[channel], 0
        self.phone: Any = None
        self.http = httpx.AsyncClient(base_url=house.web, trust_env=False, timeout=20)

    def __enter__(self) -> "ByChannel":
        return self

    def __exit__(self, *_: object) -> None:
        self.providers.do(self.http.aclose())

    def open(self, customer: str, device: str) -> None:
        """Begin as somebody who never wrote."""
        del customer, device
        self.count += 1
        who = PEOPLE.get(self.channel, lambda n: {"person": f"ada{n}"})(self.count)
        self.phone = KITS[self.channel][1](self.http, **who)

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
        """The customer whom the channel made of this person."""
        known_as = KNOWN_AS.get(self.channel, lambda phone: str(phone.person))
        with self.house.reading() as session:
            (customer,) = customers_at(session, self.channel, known_as(self.phone))
            return customer

    def send(self, text: str | None, payload: str | None, title: str) -> Reply:
        """Write, or press what `payload` stands for; wait for all that arrives."""
        del title
        said = text if payload is None or payload.isdigit() else None
        before = len(self.server.taken)
        if said is None and payload is not None and not payload.isdigit():
            self.providers.do(self.phone.press(payload))
        else:
            self.providers.do(self.phone.say(said or payload))
        heard = self._until_answered()
        reply = Reply(names=names_of(self.house, heard))
        reply.texts = self.server.texts()[before:]
        with self.house.reading() as session:
            reply.buttons = self._buttons(session, before)
            if not reply.texts and self._thread(session).blocked_at:
                reply.texts = ["(the carrier answers)"]
        assert not self.server.refused, self.server.refused
        return reply

    def _until_answered(self) -> str:
        """Wait until nothing is under way any more; return what was heard."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.house.reading() as session:
                heard = self._settled(session)
            if heard:
                return heard
            time.sleep(0.1)
        raise AssertionError(f"no answer came on {self.channel}: {self.server.taken}")

    def _settled(self, session: Session) -> str | None:
        arrived = select(func.count()).where(Arrival.channel == self.channel)
        if session.scalar(arrived):
            return None
        mine = select(Conversation.id).where(Conversation.customer_id == self.customer)
        under_way = (
            select(func.count())
            .select_from(table)
            .where(table.conversation_id.in_(mine), table.state == state)
            for table, state in ((Inbox, "new"), (Outbox, "ready"), (Dispatch, "ready"))
        )
        if any(session.scalar(query) for query in under_way):
            return None
        heard = (
            select(Message.id)
            .where(Message.conversation_id.in_(mine), Message.direction == "in")
            .order_by(Message.created_at.desc())
        )
        return session.scalars(heard).first()

    def _buttons(self, session: Session, before: int) -> list[tuple[str, str]]:
        shown = range(before, len(self.server.taken))
        tokens = [t for n in shown for _, t in self.server.choices(n)]
        named = [(token, token) for token in tokens]
        if not named:
            choices = self._thread(session).choices
            named = [(token, str(n)) for n, token in enumerate(choices, 1)]
        return [(session.get_one(ButtonToken, t).title, press) for t, press in named]

    def _thread(self, session: Session) -> Thread:
        query = (
            select(Thread)
            .join(Conversation, Conversation.id == Thread.conversation_id)
            .where(
                Conversation.customer_id == self.customer,
                Conversation.channel == self.channel,
            )
        )
        return session.scalars(query).one()
