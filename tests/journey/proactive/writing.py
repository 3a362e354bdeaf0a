"""A shop that writes first, with a clock moved by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.language.speech import Sentence, Speech
from journey.messages import outbox
from journey.people.consent import Purpose, record_consent
from journey.proactive.follow import settle_sent
from journey.proactive.plan import KINDS, plan
from journey.proactive.send import Sending
from journey.shop.embedded import EmbeddedShop
from journey.store.tables import Conversation, Customer, Message, Proactive
from journey.turn import Move, Turn
from tests.factories import NOW, make_conversation, make_customer

SPEECH = Speech({"utter_x": [Sentence(text="Hello, {name}.")]})


def say_hello(turn: Turn, row: Proactive) -> list[Move] | None:
    del turn
    if row.about.get("gone"):
        return None
    if row.about.get("broken"):
        raise RuntimeError("this one cannot be said")
    name = str(row.about.get("name", "you"))
    return [Move("utter_x", {"name": name}, buttons=(("Yes", "/affirm"),))]


@dataclass
class Office:
    """Sends what is due to customers who agreed to be asked how it went."""

    session: Session
    knowledge: Knowledge
    now: datetime = NOW
    random: Random = field(default_factory=lambda: Random(1))

    def __post_init__(self) -> None:
        composers = dict.fromkeys(KINDS, say_hello)
        self.shop = EmbeddedShop()
        self.sending = Sending(self.knowledge, SPEECH, composers, self.shop)

    def customer(self, channel: str = "telegram", **columns: Any) -> Customer:
        """Make a customer who wrote two days ago and agreed to everything."""
        given = {"timezone": "Europe/Berlin", **columns}
        customer = make_customer(self.session, **given)
        self.conversation(customer, channel)
        for purpose in sorted({kind.purpose for kind in KINDS.values()}):
            self.decide(customer, purpose, True)
        return customer

    def conversation(self, customer: Customer, channel: str) -> Conversation:
        """Let a customer have written on a channel two days ago."""
        at = self.now - timedelta(days=2)
        return make_conversation(
            self.session, customer, channel=channel, created_at=at, active_at=at
        )

    def decide(self, customer: Customer, purpose: Purpose, granted: bool) -> None:
        """Let a customer agree to a purpose, or take it back."""
        record_consent(
            self.session,
            customer.id,
            purpose,
            granted,
            text="May I?",
            source="test",
            now=self.now,
        )

    def plan(self, customer: Customer, once: str = "1", **about: Any) -> Proactive:
        """Plan a message for now that is not for a better hour."""
        plan(
            self.session,
            "check_in",
            customer_id=customer.id,
            once=once,
            due_at=self.now,
            now=self.now,
            about=about,
        )
        query = select(Proactive).where(
            Proactive.customer_id == customer.id, Proactive.once == f"check_in:{once}"
        )
        row = self.session.scalars(query).one()
        row.timed = True
        return row

    def work(self, **time: float) -> None:
        """Let time pass, write what is due, send it, and look what became of it."""
        self.now += timedelta(**time)
        self.sending.run(self.session, now=self.now, random=self.random)
        for conversation_id in outbox.waiting(self.session):
            outbox.send(self.session, conversation_id, now=self.now)
        settle_sent(self.session, now=self.now, random=self.random)
        self.session.flush()

    def sent(self) -> list[Message]:
        """Return what customers got, oldest first."""
        query = select(Message).where(Message.position.is_not(None))
        return list(self.session.scalars(query.order_by(Message.created_at)))
