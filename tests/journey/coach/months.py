"""A shop in which time goes by: what is due is done, and what is written arrives."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from journey.coach.mandates.minding import Minding
from journey.coach.unasked import COMPOSERS
from journey.language.speech import load_speech
from journey.messages import buttons, outbox
from journey.proactive.follow import settle_sent
from journey.proactive.send import Sending
from journey.store.tables import (
    ButtonToken,
    Conversation,
    Customer,
    Event,
    Execution,
    Message,
    Order,
)
from tests.journey.talking import Talk, meaning

SPEECH = load_speech()
HOME = {"street": "7 Park Street", "postcode": "1012 AB", "city": "Amsterdam"}


@dataclass
class Months:
    """One customer's months, in which the scheduler's jobs run by hand."""

    talk: Talk
    random: Random = field(default_factory=lambda: Random(4))

    def __post_init__(self) -> None:
        knowledge, shop = self.talk.knowledge, self.talk.shop
        self.session = self.talk.session
        self.minding = Minding(knowledge, shop)
        self.sending = Sending(knowledge, SPEECH, COMPOSERS, shop)
        self.customer = self.session.get_one(Customer, self.talk.customer_id)
        self.customer.address = dict(HOME)
        self.customer.timezone = "Europe/Berlin"

    @property
    def now(self) -> datetime:
        """The moment that it is."""
        return self.talk.at

    def work(self) -> None:
        """Do once what the scheduler does, and send."""
        for job in (self.minding.plan, self.minding.act, self.sending.run):
            job(self.session, now=self.now, random=self.random)
        for conversation_id in outbox.waiting(self.session):
            outbox.send(self.session, conversation_id, now=self.now)
        settle_sent(self.session, now=self.now, random=self.random)
        self.session.flush()

    def wait(self, days: float, step: float = 0.25) -> None:
        """Let days go by, a quarter at a time."""
        end = self.now + timedelta(days=days)
        while self.now < end:
            self.talk.wait(days=step)
            self.work()

    def until(self, kind: str, days: float = 200) -> None:
        """Let time go by until something more of a kind has happened."""
        before = len(self.talk.events(kind))
        end = self.now + timedelta(days=days)
        while len(self.talk.events(kind)) == before:
            assert self.now < end, f"no {kind} in {days} days: {self.talk.kinds()}"
            self.talk.wait(days=0.25)
            self.work()

    def written(self) -> list[Message]:
        """Return what we wrote first, oldest first."""
        query = (
            select(Message)
            .where(Message.direction == "out", Message.position.is_not(None))
            .order_by(Message.created_at)
        )
        return list(self.session.scalars(query))

    def last(self) -> str:
        """Return the text that came last."""
        return self.written()[-1].text

    def press(self, title: str) -> list[str]:
        """Press a button of what came last."""
        found = self.written()[-1].content["buttons"]
        token = next(x["token"] for x in found if x["title"] == title)
        conversation = self.written()[-1].conversation_id
        row: ButtonToken = buttons.redeem(
            self.session, conversation, token, now=self.now
        )
        return self.talk.say(*meaning(row.payload, title))

    def executions(self) -> list[Execution]:
        """Return all that mandates planned, oldest first."""
        query = select(Execution).order_by(Execution.created_at)
        return list(self.session.scalars(query))

    def orders(self) -> list[Order]:
        """Return all orders, oldest first."""
        return list(self.session.scalars(select(Order).order_by(Order.number)))

    def conversation(self) -> Conversation:
        """Return the conversation that is open."""
        return self.session.get_one(Conversation, self.talk.conversation_id)

    def moments(self, kind: str) -> list[datetime]:
        """Return when events of a kind came about."""
        query = select(Event.at).where(Event.kind == kind).order_by(Event.number)
        return list(self.session.scalars(query))
