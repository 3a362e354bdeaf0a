"""What agents of the company's desk write to a customer."""

from dataclasses import dataclass
from datetime import datetime

from journey.desk import handoffs, speaking, taking, writing
from journey.desk.handoffs import Who
from journey.messages import cleaning
from journey.owner import ownership
from journey.owner.ownership import Owner, locked
from journey.store.tables import Conversation, DeskCall, DeskThread, Handoff
from journey.theirs.ear import Ear
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


class Answers(Ear):
    """Takes what agents of the desk write."""

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

    def _is_known(self, thread: DeskThread, number: str) -> bool:
        if self._find(thread, number):
            return True
        return self._session.get(DeskCall, self._gone(number)) is not None

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

    def _refuse(self, thread: DeskThread, said: Wrote, why: str) -> None:
        self._tell_agent(
            thread, f"refused:{said.number}", f"Not sent to the customer: {why}."
        )
