"""What an incoming thing leaves behind: each is told apart, and stored once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey import (
    buttons,
    cleaning,
    consent,
    conversations,
    dispatches,
    inbox,
    log,
    threads,
)
from journey.consent import Purpose
from journey.dispatches import State
from journey.store.tables import Conversation, Message, Thread
from journey.takeover import take_over
from web.channels.base import Incoming, Kind, fitting
from web.channels.posting import post_message
from web.edge import RateLimit, TooFast
from web.texts import Texts
from web.turns import notice

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """A customer's message as it will be stored."""

    text: str
    payload: str | None = None
    content: Mapping[str, Any] | None = None


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

    def _opened(self, one: Incoming) -> tuple[Conversation, Thread]:
        return threads.opened(self._session, self._channel, one.origin, now=self._now)

    def _hear(self, one: Incoming) -> str | None:
        """Store a customer's message and the work that it asks for."""
        conversation, thread = self._opened(one)
        if self._find(conversation, one.provider_id):
            return None
        first = self._disclose(conversation, thread)
        if one.kind == Kind.START and first:
            self._note(conversation, "started")
            return conversation.id
        said = self._slowed(conversation, self._said(one, thread))
        thread.choices, thread.blocked_at = [], None
        thread.heard_at = max(thread.heard_at or one.at, min(one.at, self._now))
        dispatches.let_go(self._session, conversation.id)
        inbox.accept(
            self._session,
            conversation,
            provider_id=fitting(one.provider_id),
            text=said.text,
            payload=said.payload,
            content=said.content,
            said_at=one.at,
            now=self._now,
        )
        self._obey_stop(conversation, one, said)
        return conversation.id

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

    def _said(self, one: Incoming, thread: Thread) -> Said:
        if one.kind == Kind.PRESS:
            return self._pressed(one, thread)
        if one.kind == Kind.START:
            return Said(self._texts.say("hello"))
        if one.kind == Kind.MEDIA:
            return self._shown(one)
        if button := threads.chosen(self._session, thread, one.text, now=self._now):
            return Said(button.title, button.payload, {"typed": one.text.strip()[:20]})
        return self._written(one.text)

    def _slowed(self, conversation: Conversation, said: Said) -> Said:
        """Spare the engine who writes faster than anybody reads; nothing is lost."""
        try:
            self._rate.count(conversation.id)
        except TooFast:
            return Said(said.text, notice("too_fast"), said.content)
        return said

    def _written(self, text: str) -> Said:
        try:
            return Said(cleaning.clean(text))
        except cleaning.Empty:
            return Said("", notice("unreadable"))
        except cleaning.TooLong:
            return Said(cleaning.clean(text[: cleaning.LONGEST]), notice("too_long"))

    def _pressed(self, one: Incoming, thread: Thread) -> Said:
        try:
            button = buttons.redeem(
                self._session, thread.conversation_id, one.token or "", now=self._now
            )
        except buttons.UnknownButton:
            return Said(one.text, notice("unknown_button"))
        return Said(button.title, button.payload)

    def _shown(self, one: Incoming) -> Said:
        """Keep what was sent beside words for a person; answer a caption's words."""
        content = {"media": [dict(medium) for medium in one.media]}
        kind = str(one.media[0].get("kind", "unknown"))
        if f"sent_{kind}" not in self._texts.words:
            kind = "unknown"
        if one.text.strip():
            written = self._written(one.text)
            return Said(written.text, written.payload, content)
        return Said(self._texts.say(f"sent_{kind}"), notice(f"got_{kind}"), content)

    def _obey_stop(self, conversation: Conversation, one: Incoming, said: Said) -> None:
        """Record a STOP at once: whoever owns the conversation, whatever runs."""
        message = self._find(conversation, one.provider_id)
        if said.payload or not message or not self._texts.is_stop(said.text):
            return
        self._withdraw_consent(conversation, said.text, message.id)

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
        thread = threads.find_thread(self._session, self._channel, one.origin.key)
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
        text = self._written(one.text).text
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
        inbox.accept(
            self._session,
            conversation,
            provider_id=fitting(one.provider_id),
            text=text,
            payload=notice("got_edit"),
            content={"edited": message.id},
            said_at=one.at,
            now=self._now,
        )
        return conversation.id

    def _delete(self, one: Incoming) -> str | None:
        """Forget the words of a message; one that waits is not answered."""
        thread = threads.find_thread(self._session, self._channel, one.origin.key)
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
        thread = threads.find_thread(self._session, self._channel, one.origin.key)
        if thread:
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
        elif thread := threads.find_thread(
            self._session, self._channel, one.origin.key
        ):
            dispatches.report_read(self._session, thread.conversation_id, one.at)
        return None

    def _step_aside(self, one: Incoming) -> str | None:
        """Give a conversation to the person who answers in the provider's app."""
        conversation, _ = self._opened(one)
        if self._find(conversation, one.provider_id):
            return None
        if dispatches.is_ours(self._session, self._channel, one.provider_id):
            return None
        take_over(
            self._session,
            conversation.id,
            self._written(one.text).text or self._texts.say("sent_unknown"),
            by=self._channel,
            provider_id=fitting(one.provider_id),
            now=self._now,
        )
        return conversation.id

    def _find(self, conversation: Conversation, provider_id: str) -> Message | None:
        query = select(Message).where(
            Message.conversation_id == conversation.id,
            Message.provider_id == fitting(provider_id),
        )
        return self._session.scalars(query).first()

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
    Kind.PERSON: Intake._step_aside,
}
