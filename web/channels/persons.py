"""A person who answers in the provider's own app: they have the conversation."""

from dataclasses import dataclass

from journey.messages import dispatches
from journey.owner import takeover
from journey.store.tables import Conversation
from web.channels.incoming import Incoming, Kind
from web.channels.said import written
from web.channels.stand import Stand


@dataclass(frozen=True)
class Persons:
    """Moves the owner of a conversation as the provider tells it."""

    stand: Stand

    def step_aside(self, one: Incoming) -> str | None:
        """Give a conversation to the person who answers in the provider's app."""
        conversation, _ = self.stand.opened(one)
        if self.stand.find(conversation, one.provider_id):
            return None
        if self._is_ours(conversation, one):
            return None
        takeover.take_over(
            self.stand.session,
            conversation.id,
            by=self.stand.channel,
            now=self.stand.now,
        )
        if one.kind == Kind.PERSON:
            takeover.keep(
                self.stand.session,
                conversation.id,
                written(one.text).text or self.stand.texts.say("sent_unknown"),
                by=self.stand.channel,
                provider_id=one.provider_id,
                now=self.stand.now,
            )
        return conversation.id

    def _is_ours(self, conversation: Conversation, one: Incoming) -> bool:
        """Tell whether an echo is that of a message that we sent, or are sending."""
        if dispatches.is_ours(self.stand.session, self.stand.channel, one.provider_id):
            return True
        if one.kind == Kind.TAKEN:
            return False
        return dispatches.is_under_way(self.stand.session, conversation.id, one.text)

    def step_back(self, one: Incoming) -> str | None:
        """Take a conversation up again that was given back to us."""
        thread = self.stand.thread(one)
        if thread is None:
            return None
        takeover.give_back(
            self.stand.session,
            thread.conversation_id,
            by=self.stand.channel,
            now=self.stand.now,
        )
        return thread.conversation_id
