"""The send point: what is ready goes out, under the owner that is there now."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journey.messages import outbox
from web.channels.courier import Courier
from web.channels.posting import send_ready
from web.hub import Hub
from web.store import Store
from web.texts import Texts

T = TypeVar("T")
logger = logging.getLogger(__name__)
LOOKS_EVERY = 1.0


class Sender:
    """Sends at once when told, and looks for what a dead process left."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        courier: Courier,
        texts: Texts,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._hub, self._courier = store, hub, courier
        self._texts, self._clock = texts, clock

    async def send(self, conversation_id: str) -> None:
        """Send what is ready in a conversation; tell who listens and who delivers."""
        await self.send_after(lambda _session: None, conversation_id)

    async def send_after(
        self,
        work: Callable[[Session], T],
        conversation_id: str,
        *,
        first: bool = False,
    ) -> T:
        """Do `work` and send what is ready then, in one transaction (see `Store`)."""
        now = self._clock()

        def both(session: Session) -> tuple[T, bool]:
            done = work(session)
            return done, send_ready(session, conversation_id, self._texts, now=now)

        done, posted = await self._store.write(both, first=first)
        if posted:
            self._courier.nudge()
        await self._hub.look([conversation_id])
        return done

    async def run(self) -> None:
        """Send what nobody sent, for ever."""
        while True:
            try:
                for conversation_id in await self._store.read(outbox.waiting):
                    await self.send(conversation_id)
            except SQLAlchemyError:
                logger.exception("the outbox cannot be read; trying again")
            await asyncio.sleep(LOOKS_EVERY)
