"""Time that goes by in a script: the scheduler's jobs run, and messages arrive."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.coach.mandates.minding import Minding
from journey.coach.unasked import COMPOSERS
from journey.foresight import watches
from journey.foresight.looking_ahead import LookingAhead
from journey.knowledge import load_knowledge
from journey.language.speech import load_speech
from journey.messages import outbox
from journey.proactive.follow import settle_sent
from journey.proactive.send import Sending
from journey.promises.watch import PromiseWatch
from journey.shop.embedded import EmbeddedShop
from journey.store.tables import ButtonToken, Conversation, Message
from tests.conversations.house import House

STEP = timedelta(hours=6)


class Clockwork:
    """Runs what is due over the house's database, with the script's clock."""

    def __init__(self, house: House) -> None:
        """Make the jobs that a customer can feel."""
        knowledge, shop = load_knowledge(), EmbeddedShop()
        ahead, minding = LookingAhead(knowledge), Minding(knowledge, shop)
        self.sending = Sending(knowledge, load_speech(), COMPOSERS, shop)
        self.sessions, self.random = house.sessions, Random(7)
        self.jobs: tuple[Callable[..., int], ...] = (
            PromiseWatch(knowledge).run,
            ahead.list_pairs,
            ahead.look,
            watches.look,
            minding.plan,
            minding.act,
            self._write,
            settle_sent,
        )

    def run(self, now: datetime) -> None:
        """Do all that is due at a moment."""
        for job in self.jobs:
            for _ in range(50):
                with self.sessions.begin() as session:
                    if not job(session, now=now, random=self.random):
                        break

    def _write(self, session: Session, *, now: datetime, random: Random) -> int:
        # In one transaction: the site's own sender has another clock.
        written = self.sending.run(session, now=now, random=random)
        for conversation_id in outbox.waiting(session):
            outbox.send(session, conversation_id, now=now)
        return written

    def arrived(
        self, customer: str, since: datetime
    ) -> list[tuple[Message, list[tuple[str, str]]]]:
        """Return what a customer was written since, with what its buttons mean."""
        query = (
            select(Message)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(
                Conversation.customer_id == customer,
                Message.direction == "out",
                Message.position.is_not(None),
                Message.created_at > since,
            )
            .order_by(Message.created_at)
        )
        with self.sessions() as session:
            found = session.scalars(query).all()
            return [(message, _buttons(session, message)) for message in found]


def _buttons(session: Session, message: Message) -> list[tuple[str, str]]:
    return [
        (x["title"], session.get_one(ButtonToken, x["token"]).payload)
        for x in message.content.get("buttons", ())
    ]
