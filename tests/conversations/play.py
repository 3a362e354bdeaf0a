"""Playing a script against the real bot, and checking what came of it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from journey.people.customers import keep_zone
from journey.store.base import Base
from journey.store.tables import (
    ActionRun,
    Conversation,
    Customer,
    Event,
    Journey,
    Message,
)
from tests.conversations.clockwork import STEP, Clockwork
from tests.conversations.house import House
from tests.conversations.ledger import check_mandates
from tests.conversations.script import Script, Step
from tests.conversations.shopkeeper import Shopkeeper

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BETWEEN = timedelta(seconds=30)


@dataclass
class Reply:
    """What came back: names of responses, texts, and buttons with their payloads."""

    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Way(Protocol):
    """A way on which a customer's words reach the coach."""

    @property
    def customer(self) -> str:
        """The customer's id."""

    def open(self, customer: str, device: str) -> None:
        """Begin a conversation."""

    def send(self, text: str | None, payload: str | None, title: str) -> Reply:
        """Say something, or press a button, and wait for the reply."""

    @property
    def at(self) -> datetime:
        """The moment that it is."""

    def wait(self, time: timedelta) -> None:
        """Let time pass."""

    def live(self, time: timedelta, *, until_written: bool = False) -> Reply:
        """Let time pass in which the scheduler works; return what is written."""


class ByDoor:
    """Straight through the engine's door, as web/'s worker does it."""

    def __init__(self, house: House) -> None:
        """Open a client."""
        self.house, self.at = house, START
        self.client = httpx.Client(base_url=house.url, headers=house.headers())
        self.customer = self.conversation = ""

    def __enter__(self) -> "ByDoor":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def open(self, customer: str, device: str) -> None:
        """Make the rows that web/ makes on the first message."""
        self.customer, self.conversation = customer, uuid4().hex
        with self.house.sessions.begin() as session:
            if session.get(Customer, customer) is None:
                session.add(Customer(id=customer, created_at=self.at))
                session.flush()
            row = Conversation(
                id=self.conversation,
                customer_id=customer,
                channel=device,
                created_at=self.at,
                active_at=self.at,
            )
            session.add(row)

    def wait(self, time: timedelta) -> None:
        """Move the clock on."""
        self.at += time

    def live(self, time: timedelta, *, until_written: bool = False) -> Reply:
        """Run the scheduler's jobs every six hours."""
        work, since = Clockwork(self.house), self.at
        while self.at < since + time:
            self.at += STEP
            work.run(self.at)
            if until_written and work.arrived(self.customer, since):
                break
        reply = Reply()
        for message, buttons in work.arrived(self.customer, since):
            reply.texts.append(message.text)
            reply.buttons += buttons
            self.conversation = message.conversation_id
        return reply

    def send(self, text: str | None, payload: str | None, title: str) -> Reply:
        """Hand one message through the door."""
        self.at += BETWEEN
        message_id = self._store(text if text is not None else title)
        said = {"text": text} if payload is None else {"payload": payload}
        letter = {
            "message_id": message_id,
            "conversation_id": self.conversation,
            "customer_id": self.customer,
            "channel": "web",
            "owner_version": 1,
            "at": self.at.astimezone(self._zone()).isoformat(),
            **said,
        }
        answer = self.client.post("/webhooks/door/turn", json=letter, timeout=60)
        assert answer.is_success, answer.text
        return self._reply(message_id, answer.json())

    def _zone(self) -> ZoneInfo:
        with self.house.reading() as session:
            return ZoneInfo(session.get_one(Customer, self.customer).timezone)

    def _store(self, text: str) -> str:
        message_id = uuid4().hex
        with self.house.sessions.begin() as session:
            row = session.get_one(Conversation, self.conversation)
            row.position += 1
            session.add(
                Message(
                    id=message_id,
                    conversation_id=self.conversation,
                    direction="in",
                    provider_id=message_id,
                    position=row.position,
                    author="customer",
                    text=text,
                    created_at=self.at,
                )
            )
        return message_id

    def _reply(self, message_id: str, answer: dict[str, Any]) -> Reply:
        said = answer.get("replies") or answer.get("messages") or []
        reply = Reply(names=names_of(self.house, message_id))
        for one in said:
            reply.texts.append(one.get("text") or "")
            pairs = [(b["title"], b["payload"]) for b in one.get("buttons") or []]
            reply.buttons += pairs + _cards(one.get("custom") or {})
        return reply


def _cards(custom: dict[str, Any]) -> list[tuple[str, str]]:
    options = custom.get("shortlist", {}).get("options", [])
    return [(option["name"], option["choose"]) for option in options]


def names_of(house: House, message_id: str) -> list[str]:
    """Return which responses the actions gave to a message."""
    with house.reading() as session:
        query = select(ActionRun.result).where(ActionRun.message_id == message_id)
        runs = session.scalars(query.order_by(ActionRun.at, ActionRun.number))
        return [move["response"] for run in runs for move in run["moves"]]


def play(script: Script, way: Way, house: House) -> None:
    """Play every turn, then look at the log and the tables."""
    if script.begins:
        way.wait(script.begins - way.at)
    customer = uuid4().hex
    way.open(customer, "web")
    keeper = Shopkeeper(house)
    reply = Reply()
    story: list[str] = []
    try:
        for step in script.turns:
            _prepare(step, way, house, keeper)
            reply = _turn(step, way, reply, story)
    finally:
        keeper.put_back()
    with house.reading() as session:
        check_log(script, session, way.customer)
        check_tables(script, session, way.customer)
        check_mandates(session, way.customer)


def _prepare(step: Step, way: Way, house: House, keeper: Shopkeeper) -> None:
    """Let be so what is so before the turn."""
    if step.shop:
        keeper.change(step.shop, way.customer, way.at)
    if step.wait:
        way.wait(timedelta(**step.wait))
    if step.device:
        way.open(way.customer, step.device)
    if step.zone:
        with house.sessions.begin() as session:
            keep_zone(session, way.customer, step.zone)


def _turn(step: Step, way: Way, last: Reply, story: list[str]) -> Reply:
    """Play one turn and check its reply; without one, return the last reply."""
    passes = step.passes or step.until
    if passes:
        reply = way.live(timedelta(**passes), until_written=bool(step.until))
    elif step.customer is None and step.press is None:
        return last
    else:
        reply = _take(step, way, last)
    said = step.customer or step.press or passes
    story.append(f"{way.at:%a %d %b %Y %H:%M} {said}\n  {reply}")
    check(step, reply, "\n".join(story))
    return reply


def _take(step: Step, way: Way, last: Reply) -> Reply:
    if step.press is None:
        return way.send(step.customer, None, "")
    fitting = [b for b in last.buttons if step.press.lower() in b[0].lower()]
    assert fitting, f"no button {step.press!r} among {last.buttons}"
    title, payload = fitting[0]
    return way.send(None, payload, title)


def check(step: Step, reply: Reply, story: str) -> None:
    """Check that the reply holds what the step expects, in its order."""
    names = list(reply.names)
    for wanted in step.coach:
        if wanted.startswith("/"):
            text = "\n".join(reply.texts)
            assert re.search(wanted.strip("/"), text, re.I | re.S), f"{wanted}\n{story}"
            continue
        place = next((n for n, x in enumerate(names) if re.fullmatch(wanted, x)), None)
        assert place is not None, f"expected {wanted}\n{story}"
        del names[: place + 1]
    for unwanted in step.never:
        whole = "\n".join([*reply.names, *reply.texts])
        assert not re.search(unwanted.strip("/"), whole, re.I), f"{unwanted}\n{story}"
    assert reply.texts or step.passes, f"no reply\n{story}"


def check_log(script: Script, session: Session, customer: str) -> None:
    """Check the kinds of events of a customer."""
    query = select(Event.kind).where(Event.customer_id == customer)
    kinds = list(session.scalars(query.order_by(Event.number)))
    rest = iter(kinds)
    for wanted in script.log:
        assert wanted in rest, f"no {wanted} in its place among {kinds}"
    for wanted in script.once:
        assert kinds.count(wanted) == 1, f"{wanted}: {kinds.count(wanted)} times"


def check_tables(script: Script, session: Session, customer: str) -> None:
    """Check that the rows that a script names are there."""
    for name, wanted in script.db.items():
        rows = rows_of(session, Base.metadata.tables[name], customer)
        if not wanted:
            assert not rows, f"{name}: {rows}"
        for row in wanted:
            assert any(_fits(row, found) for found in rows), f"{name}: {row}: {rows}"


def rows_of(session: Session, table: Table, customer: str) -> list[dict[str, Any]]:
    """Return a table's rows that are about a customer."""
    query = select(table)
    if "customer_id" in table.c:
        query = query.where(table.c.customer_id == customer)
    elif "conversation_id" in table.c:
        own = select(Conversation.id).where(Conversation.customer_id == customer)
        query = query.where(table.c.conversation_id.in_(own))
    elif "journey_id" in table.c:
        mine = select(Journey.id).where(Journey.customer_id == customer)
        query = query.where(table.c.journey_id.in_(mine))
    return [dict(row._mapping) for row in session.execute(query)]


def _fits(wanted: dict[str, Any], row: dict[str, Any]) -> bool:
    return all(_equal(value, row.get(column)) for column, value in wanted.items())


def _equal(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, str) and wanted.startswith("/"):
        return re.search(wanted.strip("/"), str(value), re.I) is not None
    return str(wanted) == str(value)
