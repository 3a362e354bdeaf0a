"""What a customer says: stored once, with the work that it asks for."""

from dataclasses import dataclass

from journey.messages import conversations, dispatches, inbox
from journey.store.tables import Conversation, Thread
from web.channels.incoming import Incoming, Kind
from web.channels.joining import Joiner
from web.channels.posting import post_message
from web.channels.said import Said, what_is_said
from web.channels.stand import Stand
from web.edge import TooFast
from web.turns import notice


@dataclass(frozen=True)
class Hearing:
    """Takes what a customer says."""

    stand: Stand

    def hear(self, one: Incoming) -> str | None:
        """Store a message; answer at once what needs no engine."""
        stand = self.stand
        if one.known_only and not stand.thread(one):
            return None
        conversation, thread = stand.opened(one)
        if stand.find(conversation, one.provider_id):
            return None
        first = self._disclose(conversation, thread)
        said = self._said(conversation, thread, one)
        joiner = Joiner(stand.session, stand.texts, stand.now)
        wish = joiner.wish_of(one, said)
        # Who only opened the chat has heard all that there is to say.
        greeted = first and one.kind == Kind.START
        message = stand.keep(conversation, one, said, done=greeted or bool(wish))
        if wish and not joiner.fulfil(wish, conversation, message):
            inbox.reopen(stand.session, message.id, inbox.State.NEW)
        if not said.payload and stand.texts.is_stop(said.text, stand.channel):
            stand.withdraw_consent(conversation, one, said.text, message.id)
        return conversation.id

    def _said(self, conversation: Conversation, thread: Thread, one: Incoming) -> Said:
        stand = self.stand
        said = what_is_said(stand.session, thread, one, stand.texts, stand.now)
        if thread.choices:
            thread.choices = []
        thread.blocked_at = None
        thread.heard_at = max(thread.heard_at or one.at, min(one.at, stand.now))
        dispatches.let_go(stand.session, conversation.id)
        return self._slowed(conversation, said)

    def _disclose(self, conversation: Conversation, thread: Thread) -> bool:
        message = conversations.disclose(
            self.stand.session,
            conversation,
            self.stand.texts.say("disclosure"),
            now=self.stand.now,
        )
        if message:
            post_message(self.stand.session, thread, message, self.stand.texts)
        return message is not None

    def _slowed(self, conversation: Conversation, said: Said) -> Said:
        """Spare the engine who writes faster than anybody reads; nothing is lost."""
        try:
            self.stand.rate.count(conversation.id, self.stand.now)
        except TooFast:
            return Said(said.text, notice("too_fast"), said.content)
        return said
