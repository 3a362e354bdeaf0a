"""The worker: claims messages in order and never gives one up in silence."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journey.desk import ways
from journey.desk.ending import RATE
from journey.desk.ways import CARRY_ON
from journey.messages import dispatches, inbox
from journey.messages.inbox import Work
from journey.owner import ownership
from journey.owner.help import Help
from journey.owner.ownership import Owner
from journey.theirs import letters
from web.beside import Beside
from web.door import Door, DoorClosed, DoorFailed, DoorRefused, Said
from web.hub import Hub
from web.processes import is_dead, new_name
from web.sender import Sender
from web.store import Store
from web.texts import Texts
from web.turns import NOTICE, Turn
from web.waiting import wait_for_news

logger = logging.getLogger(__name__)

AT_ONCE = 32
SPARE = 8
"""So many more for who may want a person, while all else is busy."""
LOOKS_EVERY = 0.5
RENEWS_EVERY = inbox.LEASE.total_seconds() / 4
PATIENCE = timedelta(seconds=15)
"""After so long a customer hears that it takes long."""
MAX_FAILURES = 15
GIVE_UP_AFTER = timedelta(minutes=30)
SHORTEST, LONGEST = 0.25, 10.0
"""Seconds until the next try; in between a quarter of the message's age."""


class Worker:
    """Answers many conversations at once, each in the order of its messages."""

    def __init__(
        self,
        store: Store,
        door: Door,
        sender: Sender,
        hub: Hub,
        texts: Texts,
        help: Help,
        *,
        clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._store, self._door, self._sender = store, door, sender
        self._hub, self._texts, self._help = hub, texts, help
        self._clock, self._random = clock, random
        self._beside: Beside[Work] = Beside("a turn", self.nudge)
        self._news = asyncio.Event()
        self.name = new_name()

    def nudge(self) -> None:
        """Say that there may be work."""
        self._news.set()

    async def run(self) -> None:
        """Answer what comes in, until cancelled."""
        await self._store.write(release_the_dead)
        while True:
            self._news.clear()
            if not await self._start_some():
                await wait_for_news(self._news, LOOKS_EVERY)

    async def keep_leases(self) -> None:
        """Prolong the leases of what is being answered, until cancelled."""
        while True:
            await asyncio.sleep(RENEWS_EVERY)
            try:
                await self._store.write(self._renew)
            except SQLAlchemyError:
                logger.exception("leases cannot be prolonged")

    async def stop(self) -> None:
        """Break off and give the work back; another process goes on with it."""
        await self._beside.stop()
        await self._store.write(lambda session: inbox.release(session, self.name))

    def _renew(self, session: Session) -> None:
        held = [work.message_id for work in self._beside]
        inbox.renew(session, self.name, held, now=self._clock())

    async def _start_some(self) -> bool:
        busy = len(self._beside)
        urgent = busy >= AT_ONCE
        free = AT_ONCE + SPARE * urgent - busy
        if not free:
            return False
        now = self._clock()
        try:
            works = await self._store.write(
                lambda s: inbox.claim(s, self.name, now=now, limit=free, urgent=urgent)
            )
        except SQLAlchemyError:
            logger.exception("the inbox cannot be read; trying again")
            return False
        for work in works:
            self._beside.start(self._answer(work), work)
        return bool(works)

    async def _answer(self, work: Work) -> None:
        """Take one message as far as it goes now."""
        try:
            await self._take(work)
        except DoorClosed as error:
            await self._later(work, str(error), counted=False)
        except DoorRefused as error:
            await self._give_up(work, str(error))
        except DoorFailed as error:
            await self._later(work, str(error), counted=True)
        except Exception as error:
            logger.exception("a turn broke off")
            await self._later(work, repr(error), counted=True)

    async def _take(self, work: Work) -> None:
        if work.payload and work.payload.startswith(RATE):
            await self._finish(work, self._turn(work).rate)
            return
        ours = work.payload == CARRY_ON or work.payload in ways.KINDS
        if ours or not await self._is_for_bot(work):
            await self._finish(work, self._turn(work).hold)
            return
        if work.payload and work.payload.startswith(NOTICE):
            await self._finish(work, self._turn(work).tell)
            return
        said = await self._ask(work)
        turn = self._turn(work)
        await self._finish(work, lambda session: turn.answer(session, said))

    async def _is_for_bot(self, work: Work) -> bool:
        if work.owner == Owner.BOT:
            return True
        # It asked for a person before a process died: what was said then is owed.
        return work.owner == Owner.REQUESTED and await self._store.read(
            lambda session: ownership.asked_by(session, work.message_id)
        )

    async def _ask(self, work: Work) -> Sequence[Said]:
        """Return what the bot says; apologise when that takes too long."""
        call = asyncio.create_task(self._door.turn(work))
        left = (work.accepted_at + PATIENCE - self._clock()).total_seconds()
        try:
            done, _ = await asyncio.wait({call}, timeout=max(1.0, left))
            if not done:
                await self._finish(work, self._turn(work).apologise)
            return await call
        finally:
            call.cancel()

    async def _later(self, work: Work, failure: str, *, counted: bool) -> None:
        """Give a message back to be tried again, unless that was tried enough."""
        age = self._clock() - work.accepted_at
        failures = work.attempts + int(counted)
        if failures >= MAX_FAILURES or age > GIVE_UP_AFTER:
            await self._give_up(work, failure)
            return
        if age > PATIENCE:
            await self._finish(work, self._turn(work).apologise)
        wait = min(max(SHORTEST, age.total_seconds() / 4), LONGEST)
        wait *= self._random.uniform(0.5, 1.5)
        at = self._clock() + timedelta(seconds=wait)
        asyncio.get_running_loop().call_later(wait + 0.01, self.nudge)
        logger.warning("message %s: %s", work.message_id, failure)
        await self._store.write(
            lambda session: inbox.retry(
                session, work, self.name, at=at, failure=failure, counted=counted
            )
        )

    async def _give_up(self, work: Work, failure: str) -> None:
        logger.error("message %s is given up: %s", work.message_id, failure)
        turn = self._turn(work)
        await self._finish(work, lambda session: turn.give_up(session, failure))

    async def _finish(self, work: Work, end: Callable[[Session], bool]) -> None:
        await self._sender.send_after(end, work.conversation_id)

    def _turn(self, work: Work) -> Turn:
        return Turn(work, self.name, self._texts, self._help, self._clock())


def release_the_dead(session: Session) -> None:
    """Give back what processes of this machine held that are no more."""
    for held in (inbox, dispatches, letters):
        for holder in held.holders(session):
            if is_dead(holder):
                held.release(session, holder)
