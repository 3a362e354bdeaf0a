"""What happened here that the desk must know: found in the tables, told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from journey.desk import handoffs, packet, packet_text
from journey.desk.handoffs import State as Handed
from journey.desk.redaction import redact
from journey.desk.writing import AGENT
from journey.knowledge import Knowledge
from journey.messages import conversations
from journey.owner.ownership import locked
from journey.store.tables import (
    Conversation,
    Customer,
    DeskThread,
    Dispatch,
    Handoff,
    Message,
)
from journey.theirs import letters, news
from journey.theirs.briefing import attributes, brief
from journey.theirs.letters import Kind
from journey.theirs.threads import OPEN, State, find_thread, is_theirs

ON_ITS_OWN = (
    "The coach's own desk has this conversation now: what you write here is not sent "
    "to the customer."
)
WITH_THE_COACH = "The customer went on with the coach."


@dataclass(frozen=True)
class Follower:
    """Tells one desk what happens in the conversations that it serves."""

    desk: str
    knowledge: Knowledge

    def news(self, session: Session) -> Sequence[str]:
        """Return the conversations in which the desk is behind."""
        return news.behind(session, self.desk)

    def follow(self, session: Session, conversation_id: str, now: datetime) -> None:
        """Queue what the desk must know of a conversation."""
        conversation = locked(session, conversation_id)
        handoff = handoffs.open_one(session, conversation_id)
        thread = find_thread(session, conversation_id)
        if handoff and handoff.state == Handed.REQUESTED:
            if thread is None or thread.handoff_id != handoff.id:
                self.ask(session, conversation, handoff, now)
                return
        if thread:
            self._tell_of_unsent(session, thread, now)
        if thread is None or thread.state != State.THEIRS:
            return
        if handoff is None or handoff.id != thread.handoff_id:
            _leave(session, conversation, thread, WITH_THE_COACH, now)
            thread.state = State.CLOSED
        elif handoff.agent and not is_theirs(self.desk, handoff):
            _leave(session, conversation, thread, ON_ITS_OWN, now)
            thread.state = State.OURS
        else:
            self._mirror(session, conversation, thread, now)

    def ask(
        self,
        session: Session,
        conversation: Conversation,
        handoff: Handoff,
        now: datetime,
    ) -> None:
        """Ask for a person of the desk: who it is, what was said, what to do next."""
        thread = find_thread(session, conversation.id)
        if thread is None:
            thread = DeskThread(conversation_id=conversation.id, desk=self.desk)
            session.add(thread)
        handoff.agent = handoff.agent or self.desk
        self._begin(conversation, thread, handoff)
        made = packet.build(session, conversation.id, self.knowledge, now)
        customer = session.get_one(Customer, conversation.customer_id)
        letters.queue(
            session,
            conversation.id,
            Kind.OPEN,
            once=f"open:{handoff.id}",
            now=now,
            identifier=customer.id,
            name=customer.name,
            attributes=attributes(made, conversation.id, handoff.id),
        )
        brief(session, made, thread, self.knowledge.rules, now)

    def serve(
        self,
        session: Session,
        conversation: Conversation,
        thread: DeskThread,
        handoff: Handoff,
        now: datetime,
    ) -> None:
        """Let the desk have a conversation that its agents took by themselves."""
        is_known = thread.handoff_id == handoff.id and thread.state == State.THEIRS
        self._begin(conversation, thread, handoff)
        if not is_known:
            letters.drop(session, conversation.id, [Kind.LEAVE])
            made = packet.build(session, conversation.id, self.knowledge, now)
            brief(session, made, thread, self.knowledge.rules, now)

    def _begin(
        self, conversation: Conversation, thread: DeskThread, handoff: Handoff
    ) -> None:
        if thread.handoff_id != handoff.id or thread.state != State.THEIRS:
            thread.told = conversation.position
        thread.handoff_id, thread.state = handoff.id, State.THEIRS

    def _tell_of_unsent(
        self, session: Session, thread: DeskThread, now: datetime
    ) -> None:
        """Tell the agents that a customer did not get what they wrote."""
        lost = news.unsent(self.desk).where(
            Dispatch.conversation_id == thread.conversation_id
        )
        for dispatch in session.scalars(lost).all():
            text = packet_text.cut(dispatch.content["text"], 80)
            letters.queue(
                session,
                thread.conversation_id,
                Kind.NOTE,
                once=news.UNSENT + dispatch.id,
                now=now,
                text=f"The customer did not get “{text}”: {dispatch.failure}.",
            )

    def _mirror(
        self,
        session: Session,
        conversation: Conversation,
        thread: DeskThread,
        now: datetime,
    ) -> None:
        for message in conversations.after(session, conversation.id, thread.told):
            kind = self._kind(message)
            if kind:
                letters.queue(
                    session,
                    conversation.id,
                    kind,
                    once=f"message:{message.id}",
                    now=now,
                    position=message.position,
                    text=redact(message.text),
                )
            thread.told = message.position or thread.told

    def _kind(self, message: Message) -> Kind | None:
        """Return as what the desk gets a message; what it wrote itself it has."""
        if message.direction == "in":
            return Kind.MESSAGE if message.text else None
        if message.author == AGENT or not message.text:
            return None
        return Kind.SAID


def _leave(
    session: Session,
    conversation: Conversation,
    thread: DeskThread,
    why: str,
    now: datetime,
) -> None:
    """Tell the desk that it need not answer, unless it closed the conversation."""
    if thread.status is not None and thread.status not in OPEN:
        return
    letters.queue(
        session,
        thread.conversation_id,
        Kind.LEAVE,
        once=f"leave:{thread.handoff_id}:{thread.told}",
        now=now,
        identifier=conversation.customer_id,
        text=why,
    )
