"""What a customer hears of an order when the shop's system has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from journey import log
from journey.coach import say
from journey.coach.say import Button
from journey.curate.reasons import price_in_words
from journey.desk import handoffs, packet
from journey.knowledge import Knowledge
from journey.language.speech import Speech, content_of
from journey.language.words import Language
from journey.messages import buttons, outbox
from journey.messages.conversations import COACH, SYSTEM
from journey.messages.outbox import Reply
from journey.owner import ownership
from journey.owner.ownership import Owner
from journey.store.tables import Conversation, Order
from journey.turn import Move


@dataclass(frozen=True)
class News:
    """What happened to an order, said in the conversation in which it was made."""

    session: Session
    order: Order
    knowledge: Knowledge
    speech: Speech
    random: Random
    now: datetime

    @property
    def conversation(self) -> Conversation | None:
        """The conversation; None when it was not made in one."""
        named = self.order.conversation_id
        return self.session.get(Conversation, named) if named else None

    @property
    def language(self) -> Language:
        """The language that is spoken there."""
        here = self.conversation
        return self.knowledge.language(here.language if here else "en")

    def money(self, amount: float) -> str:
        """Return an amount in the shop's currency."""
        return price_in_words(self.knowledge.catalogue, self.language, amount)

    def delivery_day(self, evening: datetime) -> str:
        """Return the day of a delivery, on the clock of where parcels leave."""
        here = self.knowledge.policies.delivery.workdays.here(evening)
        return self.language.day(here)

    def tell(self, moves: Sequence[Move], *, once: str) -> None:
        """Say it once, whoever owns the conversation: it was asked for."""
        here = self.conversation
        if here is None:
            return
        conversation = ownership.locked(self.session, here.id)
        text = "\n\n".join(self.speech.say(move, self.random) for move in moves)
        pressable = [
            {"title": title, "token": self._token(title, payload)}
            for move in moves
            for title, payload in move.buttons
        ]
        content = content_of(moves) | ({"buttons": pressable} if pressable else {})
        author = COACH if conversation.owner == Owner.BOT else SYSTEM
        outbox.put(
            self.session,
            conversation.id,
            Reply(text, content, author),
            number=0,
            answers_id=None,
            owner_version=conversation.owner_version,
            now=self.now,
            once=once,
        )

    def _token(self, title: str, payload: str) -> str:
        conversation_id = self.order.conversation_id
        assert conversation_id
        return buttons.issue(
            self.session,
            conversation_id,
            title=title,
            payload=payload,
            now=self.now,
        )

    def button(self, label: str, intent: str, **entities: str) -> Button:
        """Return a button whose title is written in the language file."""
        return say.button(self.language.says[f"button_{label}"], intent, **entities)

    def call_person(self, why: str) -> None:
        """Ask for a person, with all that is known."""
        here = self.conversation
        if here is None:
            return
        first = ownership.request(
            self.session, here.id, by="shop", why=why, at=self.now
        )
        handoff = handoffs.open_one(self.session, here.id) if first else None
        if handoff is not None:
            made = packet.build(self.session, here.id, self.knowledge, self.now)
            handoff.packet = packet.as_json(made)
            self.log("handoff_requested", reason=why)

    def log(self, kind: str, **payload: object) -> None:
        """Append an event about the order."""
        log.append(
            self.session,
            kind,
            at=self.now,
            customer_id=self.order.customer_id,
            conversation_id=self.order.conversation_id,
            payload={"order": self.order.number, **payload},
        )
