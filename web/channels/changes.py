"""What a customer does to messages that are there: changed, deleted, liked."""

from dataclasses import dataclass

from journey.messages import inbox
from journey.store.tables import Conversation
from web.channels.hearing import Hearing
from web.channels.incoming import Incoming
from web.channels.said import Said, written
from web.channels.stand import Stand
from web.turns import notice


@dataclass(frozen=True)
class Changes:
    """Takes changes of what was said before."""

    stand: Stand

    def edit(self, one: Incoming) -> str | None:
        """Answer the new words if the old ones wait; else say that it was seen."""
        conversation, thread = self.stand.opened(one)
        message = self.stand.find(conversation, one.about or "")
        if message is None:
            return Hearing(self.stand).hear(one)
        text = written(one.text).text
        if not text or text == message.text:
            return None
        if self.stand.find(conversation, one.provider_id):
            return None
        edits = [*message.content.get("edits", ()), message.text]
        if inbox.amend(self.stand.session, message.id):
            message.text, message.content = text, {**message.content, "edits": edits}
            self.stand.note(conversation, "message_edited", message)
            return conversation.id
        self.stand.note(conversation, "message_edited", message)
        thread.choices = []
        said = Said(text, notice("got_edit"), {"edited": message.id})
        self.stand.keep(conversation, one, said, done=False)
        return conversation.id

    def delete(self, one: Incoming) -> str | None:
        """Forget the words of a message; one that waits is not answered."""
        thread = self.stand.thread(one)
        conversation = thread and self.stand.session.get(
            Conversation, thread.conversation_id
        )
        message = conversation and self.stand.find(conversation, one.about or "")
        if not conversation or not message or "deleted_at" in message.content:
            return None
        inbox.withdraw(self.stand.session, message.id)
        message.text = self.stand.texts.say("deleted")
        message.content = {"deleted_at": self.stand.now.isoformat()}
        self.stand.note(conversation, "message_deleted", message)
        return conversation.id

    def react(self, one: Incoming) -> str | None:
        """Note a reaction; it asks for nothing."""
        if thread := self.stand.thread(one):
            conversation = self.stand.session.get_one(
                Conversation, thread.conversation_id
            )
            self.stand.note(conversation, "message_reacted", reaction=one.text[:40])
        return None
