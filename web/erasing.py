"""Carries out what customers asked for: to be forgotten, by us and by the engine."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journey.messages import buttons
from journey.messages.inbox import open_conversations
from journey.messages.outbox import State
from journey.people.privacy import conversations_of, erase_customer
from journey.store.tables import Erasure, Errand, Order, Outbox
from web.door import Door, DoorClosed, DoorFailed, DoorRefused
from web.hub import Hub
from web.store import Store

logger = logging.getLogger(__name__)
LOOKS_EVERY = 2.0


class Eraser:
    """Forgets customers whose conversations are idle; what fails is tried again."""

    def __init__(
        self, store: Store, door: Door, hub: Hub, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._door, self._hub, self._clock = store, door, hub, clock
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Look for erasures that are due, for ever."""
        await self._store.write(lambda s: buttons.drop_expired(s, now=self._clock()))
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            try:
                await self.erase_due()
            except (DoorClosed, DoorFailed, DoorRefused, SQLAlchemyError):
                logger.exception("an erasure failed; trying again")

    async def erase_due(self) -> None:
        """Forget everybody who asked for it and waits for no answer."""
        # Who looks while another erases would ask the engine a second time.
        async with self._turn:
            for customer_id in await self._store.read(due):
                await self._erase(customer_id)

    async def _erase(self, customer_id: str) -> None:
        conversations = await self._store.read(
            lambda session: conversations_of(session, customer_id)
        )
        # The engine first: without our rows nobody would know what it still holds.
        for conversation_id in conversations:
            await self._door.forget(conversation_id)
        now = self._clock()
        await self._store.write(lambda session: _erase_idle(session, customer_id, now))
        await self._hub.look(conversations)


def due(session: Session) -> list[str]:
    """Return the customers who are to be forgotten and whose conversations rest."""
    query = select(Erasure.customer_id).where(
        Erasure.done_at.is_(None), Erasure.customer_id.is_not(None)
    )
    return [who for who in session.scalars(query) if who and is_idle(session, who)]


def is_idle(session: Session, customer_id: str) -> bool:
    """Tell whether nothing is to be answered or sent to a customer."""
    conversations = conversations_of(session, customer_id)
    ready = select(Outbox.message_id).where(
        Outbox.conversation_id.in_(conversations), Outbox.state == State.READY
    )
    if open_conversations(session, conversations) or _on_errand(session, customer_id):
        return False
    return session.scalars(ready.limit(1)).first() is None


def _on_errand(session: Session, customer_id: str) -> bool:
    """Tell whether the shop's system still has to do something for a customer."""
    query = (
        select(Errand.number)
        .join(Order, Order.id == Errand.order_id)
        .where(Order.customer_id == customer_id, Errand.state == "new")
    )
    return session.scalar(query.limit(1)) is not None


def _erase_idle(session: Session, customer_id: str, now: datetime) -> None:
    # A message may have come in while the engine forgot; it is answered first.
    if is_idle(session, customer_id):
        erase_customer(session, customer_id, now)
