"""A conversation with the coach without the engine: messages heard by hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.coach.decide import decide
from journey.knowledge import Knowledge
from journey.shop.embedded import EmbeddedShop
from journey.shop.port import Shop
from journey.store.tables import Conversation, Customer, Event
from journey.turn import Entity, Heard, Move, Turn

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Talk:
    """One customer talking; every message is a turn of its own."""

    session: Session
    knowledge: Knowledge
    at: datetime = START
    customer_id: str = "customer"
    conversation_id: str = "conversation"
    count: int = 0
    shop: Shop = field(default_factory=EmbeddedShop)
    said: list[Move] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the customer and the conversation."""
        self.session.add(Customer(id=self.customer_id, created_at=self.at))
        self.session.flush()
        self.open(self.conversation_id)

    def open(self, conversation_id: str) -> None:
        """Go on in another conversation."""
        self.conversation_id = conversation_id
        self.session.add(
            Conversation(
                id=conversation_id,
                customer_id=self.customer_id,
                channel="web",
                created_at=self.at,
                active_at=self.at,
            )
        )
        self.session.flush()

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)

    def turn(self, intent: str, text: str = "", *entities: Entity) -> Turn:
        """Return a turn in which this was heard."""
        self.count += 1
        self.at += timedelta(seconds=20)
        heard = Heard(
            message_id=f"m{self.count}",
            conversation_id=self.conversation_id,
            customer_id=self.customer_id,
            channel="web",
            text=text,
            intent=intent,
            confidence=0.9,
            at=self.at,
            entities=entities,
        )
        return Turn(self.session, heard, self.knowledge, Random(0), self.shop)

    def say(self, intent: str, text: str = "", *entities: Entity) -> list[str]:
        """Say something; return the names of the coach's responses."""
        self.said = decide(self.turn(intent, text, *entities))
        return [move.response for move in self.said]

    def press(self, title: str) -> list[str]:
        """Press a button of the last reply by what stands on it."""
        for move in self.said:
            for name, payload in move.buttons:
                if name == title:
                    return self.say(*meaning(payload, title))
        raise AssertionError(f"no button {title!r} in {self.said}")

    def value(self, name: str) -> str:
        """Return a value that the coach said."""
        return next(move.values[name] for move in self.said if name in move.values)

    def kinds(self) -> list[str]:
        """Return the kinds of all events, oldest first."""
        return list(self.session.scalars(select(Event.kind).order_by(Event.number)))

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the payloads of one kind of events."""
        query = select(Event.payload).where(Event.kind == kind)
        return list(self.session.scalars(query.order_by(Event.number)))


def meaning(payload: str, title: str) -> tuple[Any, ...]:
    import json

    intent, brace, rest = payload.removeprefix("/").partition("{")
    entities = json.loads(brace + rest) if brace else {}
    found = [Entity(kind, value) for kind, value in entities.items()]
    return (intent, title, *found)


def cue(name: str, text: str, words: str) -> Entity:
    """Return a cue that fired on some words of a text."""
    start = text.index(words)
    return Entity("cue", name, start, start + len(words))
