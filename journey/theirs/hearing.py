"""What the company's desk says: agents' answers, and who has a conversation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.desk import handoffs, speaking, taking, writing
from journey.desk.handoffs import Who
from journey.messages import cleaning
from journey.owner import ownership
from journey.owner.ownership import Owner, locked
from journey.store.tables import Conversation, DeskCall, DeskThread, Handoff, Message
from journey.theirs import letters
from journey.theirs.following import Follower
from journey.theirs.letters import Kind
from journey.theirs.threads import OPEN, agent_of, is_theirs, thread_of

LATE = "late_answer"


@dataclass(frozen=True)
class Wrote:
    """An agent of the desk wrote to the customer."""

    key: str
    number: str
    text: str
    agent: str
    name: str
    files: int
    at: datetime


@dataclass(frozen=True)
class Rewrote:
    """An agent changed what they had written, or took it back (no text)."""

    key: str
    number: str
    text: str | None
    name: str
    at: datetime


class Ear:
    """Takes what agents of the desk write, under the rules of our own agents.

    `send` lets what is ready in a conversation go out, within the same transaction:
    what an agent writes is not made stale by what they do next.
    """

    def __init__(
        self,
        session: Session,
        follower: Follower,
        send: Callable[[str], None],
        now: datetime,
    ) -> None:
        self._session, self._follower = session, follower
        self._desk, self._languages = follower.desk, follower.knowledge.languages
        self._send, self._now = send, now

    def wrote(self, said: Wrote) -> str | None:
        """Deliver an agent's answer; whoever answers has the conversation."""
        thread = thread_of(self._session, self._desk, said.key)
        if thread is None or self._is_known(thread, said.number):
            return None
        conversation = locked(self._session, thread.conversation_id)
        text = self._text(thread, conversation, said)
        if text is None:
            return None
        who = agent_of(self._desk, said.agent, said.name)
        handoff = handoffs.open_one(self._session, conversation.id)
        if conversation.owner == Owner.HUMAN and handoff:
            if not is_theirs(self._desk, handoff):
                self._refuse(thread, said, f"{handoff.agent} answers this customer")
                return conversation.id
        if self._is_late(conversation, thread, said.at):
            self._deliver_late(conversation, who, text, said.number)
            return conversation.id
        self._take(conversation, thread, handoff, who)
        writing.answer(
            self._session,
            conversation.id,
            text,
            by=who,
            now=self._now,
            once=self._once(said.number),
        )
        self._send(conversation.id)
        return conversation.id

    def rewrote(self, said: Rewrote) -> str | None:
        """Take over that an agent changed or took back what they wrote."""
        thread = thread_of(self._session, self._desk, said.key)
        if thread is None:
            return None
        message = self._find(thread, said.number)
        if message is None:
            if said.text is None:
                self._remember_gone(said.number)
            return None
        if said.text is None:
            return self._take_back(thread, message, said)
        return self._correct(thread, message, said)

    def _take(
        self,
        conversation: Conversation,
        thread: DeskThread,
        handoff: Handoff | None,
        who: Who,
    ) -> None:
        """Give a conversation to whoever of the desk answers it."""
        words = {"by": who, "languages": self._languages, "now": self._now}
        if conversation.owner == Owner.HUMAN:
            taking.assign(self._session, conversation.id, to=who, **words)  # type: ignore[arg-type]
        else:
            handoff = taking.take(self._session, conversation.id, **words)  # type: ignore[arg-type]
            self._follower.serve(
                self._session, conversation, thread, handoff, self._now
            )
        thread.agent = who.shown_as
        self._send(conversation.id)

    def _is_late(
        self, conversation: Conversation, thread: DeskThread, at: datetime
    ) -> bool:
        """Tell whether something was written before its writer handed back."""
        is_over = thread.status is not None and thread.status not in OPEN
        done = thread.changed_at is not None and at <= thread.changed_at
        return conversation.owner == Owner.BOT and is_over and done

    def _deliver_late(
        self, conversation: Conversation, who: Who, text: str, number: str
    ) -> None:
        """Send what was written while its writer still had the conversation.

        The desk told us in another order. The bot has it again right after.
        """
        words = {"by": who.name, "why": LATE, "at": self._now}
        handoff = handoffs.begin(self._session, conversation.id, LATE, self._now)
        ownership.move(
            self._session,
            conversation.id,
            Owner.HUMAN,
            agent=who.name,
            **words,  # type: ignore[arg-type]
        )
        handoff.state, handoff.agent = handoffs.State.TAKEN, who.name
        handoff.taken_at = self._now
        once = self._once(number)
        writing.answer(
            self._session, conversation.id, text, by=who, now=self._now, once=once
        )
        self._send(conversation.id)
        for owner in (Owner.RETURNING, Owner.BOT):
            ownership.move(self._session, conversation.id, owner, **words)  # type: ignore[arg-type]
        handoff.state, handoff.closed_at = handoffs.State.RETURNED, self._now

    def _text(
        self, thread: DeskThread, conversation: Conversation, said: Wrote
    ) -> str | None:
        """Return what the customer gets; None, with a note to the agent: nothing."""
        text = said.text
        if said.files:
            language = speaking.language_of(self._languages, conversation)
            line = language.handoff["agent_file"].format(agent=said.name)
            text = f"{text}\n\n{line}".strip()
            self._tell_agent(
                thread,
                f"file:{said.number}",
                "The file was not sent: the customer was told that there is one. "
                "A link in the text reaches them.",
            )
        try:
            return cleaning.clean(text)
        except cleaning.Empty:
            return None
        except cleaning.TooLong:
            self._refuse(thread, said, f"it has more than {cleaning.LONGEST} letters")
            return None

    def _take_back(
        self, thread: DeskThread, message: Message, said: Rewrote
    ) -> str | None:
        if "deleted_at" in message.content:
            return None
        conversation = self._session.get_one(Conversation, message.conversation_id)
        language = speaking.language_of(self._languages, conversation)
        message.text = language.handoff["taken_back"].format(agent=said.name)
        message.content = {
            **message.content,
            "deleted_at": self._now.isoformat(),
        }
        self._tell_agent(
            thread,
            f"gone:{said.number}",
            "Deleted here and in the coach. It had been sent: the customer may have "
            "read it, and in a messenger of theirs it stays.",
        )
        return message.conversation_id

    def _correct(
        self, thread: DeskThread, message: Message, said: Rewrote
    ) -> str | None:
        """Tell an agent that what was sent stays as it was."""
        try:
            text = cleaning.clean(said.text or "")
        except (cleaning.Empty, cleaning.TooLong):
            return None
        if "deleted_at" in message.content or message.text.startswith(text):
            return None
        self._tell_agent(
            thread,
            f"edit:{said.number}:{said.at.isoformat()}",
            "The customer has the first wording: what was sent stays. Please write "
            "the correction as a message.",
        )
        return message.conversation_id

    def _refuse(self, thread: DeskThread, said: Wrote, why: str) -> None:
        self._tell_agent(
            thread, f"refused:{said.number}", f"Not sent to the customer: {why}."
        )

    def _tell_agent(self, thread: DeskThread, once: str, text: str) -> None:
        letters.queue(
            self._session,
            thread.conversation_id,
            Kind.NOTE,
            once=once,
            now=self._now,
            text=text,
        )

    def _once(self, number: str) -> str:
        return f"{self._desk}:{number}"

    def _is_known(self, thread: DeskThread, number: str) -> bool:
        if self._find(thread, number):
            return True
        return self._session.get(DeskCall, self._gone(number)) is not None

    def _find(self, thread: DeskThread, number: str) -> Message | None:
        query = select(Message).where(
            Message.conversation_id == thread.conversation_id,
            Message.provider_id == f"out:{self._once(number)}:0",
        )
        return self._session.scalar(query)

    def _gone(self, number: str) -> str:
        return f"{self._desk}:gone:{number}"

    def _remember_gone(self, number: str) -> None:
        """Keep in mind that what is still to come was taken back already."""
        if self._session.get(DeskCall, self._gone(number)) is None:
            self._session.add(DeskCall(id=self._gone(number), at=self._now))
