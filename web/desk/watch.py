"""The one place that looks for news on behalf of every open desk."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journey.desk import pulse
from web.shared import Shared
from web.store import Store

logger = logging.getLogger(__name__)
LOOKS_EVERY = 0.5
BOTS_EVERY = 4
"""One of so many looks is at what the bot serves: that changes with every message.

What people wait for rings at once, and is not to wait for the lists of all else.
"""
BOARD, CONVERSATION = "board", "conversation"


@dataclass(eq=False)
class Bell:
    """One open desk: what it shows, and what of it is behind."""

    conversation_id: str | None
    rings: asyncio.Event = field(default_factory=asyncio.Event)
    news: set[str] = field(default_factory=set)
    prints: dict[str, pulse.Print | None] = field(default_factory=dict)

    def tell(self, part: str, seen: pulse.Print | None) -> None:
        """Ring when a part is not what it was."""
        if self.prints.get(part, seen) != seen:
            self.news.add(part)
            self.rings.set()
        self.prints[part] = seen

    def take(self) -> set[str]:
        """Return what is behind, and begin to listen anew."""
        self.rings.clear()
        news, self.news = self.news, set()
        return news


class Watch:
    """Looks twice a second, in one reading, for all desks together."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._bells: set[Bell] = set()
        self._bots: pulse.Print | None = None
        self.look = Shared(self._look)

    @contextmanager
    def listening(self, conversation_id: str | None) -> Iterator[Bell]:
        """Hand out a bell for as long as a stream is open."""
        bell = Bell(conversation_id)
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    async def _look(self) -> None:
        """Look for news and ring where there is some."""
        if not self._bells:
            return
        now = self._clock()
        ids = {bell.conversation_id for bell in self._bells if bell.conversation_id}
        board, shown = await self._store.read(
            lambda s: (self._board_print(s, now), pulse.prints(s, ids, now))
        )
        for bell in self._bells:
            bell.tell(BOARD, board)
            if bell.conversation_id:
                bell.tell(CONVERSATION, shown.get(bell.conversation_id))

    def _board_print(self, session: Session, now: datetime) -> pulse.Print:
        if self._bots is None:
            self._bots = pulse.bot_print(session, now)
        return pulse.people_print(session), self._bots

    async def run(self) -> None:
        """Look for news for ever."""
        for number in count():
            await asyncio.sleep(LOOKS_EVERY)
            if number % BOTS_EVERY == 0:
                self._bots = None
            try:
                await self.look()
            except SQLAlchemyError:
                logger.exception("no news for the desk can be read; trying again")
