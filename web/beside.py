"""Work that runs beside a loop: each piece of it with what it is about."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Generic, TypeVar

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Beside(Generic[T]):
    """Tasks under way; `ended` is called after each, and what broke off is logged.

    Whatever broke off is held by a lease that nothing prolongs any more: it is tried
    again when that ends.
    """

    def __init__(self, what: str, ended: Callable[[], None]) -> None:
        self._what, self._when_ended = what, ended
        self._running: dict[asyncio.Task[None], T] = {}

    def __len__(self) -> int:
        """Return how many are under way."""
        return len(self._running)

    def __iter__(self) -> Iterator[T]:
        """Yield what each is about."""
        return iter(self._running.values())

    def start(self, work: Coroutine[Any, Any, None], about: T) -> None:
        """Let a piece of work run."""
        task = asyncio.create_task(work)
        self._running[task] = about
        task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Break everything off."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.pop(task)
        self._when_ended()
        if not task.cancelled() and (error := task.exception()):
            logger.error("%s broke off", self._what, exc_info=error)
