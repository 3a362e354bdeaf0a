"""The same person on another channel: proved by a code, undone by one press."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import outbox
from journey.messages.conversations import SYSTEM
from journey.messages.outbox import Reply
from journey.people import linking, merging
from journey.store.tables import Conversation, Merge, Message
from web.channels.incoming import Incoming, Kind
from web.replies import Writer
from web.texts import Texts
from web.turns import UNLINK


class Joiner:
    """Joins customers in the transaction that heard the code."""

    def __init__(self, session: Session, texts: Texts, now: datetime) -> None:
        self._session, self._texts, self._now = session, texts, now

    def code_of(self, one: Incoming) -> str | None:
        """Return the code that a message brings, by link or typed."""
        said = one.token if one.kind == Kind.START else one.text
        wanted = one.kind in (Kind.START, Kind.TEXT)
        return linking.code_in(said or "") if wanted else None

    def join(self, conversation: Conversation, message: Message, code: str) -> None:
        """Make who brings a code and whom it stands for one customer; say so."""
        kept, now = linking.redeem(self._session, code, now=self._now), self._now
        gone, channel = conversation.customer_id, conversation.channel
        if kept is None:
            self._say(conversation, message, "link_unknown")
            return
        if kept != gone:
            row = merging.merge(self._session, kept, gone, by=channel, now=now)
            payload = f"{UNLINK}{row.id}"
            self._session.refresh(conversation)
            merging.go_on(self._session, kept, conversation)
            self._say(conversation, message, "linked", payload)

    def part(self, conversation: Conversation, message: Message) -> bool:
        """Take the customers apart whom this conversation joined, if it did."""
        query = select(Merge).where(
            Merge.kept_id == conversation.customer_id,
            Merge.by == conversation.channel,
            Merge.undone_at.is_(None),
        )
        rows = self._session.scalars(query.order_by(Merge.at.desc()))
        moved = (x for x in rows if conversation.id in x.moved["conversations"])
        row = next(moved, None)
        if row is None:
            return False
        merging.take_apart(self._session, row, now=self._now)
        self._session.refresh(conversation)
        self._say(conversation, message, "unlinked")
        return True

    def _say(
        self,
        conversation: Conversation,
        message: Message,
        key: str,
        payload: str | None = None,
    ) -> None:
        content: dict[str, object] = {"notice": key}
        if payload:
            writer = Writer(self._session, conversation.id, self._texts, self._now)
            content["buttons"] = [writer.button(self._texts.say("unlink"), payload)]
        outbox.put(
            self._session,
            conversation.id,
            Reply(self._texts.say(key), content, SYSTEM),
            number=0,
            answers_id=message.id,
            owner_version=conversation.owner_version,
            now=self._now,
        )
