"""What became of our messages, and of the way to a customer."""

from dataclasses import dataclass

from journey.messages import dispatches
from journey.messages.dispatches import State
from journey.store.tables import Conversation
from web.channels.incoming import Incoming
from web.channels.posting import STOP
from web.channels.said import Said, written
from web.channels.stand import Stand


@dataclass(frozen=True)
class Reports:
    """Takes what is told about a conversation, and said by nobody."""

    stand: Stand

    def report(self, one: Incoming) -> str | None:
        """Take over what became of our messages."""
        if one.about:
            dispatches.report(
                self.stand.session,
                self.stand.channel,
                one.about,
                State(one.state or State.DELIVERED),
                failure=one.failure,
                now=self.stand.now,
            )
        elif thread := self.stand.thread(one):
            dispatches.report_read(self.stand.session, thread.conversation_id, one.at)
        return None

    def block(self, one: Incoming) -> str | None:
        """Note that a customer shut the door: it counts as a STOP."""
        thread = self.stand.thread(one)
        if thread is None or thread.blocked_at:
            return None
        thread.blocked_at = self.stand.now
        conversation = self.stand.session.get_one(Conversation, thread.conversation_id)
        self.stand.withdraw_consent(conversation, one, "(blocked)", one.provider_id)
        self.stand.note(conversation, "blocked")
        return conversation.id

    def opt_out(self, one: Incoming) -> str | None:
        """Record that a customer wants no more messages; the provider told them so.

        The coach hears of it, too: it promises and orders nothing any more.
        """
        conversation, thread = self.stand.opened(one)
        if self.stand.find(conversation, one.provider_id):
            return None
        text = written(one.text).text or self.stand.texts.say("hello")
        message = self.stand.keep(conversation, one, Said(text, STOP), done=False)
        self.stand.withdraw_consent(conversation, one, message.text, message.id)
        thread.blocked_at = self.stand.now
        return conversation.id
