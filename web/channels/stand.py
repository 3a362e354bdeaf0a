"""Where everything that takes something in stands: a session, a channel, a moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from journey import log
from journey.messages import inbox, threads
from journey.people import consent
from journey.people.customers import customers_at
from journey.store.tables import Conversation, Message, Thread
from web.channels.incoming import Incoming
from web.channels.said import Said
from web.edge import RateLimit
from web.texts import Texts


@dataclass(frozen=True)
class Stand:
    """One transaction in which a channel's provider is listened to."""

    session: Session
    channel: str
    texts: Texts
    rate: RateLimit
    now: datetime

    def thread(self, one: Incoming) -> Thread | None:
        """Return the side of a conversation that the provider knows."""
        return threads.find_thread(self.session, self.channel, one.origin.key)

    def opened(self, one: Incoming) -> tuple[Conversation, Thread]:
        """Return the conversation, held; it is made on first sight."""
        return threads.opened(self.session, self.channel, one.origin, now=self.now)

    def find(self, conversation: Conversation, provider_id: str) -> Message | None:
        """Return the message that the provider knows by an id."""
        return inbox.find(self.session, conversation.id, provider_id)

    def keep(
        self, conversation: Conversation, one: Incoming, said: Said, *, done: bool
    ) -> Message:
        """Store a message, and the work that it asks for unless it is done."""
        return inbox.keep(
            self.session,
            conversation,
            provider_id=one.provider_id,
            text=said.text,
            payload=said.payload,
            content=said.content,
            said_at=one.at,
            urgent=self.texts.urgent.touches(said.text),
            state=inbox.State.DONE if done else inbox.State.NEW,
            now=self.now,
        )

    def withdraw_consent(
        self, conversation: Conversation, one: Incoming, text: str, source: str
    ) -> None:
        """Record that a customer wants nothing unasked, in whichever thread."""
        others = customers_at(self.session, self.channel, one.origin.person)
        for customer_id in {conversation.customer_id, *others}:
            consent.stop_writing(
                self.session, customer_id, text, source=source, now=self.now
            )

    def note(
        self,
        conversation: Conversation,
        kind: str,
        message: Message | None = None,
        **payload: str,
    ) -> None:
        """Put an event of a conversation into the log."""
        log.append(
            self.session,
            kind,
            at=self.now,
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            message_id=message.id if message else None,
            payload={"channel": self.channel, **payload},
        )
