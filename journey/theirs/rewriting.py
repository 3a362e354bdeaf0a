"""What agents of the company's desk change afterwards of what they wrote."""

from dataclasses import dataclass
from datetime import datetime

from journey.desk import speaking
from journey.messages import cleaning
from journey.store.tables import Conversation, DeskCall, DeskThread, Message
from journey.theirs.ear import Ear
from journey.theirs.threads import thread_of


@dataclass(frozen=True)
class Rewrote:
    """An agent changed what they had written, or took it back (no text)."""

    key: str
    number: str
    text: str | None
    name: str
    at: datetime


class Rewriting(Ear):
    """Takes over what was changed or taken back."""

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

    def _remember_gone(self, number: str) -> None:
        """Keep in mind that what is still to come was taken back already."""
        if self._session.get(DeskCall, self._gone(number)) is None:
            self._session.add(DeskCall(id=self._gone(number), at=self._now))
