"""What arrived: on the disk before its provider hears so, taken in right after."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from journey.store.tables import Arrival
from web.channels.courier import Courier
from web.channels.incoming import Incoming
from web.channels.intake import Intake
from web.edge import RateLimit
from web.hub import Hub
from web.shared import Shared
from web.store import Store
from web.texts import Texts
from web.waiting import wait_for_news
from web.worker import Worker

logger = logging.getLogger(__name__)
LOOKS_EVERY = 0.5
AT_ONCE = 4
"""So many are taken in by one transaction: who arrives meanwhile waits for it."""
LONGEST = timedelta(minutes=5)
"""Until what broke off is tried again; at first a second, and each time twice that."""


def stuck(session: Session) -> list[tuple[str, int]]:
    """Return the channels of which something could not be taken in, and how much."""
    failed = select(Arrival.channel, func.count()).where(Arrival.failures > 0)
    rows = session.execute(failed.group_by(Arrival.channel).order_by(Arrival.channel))
    return [(channel, count) for channel, count in rows]


class Arrivals:
    """Keeps at once what providers tell us, and takes it in as soon as it can.

    A provider waits for a single short row, whatever else there is to do; requests
    that come in meanwhile share the next statement and its commit.
    """

    def __init__(
        self,
        store: Store,
        worker: Worker,
        courier: Courier,
        hub: Hub,
        texts: Texts,
        rate: RateLimit,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._worker, self._courier = store, worker, courier
        self._hub, self._texts, self._clock = hub, texts, clock
        self._rate, self._news = rate, asyncio.Event()
        self._rows: list[dict[str, Any]] = []
        self._put_down = Shared(self._write)

    async def keep(self, channel: str, told: Sequence[Incoming]) -> None:
        """Put down what a channel's provider told; on return it is on the disk."""
        if not told:
            return
        in_order, now = sorted(told, key=lambda one: one.at), self._clock()
        self._rows += [
            {"channel": channel, "content": one.as_content(), "at": now}
            for one in in_order
        ]
        await self._put_down()
        self._news.set()

    async def run(self) -> None:
        """Take in what arrived, until cancelled."""
        while True:
            self._news.clear()
            try:
                more = await self._take_some()
            except SQLAlchemyError:
                logger.exception("what arrived cannot be read; trying again")
                more = False
            if not more:
                await wait_for_news(self._news, LOOKS_EVERY)

    async def _write(self) -> None:
        rows, self._rows = self._rows, []
        # All that waited is written by the first who asks; the others find nothing.
        if rows:
            await self._store.write(
                lambda s: s.execute(insert(Arrival), rows), first=True
            )

    async def _take_some(self) -> bool:
        if not await self._store.read(lambda s: s.scalar(self._due().limit(1))):
            return False
        if touched := await self._store.write(self._take):
            self._worker.nudge()
            self._courier.nudge()
            await self._hub.look(touched)
        return True

    def _due(self) -> Any:
        now = self._clock()
        return (
            select(Arrival)
            .where(or_(Arrival.retry_at.is_(None), Arrival.retry_at <= now))
            .order_by(Arrival.number)
        )

    def _take(self, session: Session) -> set[str]:
        """Take in what waits longest; return in which conversations is something new.

        Another process that asks for the same rows waits for this one: nobody
        overtakes.
        """
        rows = session.scalars(self._due().limit(AT_ONCE).with_for_update())
        touched = [self._take_one(session, row) for row in rows.all()]
        return {conversation_id for conversation_id in touched if conversation_id}

    def _take_one(self, session: Session, row: Arrival) -> str | None:
        try:
            with session.begin_nested():
                intake = Intake(session, row.channel, self._texts, self._rate, row.at)
                touched = intake.take(Incoming.of_content(row.content))
                session.delete(row)
        except OperationalError:
            raise
        except Exception:
            logger.exception("what %s told cannot be taken in", row.channel)
            row.failures += 1
            wait = min(timedelta(seconds=2 ** min(row.failures, 20) / 2), LONGEST)
            row.retry_at = self._clock() + wait
            return None
        return touched
