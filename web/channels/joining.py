"""The same person on another channel: by a code, asked once more, undone by a press."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.messages import conversations, outbox
from journey.messages.conversations import SYSTEM
from journey.messages.outbox import Reply
from journey.people import linking, merging
from journey.store.tables import ButtonToken, Conversation, Merge, Message
from web.channels.incoming import Incoming, Kind
from web.channels.said import Said
from web.replies import Writer
from web.texts import Texts
from web.turns import UNLINK

JOIN, DECLINE = "web:join:", "web:decline:"
"""What the payloads of the buttons begin with that answer our question."""


class Do(StrEnum):
    """What a customer wants of who they are to us."""

    ASK = "ask"
    """They bring a code: somebody else may have sent it to them."""
    JOIN = "join"
    DECLINE = "decline"
    PART = "part"


@dataclass(frozen=True)
class Wish:
    """What a message wants done, and by which code."""

    do: Do
    code: str = ""


class Joiner:
    """Joins customers, and takes them apart, in the transaction that heard it."""

    def __init__(self, session: Session, texts: Texts, now: datetime) -> None:
        self._session, self._texts, self._now = session, texts, now

    def wish_of(self, one: Incoming, said: Said) -> Wish | None:
        """Return what a message wants of us; None: it is about something else."""
        payload = said.payload or ""
        for begin, do in ((JOIN, Do.JOIN), (DECLINE, Do.DECLINE), (UNLINK, Do.PART)):
            if payload.startswith(begin):
                return Wish(do, payload.removeprefix(begin))
        if said.text.strip().lower() == self._texts.say("unlink_word"):
            return Wish(Do.PART)
        brought = one.token if one.kind == Kind.START else one.text
        code = linking.code_in(brought or "")
        if code and one.kind in (Kind.START, Kind.TEXT):
            return Wish(Do.ASK, code)
        return None

    def fulfil(self, wish: Wish, conversation: Conversation, message: Message) -> bool:
        """Do it and say so; False: there is nothing that could be done."""
        if wish.do == Do.PART:
            return self._part(conversation, message)
        if wish.do == Do.DECLINE:
            linking.redeem(self._session, wish.code, now=self._now)
            self._say(conversation, message, "link_declined")
            return True
        kept = linking.whose(self._session, wish.code, now=self._now)
        if kept is None:
            self._say(conversation, message, "link_unknown")
        elif kept == conversation.customer_id:
            self._say(conversation, message, "linked_before")
        elif wish.do == Do.ASK:
            answers = {"link_yes": JOIN + wish.code, "link_no": DECLINE + wish.code}
            self._say(conversation, message, "link_ask", answers)
        else:
            linking.redeem(self._session, wish.code, now=self._now)
            self._join(kept, conversation, message)
        return True

    def _join(self, kept: str, conversation: Conversation, message: Message) -> None:
        gone, channel = conversation.customer_id, conversation.channel
        row = merging.merge(self._session, kept, gone, by=channel, now=self._now)
        self._session.refresh(conversation)
        there = merging.go_on(self._session, kept, conversation)
        self._say(conversation, message, "linked", {"unlink": f"{UNLINK}{row.id}"})
        if there:
            self._ask_again(there, conversation, message)

    def _ask_again(
        self, there: str, conversation: Conversation, message: Message
    ) -> None:
        """Repeat here what was asked there: the customer need not look it up."""
        asked = conversations.last_said(self._session, there)
        if asked is None:
            return
        writer = self._writer(conversation)
        content: dict[str, object] = {}
        if shown := asked.content.get("buttons"):
            rows = [self._session.get(ButtonToken, one["token"]) for one in shown]
            again = [writer.button(row.title, row.payload) for row in rows if row]
            content["buttons"] = again
        self._put(conversation, message, Reply(asked.text, content), number=1)

    def _part(self, conversation: Conversation, message: Message) -> bool:
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
        answers: dict[str, str] | None = None,
    ) -> None:
        """Say a text; `answers` are its buttons: the key of each title, its payload."""
        content: dict[str, object] = {"notice": key}
        if answers:
            writer = self._writer(conversation)
            content["buttons"] = [
                writer.button(self._texts.say(title), payload)
                for title, payload in answers.items()
            ]
        reply = Reply(self._texts.say(key), content, SYSTEM)
        self._put(conversation, message, reply, number=0)

    def _put(
        self, conversation: Conversation, message: Message, reply: Reply, number: int
    ) -> None:
        outbox.put(
            self._session,
            conversation.id,
            reply,
            number=number,
            answers_id=message.id,
            owner_version=conversation.owner_version,
            now=self._now,
        )

    def _writer(self, conversation: Conversation) -> Writer:
        return Writer(self._session, conversation.id, self._texts, self._now)
