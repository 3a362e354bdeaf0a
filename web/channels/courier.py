"""The courier: takes what is on its way to the providers, as fast as each allows."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journey.messages import dispatches
from journey.messages.capabilities import capability
from journey.messages.dispatches import Load
from journey.store.tables import Thread
from web.beside import Beside
from web.channels.base import Channel
from web.channels.faults import Gone, Later, Refused, WindowClosed
from web.processes import new_name
from web.store import Store
from web.waiting import wait_for_news

logger = logging.getLogger(__name__)

LOOKS_EVERY = 0.5
AT_ONCE = 16
"""How many messages of one channel are under way at once."""
TRIES = 8
GIVE_UP_AFTER = timedelta(hours=24)


class Pace:
    """Lets through as many messages a second as a provider takes."""

    def __init__(self, per_second: float, now: datetime) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second)
        self._left, self._at = self._most, now

    def ready(self, now: datetime) -> int:
        """Return how many may go now."""
        passed = max((now - self._at).total_seconds(), 0.0)
        self._left = min(self._most, self._left + passed * self._per_second)
        self._at = max(now, self._at)
        return int(self._left)

    def take(self, count: int) -> None:
        """Note that so many go."""
        self._left -= count

    def pause(self, until: datetime) -> None:
        """Let nothing through until an instant: the provider asked for it."""
        self._left, self._at = 0.0, max(until, self._at)


class Courier:
    """Delivers in order within each conversation, and never drops in silence."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._store, self._channels, self.name = store, channels, new_name()
        self._clock, self._random = clock, random
        self._beside: Beside[str] = Beside("a delivery", self.nudge)
        self._news = asyncio.Event()
        self._paces = {
            channel: Pace(capability(channel).per_second, clock())
            for channel in channels
        }

    def nudge(self) -> None:
        """Say that there may be something to deliver."""
        self._news.set()

    async def run(self) -> None:
        """Deliver, until cancelled."""
        while True:
            self._news.clear()
            started = 0
            for channel in self._channels:
                started += await self._start_some(channel)
            if not started:
                await wait_for_news(self._news, LOOKS_EVERY)

    async def stop(self) -> None:
        """Break off and give everything back."""
        await self._beside.stop()
        await self._store.write(lambda s: dispatches.release(s, self.name))

    async def _start_some(self, channel: str) -> int:
        busy = sum(name == channel for name in self._beside)
        now, pace = self._clock(), self._paces[channel]
        limit = min(AT_ONCE - busy, pace.ready(now))
        if limit <= 0:
            return 0
        try:
            # A look that finds nothing must not wait for the writers.
            if not await self._store.read(lambda s: dispatches.is_due(s, channel, now)):
                return 0
            loads = await self._store.write(
                lambda s: dispatches.claim(s, self.name, channel, now=now, limit=limit)
            )
        except SQLAlchemyError:
            logger.exception("deliveries cannot be read; trying again")
            return 0
        pace.take(len(loads))
        for load in loads:
            self._beside.start(self._deliver(channel, load), channel)
        return len(loads)

    async def _deliver(self, channel: str, load: Load) -> None:
        """Try one part once, and note what became of it."""
        try:
            provider_id = await self._channels[channel].send(load, self._clock())
        except WindowClosed as error:
            await self._hold(channel, load, str(error))
        except Gone as error:
            await self._leave(load, str(error))
        except Refused as error:
            await self._bury(load, str(error))
        except Later as error:
            await self._later(channel, load, error)
        except Exception as error:
            logger.exception("%s cannot deliver", channel)
            await self._later(channel, load, Later(repr(error)))
        else:
            now = self._clock()
            await self._store.write(
                lambda s: dispatches.finish(s, load, self.name, provider_id, now)
            )

    async def _later(self, channel: str, load: Load, error: Later) -> None:
        """Try again when the provider says, else after a wait that doubles."""
        now = self._clock()
        tries = load.attempts + int(not error.limited)
        if tries >= TRIES or now - load.created_at > GIVE_UP_AFTER:
            await self._bury(load, str(error))
            return
        wait = error.wait(tries, self._random)
        at = now + timedelta(seconds=wait)
        if error.limited:
            self._paces[channel].pause(at)
        logger.warning("%s; trying again in %.1f s", error, wait)
        await self._store.write(
            lambda session: dispatches.retry(
                session,
                load,
                self.name,
                at=at,
                failure=str(error),
                counted=not error.limited,
            )
        )
        asyncio.get_running_loop().call_later(wait + 0.01, self.nudge)

    async def _hold(self, channel: str, load: Load, why: str) -> None:
        """Keep a part until the window opens; knock once."""
        first = await self._store.write(
            lambda s: dispatches.hold(s, load, self.name, why)
        )
        if first:
            try:
                await self._channels[channel].knock(load, self._clock())
            except (Later, Refused) as error:
                logger.error("%s cannot ask for an answer: %s", channel, error)

    async def _leave(self, load: Load, why: str) -> None:
        """Give a part up, and remember that nothing reaches this customer."""
        now = self._clock()

        def leave(session: Session) -> None:
            if dispatches.bury(session, load, self.name, why, now):
                session.get_one(Thread, load.conversation_id).blocked_at = now

        await self._store.write(leave)

    async def _bury(self, load: Load, why: str) -> None:
        logger.error("a message of %s is given up: %s", load.conversation_id, why)
        now = self._clock()
        await self._store.write(lambda s: dispatches.bury(s, load, self.name, why, now))
