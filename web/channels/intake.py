"""What an incoming thing leaves behind: each is told apart, and stored once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from journey import log
from journey.messages import conversations, dispatches, inbox, threads
from journey.messages.dispatches import State
from journey.owner import takeover
from journey.people import consent
from journey.people.consent import Purpose
from journey.store.tables import Conversation, Message, Thread
from web.channels.incoming import Incoming, Kind, fitting
from web.channels.joining import Joiner
from web.channels.posting import post_message
from web.channels.said import Said, what_is_said, written
from web.edge import RateLimit, TooFast
from web.texts import Texts
from web.turns import UNLINK, notice

logger = logging.getLogger(__name__)


class Intake:
    """Takes what one channel's provider told us, in one transaction."""

    def __init__(
        self,
        session: Session,
        channel: str,
        texts: Texts,
        rate: RateLimit,
        now: datetime,
    ) -> None:
        self._session, self._channel = session, channel
        self._texts, self._rate, self._now = texts, rate, now
        self._joiner = Joiner(session, texts, now)

    def take(self, incoming: Sequence[Incoming]) -> set[str]:
        """Store all; return the conversations in which something is new."""
        in_order = sorted(incoming, key=lambda one: one.at)
        return {
            conversation_id
            for one in in_order
            if (conversation_id := self._take(one)) is not None
        }

    def _take(self, one: Incoming) -> str | None:
        handle = HANDLERS.get(one.kind, Intake._hear)
        return handle(self, one)

    def _thread(self, one: Incoming) -> Thread | None:
        return threads.find_thread(self._session, self._channel, one.origin.key)

    def _opened(self, one: Incoming) -> tuple[Conversation, Thread]:
        return threads.opened(self._session, self._channel, one.origin, now=self._now)

    def _hear(self, one: Incoming) -> str | None:
        """Store a customer's message and the work that it asks for."""
        if one.known_only and not self._thread(one):
            return None
        conversation, thread = self._opened(one)
        if self._find(conversation, one.provider_id):
            return None
        first = self._disclose(conversation, thread)
        said = what_is_said(self._session, thread, one, self._texts, self._now)
        said = self._slowed(conversation, said)
        if thread.choices:
            thread.choices = []
        thread.blocked_at = None
        thread.heard_at = max(thread.heard_at or one.at, min(one.at, self._now))
        dispatches.let_go(self._session, conversation.id)
        # Who only opened the chat has heard all that there is to say.
        greeted = first and one.kind == Kind.START
        code = self._joiner.code_of(one)
        parts = self._wants_to_part(said)
        message = self._accept(
            conversation, one, said, done=greeted or bool(code) or parts
        )
        if code:
            self._joiner.join(conversation, message, code)
        if parts:
            self._part(conversation, message)
        if not said.payload and self._texts.is_stop(said.text, self._channel):
            self._withdraw_consent(conversation, said.text, message.id)
        return conversation.id

    def _wants_to_part(self, said: Said) -> bool:
        pressed = (said.payload or "").startswith(UNLINK)
        word = self._texts.say("unlink_word")
        return pressed or said.text.strip().lower() == word

    def _part(self, conversation: Conversation, message: Message) -> None:
        if not self._joiner.part(conversation, message):
            inbox.reopen(self._session, message.id, inbox.State.NEW)

    def _accept(
        self, conversation: Conversation, one: Incoming, said: Said, *, done: bool
    ) -> Message:
        return inbox.keep(
            self._session,
            conversation,
            provider_id=fitting(one.provider_id),
            text=said.text,
            payload=said.payload,
            content=said.content,
            said_at=one.at,
            state=inbox.State.DONE if done else inbox.State.NEW,
            now=self._now,
        )

    def _disclose(self, conversation: Conversation, thread: Thread) -> bool:
        message = conversations.disclose(
            self._session,
            conversation,
            self._texts.say("disclosure"),
            now=self._now,
        )
        if message:
            post_message(self._session, thread, message, self._texts)
        return message is not None

    def _slowed(self, conversation: Conversation, said: Said) -> Said:
        """Spare the engine who writes faster than anybody reads; nothing is lost."""
        try:
            self._rate.count(conversation.id)
        except TooFast:
            return Said(said.text, notice("too_fast"), said.content)
        return said

    def _withdraw_consent(
        self, conversation: Conversation, text: str, source: str
    ) -> None:
        consent.record_consent(
            self._session,
            conversation.customer_id,
            Purpose.PROACTIVE,
            False,
            text=text,
            source=source,
            now=self._now,
        )

    def _block(self, one: Incoming) -> str | None:
        """Note that a customer shut the door: it counts as a STOP."""
        thread = self._thread(one)
        if thread is None or thread.blocked_at:
            return None
        thread.blocked_at = self._now
        conversation = self._session.get_one(Conversation, thread.conversation_id)
        self._withdraw_consent(conversation, "(blocked)", fitting(one.provider_id))
        self._note(conversation, "blocked")
        return conversation.id

    def _edit(self, one: Incoming) -> str | None:
        """Answer the new words if the old ones wait; else say that it was seen."""
        conversation, thread = self._opened(one)
        message = self._find(conversation, one.about or "")
        if message is None:
            return self._hear(one)
        text = written(one.text).text
        if not text or text == message.text:
            return None
        if self._find(conversation, one.provider_id):
            return None
        edits = [*message.content.get("edits", ()), message.text]
        if inbox.amend(self._session, message.id):
            message.text, message.content = text, {**message.content, "edits": edits}
            self._note(conversation, "message_edited", message)
            return conversation.id
        self._note(conversation, "message_edited", message)
        thread.choices = []
        said = Said(text, notice("got_edit"), {"edited": message.id})
        self._accept(conversation, one, said, done=False)
        return conversation.id

    def _delete(self, one: Incoming) -> str | None:
        """Forget the words of a message; one that waits is not answered."""
        thread = self._thread(one)
        conversation = thread and self._session.get(
            Conversation, thread.conversation_id
        )
        message = conversation and self._find(conversation, one.about or "")
        if not conversation or not message or "deleted_at" in message.content:
            return None
        inbox.withdraw(self._session, message.id)
        message.text = self._texts.say("deleted")
        message.content = {"deleted_at": self._now.isoformat()}
        self._note(conversation, "message_deleted", message)
        return conversation.id

    def _react(self, one: Incoming) -> str | None:
        if thread := self._thread(one):
            conversation = self._session.get_one(Conversation, thread.conversation_id)
            self._note(conversation, "message_reacted", reaction=one.text[:40])
        return None

    def _report(self, one: Incoming) -> str | None:
        """Take over what became of our messages."""
        if one.about:
            dispatches.report(
                self._session,
                self._channel,
                one.about,
                State(one.state or State.DELIVERED),
                failure=one.failure,
                now=self._now,
            )
        elif thread := self._thread(one):
            dispatches.report_read(self._session, thread.conversation_id, one.at)
        return None

    def _opt_out(self, one: Incoming) -> str | None:
        """Record that a customer wants no more messages; the provider told them."""
        conversation, thread = self._opened(one)
        if self._find(conversation, one.provider_id):
            return None
        said = Said(written(one.text).text or self._texts.say("hello"))
        message = self._accept(conversation, one, said, done=True)
        self._withdraw_consent(conversation, message.text, message.id)
        thread.blocked_at = self._now
        return conversation.id

    def _step_aside(self, one: Incoming) -> str | None:
        """Give a conversation to the person who answers in the provider's app."""
        conversation, _ = self._opened(one)
        if self._find(conversation, one.provider_id):
            return None
        if self._is_ours(conversation, one):
            return None
        takeover.take_over(
            self._session, conversation.id, by=self._channel, now=self._now
        )
        if one.kind == Kind.PERSON:
            takeover.keep(
                self._session,
                conversation.id,
                written(one.text).text or self._texts.say("sent_unknown"),
                by=self._channel,
                provider_id=fitting(one.provider_id),
                now=self._now,
            )
        return conversation.id

    def _is_ours(self, conversation: Conversation, one: Incoming) -> bool:
        """Tell whether an echo is that of a message that we sent, or are sending."""
        if dispatches.is_ours(self._session, self._channel, one.provider_id):
            return True
        if one.kind == Kind.TAKEN:
            return False
        return dispatches.is_under_way(self._session, conversation.id, one.text)

    def _step_back(self, one: Incoming) -> str | None:
        """Take a conversation up again that was given back to us."""
        thread = self._thread(one)
        if thread is None:
            return None
        takeover.give_back(
            self._session, thread.conversation_id, by=self._channel, now=self._now
        )
        return thread.conversation_id

    def _find(self, conversation: Conversation, provider_id: str) -> Message | None:
        return inbox.find(self._session, conversation.id, fitting(provider_id))

    def _note(
        self,
        conversation: Conversation,
        kind: str,
        message: Message | None = None,
        **payload: str,
    ) -> None:
        log.append(
            self._session,
            kind,
            at=self._now,
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            message_id=message.id if message else None,
            payload={"channel": self._channel, **payload},
        )


HANDLERS: Mapping[Kind, Callable[[Intake, Incoming], str | None]] = {
    Kind.EDIT: Intake._edit,
    Kind.DELETION: Intake._delete,
    Kind.REACTION: Intake._react,
    Kind.RECEIPT: Intake._report,
    Kind.BLOCKED: Intake._block,
    Kind.OPT_OUT: Intake._opt_out,
    Kind.PERSON: Intake._step_aside,
    Kind.TAKEN: Intake._step_aside,
    Kind.GIVEN_BACK: Intake._step_back,
}
