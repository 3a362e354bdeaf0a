"""What every call of the company's desk is taken over with."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import DeskThread, Message
from journey.theirs import letters
from journey.theirs.following import Follower
from journey.theirs.letters import Kind


class Ear:
    """Hears one desk, under the rules of our own agents.

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
        self._desk, self._help = follower.desk, follower.knowledge.help
        self._languages = follower.knowledge.languages
        self._send, self._now = send, now

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

    def _find(self, thread: DeskThread, number: str) -> Message | None:
        query = select(Message).where(
            Message.conversation_id == thread.conversation_id,
            Message.provider_id == f"out:{self._once(number)}:0",
        )
        return self._session.scalar(query)

    def _gone(self, number: str) -> str:
        return f"{self._desk}:gone:{number}"
