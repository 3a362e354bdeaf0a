"""What one claimed message leaves behind: each function is one transaction's work."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import log
from journey.desk import ending, risks, snoozing, ways
from journey.desk.ways import BESIDE, CARRY_ON, Taken
from journey.messages import inbox, outbox
from journey.messages.conversations import SYSTEM
from journey.messages.inbox import State, Work
from journey.messages.outbox import Reply
from journey.owner import ownership
from journey.owner.help import Help
from journey.owner.ownership import Owner
from journey.store.tables import Conversation, Message, Outbox
from web.door import Said
from web.replies import Writer
from web.texts import Texts

logger = logging.getLogger(__name__)

UNLINK = "web:unlink:"
"""What the payload of the button begins with that takes two customers apart."""
NOTICE = "web:say:"
"""What a payload begins with that asks for a text of ours, not for the engine."""
ASK_HUMAN = "/ask_human"
BAD = 2
"""The best rating after which a person is offered once more."""
APOLOGY = -1
"""The number of an apology among the answers to a message: at most one each."""
QUIET = timedelta(minutes=10)
"""A notice of ours is not repeated in a conversation for so long."""
SOON = timedelta(seconds=10)
"""Five pictures at once are answered by one text."""


def notice(key: str) -> str:
    """Return the payload of a message that one of our texts answers."""
    return NOTICE + key


@dataclass(frozen=True)
class Turn:
    """A claimed message with what is needed to close it."""

    work: Work
    worker: str
    texts: Texts
    help: Help
    now: datetime

    def answer(self, session: Session, said: Sequence[Said]) -> bool:
        """Store the bot's answer and close the message, together or not at all."""
        ownership.locked(session, self.work.conversation_id)
        if not self._close(session, State.DONE):
            return False
        work = self.work
        version = ownership.version_of_answer(
            session, work.owner_version, work.message_id
        )
        writer = Writer(session, work.conversation_id, self.texts, self.now)
        replies = writer.replies(said)
        if not replies:
            logger.error("the bot had no answer to message %s", work.message_id)
            replies = [self._notice("no_answer")]
        self._put(session, replies, version)
        return True

    def tell(self, session: Session) -> bool:
        """Say a text of ours: the message has nothing that the engine could read."""
        conversation = ownership.locked(session, self.work.conversation_id)
        if not self._close(session, State.DONE):
            return False
        key = (self.work.payload or "").removeprefix(NOTICE)
        if not self._said_lately(session, key, SOON):
            self._put(session, [self._notice(key)], conversation.owner_version)
        return True

    def rate(self, session: Session) -> bool:
        """Keep how the customer found a person's help; offer one again when badly."""
        conversation = ownership.locked(session, self.work.conversation_id)
        if not self._close(session, State.DONE):
            return False
        payload = self.work.payload or ""
        rating = ending.rate(session, conversation.id, payload, self.now)
        reply = self._notice("rated_badly" if 0 < rating <= BAD else "rated")
        if reply.content["notice"] == "rated_badly":
            writer = Writer(session, conversation.id, self.texts, self.now)
            button = writer.button(self.texts.say("rated_person"), ASK_HUMAN)
            reply = Reply(reply.text, {**reply.content, "buttons": [button]}, SYSTEM)
        self._put(session, [reply], conversation.owner_version)
        return True

    def hold(self, session: Session) -> bool:
        """Close a message that a person is to read; say so now and then."""
        conversation = ownership.locked(session, self.work.conversation_id)
        ours = self.work.payload == CARRY_ON
        if self.work.payload in ways.KINDS and conversation.owner == Owner.BOT:
            self._ask_again(session)
        owner = Owner(conversation.owner)
        if owner == Owner.BOT and not ours:
            # It was given back since the claim: this is the bot's to answer.
            inbox.retry(
                session, self.work, self.worker, at=self.now, failure="", counted=False
            )
            return False
        answered = ours and owner in (Owner.BOT, Owner.REQUESTED)
        if not self._close(session, State.DONE if answered else State.HELD):
            return False
        self._log(session, "message_mirrored", owner=owner)
        snoozing.wake(session, conversation.id)
        if answered:
            self._carry_on(session, conversation)
        else:
            self._take_care(session, conversation)
        return True

    def apologise(self, session: Session) -> bool:
        """Say once that the answer takes long; the work goes on."""
        conversation = ownership.locked(session, self.work.conversation_id)
        if conversation.owner != Owner.BOT:
            return False
        if self._said_lately(session, "engine_slow"):
            return False
        reply = self._notice("engine_slow")
        return self._put_one(session, reply, APOLOGY, conversation.owner_version)

    def give_up(self, session: Session, failure: str) -> bool:
        """Keep a message as failed, ask for a person and say so."""
        work = self.work
        conversation = ownership.locked(session, work.conversation_id)
        if conversation.owner != Owner.BOT:
            return self.hold(session)
        if not self._close(session, State.FAILED, failure):
            return False
        ownership.request(
            session,
            work.conversation_id,
            by="web",
            why="engine_failed",
            at=self.now,
            message_id=work.message_id,
        )
        self._log(session, "handoff_requested", reason="engine_failed")
        reply = self._with_carry_on(session, self._notice("engine_failed"))
        self._put_one(session, reply, 0, conversation.owner_version)
        return True

    def _ask_again(self, session: Session) -> None:
        """Ask for a person once more: another way was chosen after the bot went on."""
        ownership.request(
            session,
            self.work.conversation_id,
            by="customer",
            why="asked",
            at=self.now,
            message_id=self.work.message_id,
        )
        self._log(session, "handoff_requested", reason="asked")

    def _take_care(self, session: Session, conversation: Conversation) -> None:
        """Answer what need not wait for the person, or say that one was asked for."""
        work, help, now = self.work, self.help, self.now
        if risks.hear(session, conversation, work.text, help=help, now=now):
            return
        taken = ways.hear(
            session,
            conversation,
            work.text,
            work.payload,
            message_id=work.message_id,
            help=help,
            now=now,
        )
        if taken == Taken.YES:
            inbox.mark_done(session, self.work.message_id)
        elif taken == Taken.NOT and conversation.owner == Owner.REQUESTED:
            self._say_that_a_person_was_asked(session, conversation)

    def _carry_on(self, session: Session, conversation: Conversation) -> None:
        if conversation.owner == Owner.REQUESTED:
            ownership.withdraw(
                session,
                conversation.id,
                by="customer",
                why="carry_on",
                at=self.now,
                message_id=self.work.message_id,
            )
        if conversation.owner == Owner.BOT:
            notice = self._notice("carrying_on")
            self._put(session, [notice], conversation.owner_version)

    def _say_that_a_person_was_asked(
        self, session: Session, conversation: Conversation
    ) -> None:
        if self._said_lately(session, "waiting_for_person"):
            return
        reply = self._with_carry_on(session, self._notice("waiting_for_person"))
        self._put_one(session, reply, BESIDE, conversation.owner_version)

    def _with_carry_on(self, session: Session, reply: Reply) -> Reply:
        writer = Writer(session, self.work.conversation_id, self.texts, self.now)
        button = writer.button(self.texts.say("carry_on"), CARRY_ON)
        return Reply(reply.text, {**reply.content, "buttons": [button]}, reply.author)

    def _notice(self, key: str) -> Reply:
        return Reply(self.texts.say(key), {"notice": key}, SYSTEM)

    def _said_lately(
        self, session: Session, key: str, quiet: timedelta = QUIET
    ) -> bool:
        query = (
            select(Message.content)
            .join(Outbox, Outbox.message_id == Message.id)
            .where(
                Message.conversation_id == self.work.conversation_id,
                Message.author == SYSTEM,
                Message.created_at > self.now - quiet,
            )
        )
        return any(content.get("notice") == key for content in session.scalars(query))

    def _close(
        self, session: Session, state: State, failure: str | None = None
    ) -> bool:
        return inbox.close(session, self.work, self.worker, state, failure)

    def _put(self, session: Session, replies: Sequence[Reply], version: int) -> None:
        for number, reply in enumerate(replies):
            self._put_one(session, reply, number, version)

    def _put_one(
        self, session: Session, reply: Reply, number: int, version: int
    ) -> bool:
        return outbox.put(
            session,
            self.work.conversation_id,
            reply,
            number=number,
            answers_id=self.work.message_id,
            owner_version=version,
            now=self.now,
        )

    def _log(self, session: Session, kind: str, **payload: str) -> None:
        log.append(
            session,
            kind,
            at=self.now,
            customer_id=self.work.customer_id,
            conversation_id=self.work.conversation_id,
            message_id=self.work.message_id,
            payload=payload,
        )
