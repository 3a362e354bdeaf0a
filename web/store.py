"""The database from asynchronous code: one transaction is one call in a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.store.engine import open_engine, reading
from web.writers import Alone, Together, Writers

T = TypeVar("T")
READERS = 4
WRITERS = 8


class Store:
    """Runs transactions in threads.

    SQLite lets one writer in at a time: with a single thread for writes they
    queue here, in order, instead of polling for the lock of the file, and what
    waits is committed together. What somebody waits for at the other end of a
    request goes first. PostgreSQL has many writers, and gathers commits itself.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_engine(url)
        if self.engine.dialect.name == "sqlite":
            self._writers: Writers = Together(self.engine)
        else:
            self._writers = Alone(self.engine, WRITERS)
        self._readers = ThreadPoolExecutor(READERS, "read")

    async def write(self, work: Callable[[Session], T], *, first: bool = False) -> T:
        """Run `work` in one transaction and commit it.

        `first`: before all others, and on the disk before this returns, since
        somebody is told that it is kept.
        """
        future = self._writers.submit(work, first)
        # A transaction that has begun ends, even when who asked is cancelled.
        return await asyncio.shield(asyncio.wrap_future(future))

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that only reads."""
        loop = asyncio.get_running_loop()
        return await asyncio.shield(
            loop.run_in_executor(self._readers, lambda: self._read(work))
        )

    def close(self) -> None:
        """Let what runs finish and close all connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    def _read(self, work: Callable[[Session], T]) -> T:
        with reading(self.engine) as session:
            return work(session)
