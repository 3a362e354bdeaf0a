"""The database from asynchronous code: one transaction is one call in a thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.store.engine import open_engine, reading

T = TypeVar("T")
READERS = 4
WRITERS = 8


class Store:
    """Runs transactions in threads.

    SQLite lets one writer in at a time: with a single thread for writes they
    queue here, in order, instead of polling for the lock of the file.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_engine(url)
        alone = self.engine.dialect.name == "sqlite"
        self._writers = ThreadPoolExecutor(1 if alone else WRITERS, "write")
        self._readers = ThreadPoolExecutor(READERS, "read")

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction and commit it."""
        return await _run(self._writers, lambda: self._write(work))

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that only reads."""
        return await _run(self._readers, lambda: self._read(work))

    def close(self) -> None:
        """Let what runs finish and close all connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    def _write(self, work: Callable[[Session], T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return work(session)

    def _read(self, work: Callable[[Session], T]) -> T:
        with reading(self.engine) as session:
            return work(session)


async def _run(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    # A transaction that has begun ends, even when who asked for it is cancelled.
    return await asyncio.shield(asyncio.get_running_loop().run_in_executor(pool, work))
