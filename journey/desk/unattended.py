"""Nobody came: the customer is told so in time, with another way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.desk import handoffs, speaking
from journey.desk.handoffs import State
from journey.desk.ways import CHOICES
from journey.orders.policies import People
from journey.owner.help import Help
from journey.owner.ownership import locked
from journey.store.tables import Conversation, Handoff


@dataclass(frozen=True)
class Unattended:
    """Looks for requests that nobody took within the minutes that the owner set."""

    help: Help

    def tell(self, session: Session, *, now: datetime, random: Random) -> int:
        """Tell whoever waits too long, each once; a job of the scheduler."""
        del random
        patience = timedelta(minutes=self.help.rules.nobody_after_minutes)
        query = select(Handoff).where(
            Handoff.state == State.REQUESTED,
            Handoff.told_at.is_(None),
            Handoff.requested_at <= now - patience,
        )
        rows = session.scalars(query.order_by(Handoff.requested_at)).all()
        late = [
            row.conversation_id
            for row in rows
            if waits_since(row, self.help.people) + patience <= now
        ]
        return sum(self._tell(session, one, now) for one in late)

    def _tell(self, session: Session, conversation_id: str, now: datetime) -> bool:
        """Tell one customer, if it is still so when the conversation is held."""
        conversation = locked(session, conversation_id)
        handoff = handoffs.open_one(session, conversation_id)
        if handoff is None or handoff.state != State.REQUESTED or handoff.told_at:
            return False
        handoff.told_at = now
        _log(session, conversation, handoff, now)
        if handoff.reach is None:
            self._say(session, conversation, now)
        return True

    def _say(self, session: Session, conversation: Conversation, now: datetime) -> None:
        people = self.help.people
        language = speaking.language_of(self.help.languages, conversation)
        begin = people.next_there(now)
        values = {
            "opens": language.says["moment"].format(
                day=language.day(begin), time=begin.strftime("%H:%M")
            ),
            "city": people.city,
        }
        speaking.tell(
            session,
            conversation,
            language,
            "nobody_yet" if people.are_there(now) else "nobody_today",
            now=now,
            values=values,
            choices=CHOICES,
        )


def waits_since(handoff: Handoff, people: People) -> datetime:
    """Return since when somebody could have come: outside the hours, the next ones."""
    if people.are_there(handoff.requested_at):
        return handoff.requested_at
    return people.next_there(handoff.requested_at)


def _log(
    session: Session, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    log.append(
        session,
        "handoff_unattended",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        payload={"handoff": handoff.id},
    )
