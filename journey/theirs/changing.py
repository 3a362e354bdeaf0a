"""Who has a conversation at the company's desk, as moves of ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from journey.desk import ending, handoffs, snoozing, speaking, taking
from journey.desk.handoffs import State as Handed
from journey.desk.handoffs import Who
from journey.messages import inbox
from journey.owner import ownership
from journey.owner.ownership import Owner, locked
from journey.store.tables import Conversation, DeskThread, Handoff, Inbox, Presence
from journey.theirs import letters
from journey.theirs.ear import Ear
from journey.theirs.threads import OPEN, State, agent_of, is_theirs, thread_of

HANDED_BACK = "handed_back"


@dataclass(frozen=True)
class Changed:
    """How a conversation stands at the desk; `at` is when it came to be so."""

    key: str
    status: str
    agent: str | None
    name: str | None
    until: datetime | None
    outcome: str
    at: datetime


class Change(Ear):
    """Takes over a change of the desk; one older than what was heard is no news."""

    def take(self, said: Changed) -> str | None:
        """Move a conversation as the desk says; return it, when it was moved."""
        thread = thread_of(self._session, self._desk, said.key)
        if thread is None or (thread.changed_at and said.at <= thread.changed_at):
            return None
        before, thread.status = thread.status, said.status
        thread.changed_at = said.at
        handler = HANDLERS.get(said.status)
        if handler is None or thread.state == State.OURS:
            return None
        # It begins as pending, before we ask: only what was open can be closed.
        if said.status not in OPEN and before not in OPEN:
            return None
        conversation = locked(self._session, thread.conversation_id)
        handoff = handoffs.open_one(self._session, conversation.id)
        if handoff and not (handoff.agent is None or is_theirs(self._desk, handoff)):
            return None
        handler(self, thread, conversation, handoff, said, before)
        self._send(conversation.id)
        return conversation.id

    def _open(
        self,
        thread: DeskThread,
        conversation: Conversation,
        handoff: Handoff | None,
        said: Changed,
        before: str | None,
    ) -> None:
        who = self._who(said)
        if handoff is None:
            if before is not None and before not in OPEN:
                self._reopen(thread, conversation, who)
            return
        if handoff.state == Handed.SNOOZED:
            snoozing.wake(self._session, conversation.id)
        if who and handoff.agent != who.name:
            taking.assign(
                self._session,
                conversation.id,
                to=who,
                by=who,
                languages=self._languages,
                now=self._now,
            )
            thread.agent = who.shown_as

    def _reopen(
        self, thread: DeskThread, conversation: Conversation, who: Who | None
    ) -> None:
        """Give a conversation that the bot has to the desk: an agent opened it."""
        if who is None:
            ownership.request(
                self._session,
                conversation.id,
                by=self._desk,
                why=taking.TAKEOVER,
                at=self._now,
            )
            handoff = handoffs.open_one(self._session, conversation.id)
            assert handoff is not None
            handoff.agent = self._desk
        else:
            handoff = taking.take(
                self._session,
                conversation.id,
                by=who,
                languages=self._languages,
                now=self._now,
            )
            thread.agent = who.shown_as
        self._follower.serve(self._session, conversation, thread, handoff, self._now)

    def _snooze(
        self,
        _thread: DeskThread,
        conversation: Conversation,
        handoff: Handoff | None,
        said: Changed,
        _before: str | None,
    ) -> None:
        if handoff and handoff.agent and conversation.owner == Owner.HUMAN:
            by = Who(handoff.agent, said.name or self._desk)
            snoozing.snooze(self._session, conversation.id, by=by, until=said.until)

    def _resolve(
        self,
        thread: DeskThread,
        conversation: Conversation,
        handoff: Handoff | None,
        said: Changed,
        _before: str | None,
    ) -> None:
        self._end(thread, conversation, handoff, said, solved=True)

    def _give_back(
        self,
        thread: DeskThread,
        conversation: Conversation,
        handoff: Handoff | None,
        said: Changed,
        _before: str | None,
    ) -> None:
        self._end(thread, conversation, handoff, said, solved=False)

    def _end(
        self,
        thread: DeskThread,
        conversation: Conversation,
        handoff: Handoff | None,
        said: Changed,
        *,
        solved: bool,
    ) -> None:
        if handoff is None:
            return
        thread.state = State.CLOSED
        if conversation.owner == Owner.REQUESTED:
            self._decline(thread, conversation, said)
            return
        seen = letters.seen_until(self._session, conversation.id, said.at)
        unseen = self._unseen(conversation, seen)
        by = Who(str(handoff.agent), self._name(thread, conversation, said))
        words = {"by": by, "seen": conversation.position, "outcome": said.outcome}
        end = ending.resolve if solved else ending.give_back
        end(
            self._session,
            conversation.id,
            help=self._help,
            now=self._now,
            **words,  # type: ignore[arg-type]
        )
        self._owe(conversation, by, seen, unseen)

    def _decline(
        self, thread: DeskThread, conversation: Conversation, said: Changed
    ) -> None:
        """Let the bot go on: the desk closed what nobody there had answered."""
        ownership.withdraw(
            self._session,
            conversation.id,
            by=self._desk,
            why=HANDED_BACK,
            at=self._now,
        )
        agent = self._name(thread, conversation, said)
        speaking.tell(
            self._session,
            conversation,
            speaking.language_of(self._languages, conversation),
            "back_other",
            now=self._now,
            values={"agent": agent},
        )

    def _unseen(self, conversation: Conversation, seen: int) -> list[str]:
        """Return what the customer wrote that was not at the desk yet."""
        query = select(Inbox.message_id).where(
            Inbox.conversation_id == conversation.id,
            Inbox.state == inbox.State.HELD,
            Inbox.number > seen,
        )
        return list(self._session.scalars(query))

    def _owe(
        self, conversation: Conversation, by: Who, seen: int, unseen: list[str]
    ) -> None:
        """Let the bot answer what nobody at the desk can have read."""
        for message_id in unseen:
            inbox.reopen(self._session, message_id, inbox.State.NEW)
        read = update(Presence).where(
            Presence.conversation_id == conversation.id, Presence.who == by.name
        )
        self._session.execute(read.values(read=seen))

    def _who(self, said: Changed) -> Who | None:
        if said.agent is None:
            return None
        return agent_of(self._desk, said.agent, said.name or self._desk.title())

    def _name(
        self, thread: DeskThread, conversation: Conversation, said: Changed
    ) -> str:
        """Return whom the customer is told of."""
        language = speaking.language_of(self._languages, conversation)
        return thread.agent or said.name or language.handoff["our_team"]


Handler = Callable[
    [Change, DeskThread, Conversation, Handoff | None, Changed, str | None], None
]
HANDLERS: Mapping[str, Handler] = {
    "open": Change._open,
    "snoozed": Change._snooze,
    "resolved": Change._resolve,
    "pending": Change._give_back,
}
