"""One turn at a time in a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockStore


class ConversationLocks(LockStore):  # type: ignore[misc]
    """Locks of this process, served in order.

    Rasa's own ask again once a second and give up after a minute. Other processes are
    kept out where the turn is saved (see `history.Conflict`).
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        """Rasa hands in the endpoint configuration; nothing of it is needed."""
        del endpoint_config
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, *_lifetime: float, **_wait: float
    ) -> AsyncIterator[asyncio.Lock]:
        """Hold the conversation's lock."""
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        async with lock:
            yield lock
