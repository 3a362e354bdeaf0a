"""The send point: what is ready goes out, under the owner that is there now."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from journey.messages import outbox
from web.channels.courier import Courier
from web.channels.posting import send_ready
from web.hub import Hub
from web.store import Store
from web.texts import Texts

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
        now = self._clock()
        posted = await self._store.write(
            lambda session: send_ready(session, conversation_id, self._texts, now=now)
        )
        if posted:
            self._courier.nudge()
        await self._hub.look([conversation_id])

    async def run(self) -> None:
        """Send what nobody sent, for ever."""
        while True:
            try:
                for conversation_id in await self._store.read(outbox.waiting):
                    await self.send(conversation_id)
            except SQLAlchemyError:
                logger.exception("the outbox cannot be read; trying again")
            await asyncio.sleep(LOOKS_EVERY)
