"""The database from asynchronous code: one transaction is one call in a thread."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.store.engine import open_engine, reading

T = TypeVar("T")
READERS = 4
WRITERS = 8


class Store:
    """Runs transactions in threads.

    SQLite lets one writer in at a time: with a single thread for writes they
    queue here, in order, instead of polling for the lock of the file. What somebody
    waits for at the other end of a request goes first.
    """

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_engine(url)
        alone = self.engine.dialect.name == "sqlite"
        self._writers = Writers(1 if alone else WRITERS)
        self._readers = ThreadPoolExecutor(READERS, "read")

    async def write(self, work: Callable[[Session], T], *, first: bool = False) -> T:
        """Run `work` in one transaction and commit it; `first`: before all others."""
        future = self._writers.submit(lambda: self._write(work), first)
        # A transaction that has begun ends, even when who asked is cancelled.
        return await asyncio.shield(asyncio.wrap_future(future))

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


class Writers:
    """Threads with two queues: what is first, and all else."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "write")
        self._first: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._others: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, work: Callable[[], T], first: bool) -> "Future[T]":
        """Queue `work`; its result comes with the future."""
        future: Future[T] = Future()
        (self._first if first else self._others).append((future, work))
        self._pool.submit(self._next)
        return future

    def shutdown(self) -> None:
        """Let all that is queued finish."""
        self._pool.shutdown()

    def _next(self) -> None:
        try:
            future, work = self._first.popleft()
        except IndexError:
            future, work = self._others.popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)


async def _run(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    # A transaction that has begun ends, even when who asked for it is cancelled.
    return await asyncio.shield(asyncio.get_running_loop().run_in_executor(pool, work))
