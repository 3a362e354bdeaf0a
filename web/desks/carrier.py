"""The carrier: takes our letters to Chatwoot, and tells when it cannot."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journey.store.tables import DeskThread
from journey.theirs import letters
from journey.theirs.falling import fall_back
from journey.theirs.following import Follower
from journey.theirs.letters import Kind, Load
from web.beside import Beside
from web.channels.faults import Later, Refused
from web.desks.carrying import WAYS, Arrived
from web.desks.chatwoot import Chatwoot
from web.processes import new_name
from web.sender import Sender
from web.store import Store
from web.waiting import wait_for_news

logger = logging.getLogger(__name__)

LOOKS_EVERY = 0.5
AT_ONCE = 8
PATIENCE = timedelta(seconds=60)
"""After so long without Chatwoot, our own desk takes a conversation."""
AFTERWARDS = {Kind.LEAVE: timedelta(hours=24), Kind.FORGET: timedelta(days=30)}
"""Letters that nobody waits for, and for how long they are tried."""


class Carrier:
    """Tells Chatwoot in the order of each conversation, and each thing once."""

    def __init__(
        self,
        store: Store,
        desk: Chatwoot,
        follower: Callable[[], Awaitable[Follower]],
        sender: Sender,
        *,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._store, self._desk, self._follower = store, desk, follower
        self._sender, self._clock, self._random = sender, clock, random
        self._beside: Beside[Kind] = Beside("a letter to the desk", self.nudge)
        self._news = asyncio.Event()
        self.name = new_name()

    def nudge(self) -> None:
        """Say that there may be something to tell."""
        self._news.set()

    async def run(self) -> None:
        """Tell Chatwoot what happens, until cancelled."""
        while True:
            self._news.clear()
            try:
                started = await self._follow() + await self._start_some()
            except SQLAlchemyError:
                logger.exception("letters to the desk cannot be read; trying again")
                started = 0
            if not started:
                await wait_for_news(self._news, LOOKS_EVERY)

    async def stop(self) -> None:
        """Break off and give everything back."""
        await self._beside.stop()
        await self._store.write(lambda s: letters.release(s, self.name))

    async def _follow(self) -> int:
        follower, now = await self._follower(), self._clock()
        behind = await self._store.read(follower.news)
        for conversation_id in behind:
            await self._follow_one(follower, conversation_id, now)
        return len(behind)

    async def _follow_one(
        self, follower: Follower, conversation_id: str, now: datetime
    ) -> None:
        await self._store.write(lambda s: follower.follow(s, conversation_id, now))

    async def _start_some(self) -> int:
        now, limit = self._clock(), AT_ONCE - len(self._beside)
        if limit <= 0 or not await self._store.read(lambda s: letters.is_due(s, now)):
            return 0
        loads = await self._store.write(
            lambda s: letters.claim(s, self.name, now=now, limit=limit)
        )
        for load in loads:
            self._beside.start(self._carry(load), load.kind)
        return len(loads)

    async def _carry(self, load: Load) -> None:
        """Try one letter once, and note what became of it."""
        try:
            arrived = await WAYS[load.kind](self._desk, load)
        except Refused as error:
            await self._give_up(load, str(error))
        except Later as error:
            await self._later(load, error)
        except Exception as error:
            logger.exception("the desk's answer to %s cannot be read", load.kind)
            await self._later(load, Later(repr(error)))
        else:
            await self._store.write(lambda s: self._finish(s, load, arrived))

    def _finish(self, session: Session, load: Load, arrived: Arrived) -> None:
        now = self._clock()
        since = arrived.at or now
        if not letters.finish(session, load, self.name, arrived.message, since):
            return
        thread = session.get(DeskThread, load.conversation_id)
        if thread is None:
            return
        thread.contact = arrived.contact or thread.contact
        thread.key = arrived.key or thread.key
        if arrived.status:
            thread.status = arrived.status
        if load.kind == Kind.LEAVE:
            # What the desk said before this is no news any more.
            thread.changed_at = now

    async def _later(self, load: Load, error: Later) -> None:
        """Try again when Chatwoot says, else after a wait that doubles."""
        now = self._clock()
        wait = error.wait(load.attempts, self._random)
        at = now + timedelta(seconds=wait)
        if at > load.created_at + AFTERWARDS.get(load.kind, PATIENCE):
            await self._give_up(load, str(error))
            return
        why = str(error)
        logger.warning("the desk has no %s: %s; again in %.1f s", load.kind, why, wait)
        await self._store.write(
            lambda s: letters.retry(s, load, self.name, at=at, failure=why)
        )
        asyncio.get_running_loop().call_later(wait + 0.01, self.nudge)

    async def _give_up(self, load: Load, why: str) -> None:
        """Give a letter up; what somebody waits for is answered at our own desk."""
        logger.error("the desk did not take a letter (%s): %s", load.kind, why)
        languages = (await self._follower()).knowledge.languages
        now = self._clock()

        def give_up(session: Session) -> None:
            if letters.bury(session, load, self.name, why) and _waits(load):
                fall_back(
                    session,
                    load.conversation_id,
                    why=why,
                    languages=languages,
                    now=now,
                )

        await self._store.write(give_up)
        if _waits(load):
            await self._sender.send(load.conversation_id)


def _waits(load: Load) -> bool:
    return load.kind not in AFTERWARDS
