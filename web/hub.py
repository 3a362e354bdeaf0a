"""Who listens to which conversation, and the one place that looks for news."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from journey.messages.conversations import Pulse, pulses
from web.shared import Shared
from web.store import Store

logger = logging.getLogger(__name__)
LOOKS_EVERY = 0.5
BATCH = 500
SILENT = Pulse()


@dataclass(eq=False)
class Listener:
    """One open stream: the pulse it was last told, and a bell."""

    bell: asyncio.Event
    pulse: Pulse = SILENT

    def tell(self, pulse: Pulse) -> None:
        """Ring when the pulse changed."""
        if pulse != self.pulse:
            self.pulse = pulse
            self.bell.set()


class Hub:
    """Tells listeners that something changed; they fetch what is new themselves.

    One query for all conversations that are listened to, twice a second, finds
    what other processes did; what this process did is told at once. One look comes
    after the other: told last by an older reading, a stream would go back, and take
    a conversation that had just begun for one that is forgotten.
    """

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._wanted: set[str] = set()
        self._look = Shared(self._look_at_wanted)

    @contextmanager
    def listening(self, conversation_id: str) -> Iterator[Listener]:
        """Hand out a listener for as long as a stream is open."""
        listener = Listener(asyncio.Event())
        self._listeners[conversation_id].add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation_id].discard(listener)
            if not self._listeners[conversation_id]:
                del self._listeners[conversation_id]

    async def look(self, conversation_ids: Iterable[str]) -> None:
        """Look for news in conversations and tell who listens."""
        if wanted := self._listeners.keys() & set(conversation_ids):
            self._wanted |= wanted
            await self._look()

    async def _look_at_wanted(self) -> None:
        wanted, self._wanted = list(self._wanted), set()
        for start in range(0, len(wanted), BATCH):
            await self._look_at(wanted[start : start + BATCH])

    async def _look_at(self, conversation_ids: Sequence[str]) -> None:
        now = self._clock()
        found = await self._store.read(lambda s: pulses(s, conversation_ids, now))
        for conversation_id in conversation_ids:
            for listener in self._listeners.get(conversation_id, ()):
                listener.tell(found.get(conversation_id, SILENT))

    async def run(self) -> None:
        """Look for news in all conversations, for ever."""
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            try:
                await self.look(list(self._listeners))
            except SQLAlchemyError:
                logger.exception("no news can be read; trying again")
