"""Who writes: what comes first goes first, and what waits is committed together."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

T = TypeVar("T")
Work = Callable[[Session], Any]
Asked = tuple[Future[Any], Work]
MOST = 32
"""So many requests share a commit at most: the first does not wait for long."""
FEW = 4
"""So many of what nobody waits for, and no more of them once somebody waits."""


class Writers(ABC):
    """Threads with two queues: what is first, and all else."""

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine, self._pool = engine, ThreadPoolExecutor(threads, "write")
        self._first: deque[Asked] = deque()
        self._others: deque[Asked] = deque()

    def submit(self, work: Callable[[Session], T], first: bool) -> "Future[T]":
        """Queue `work`; its result comes with the future."""
        future: Future[T] = Future()
        (self._first if first else self._others).append((future, work))
        self._pool.submit(self._next)
        return future

    def shutdown(self) -> None:
        """Let all that is queued finish."""
        self._pool.shutdown()

    @abstractmethod
    def _next(self) -> None:
        """Do what waits longest, of what is first if there is such."""

    def _taken(self, queue: deque[Asked], most: int) -> Iterator[Asked]:
        for _ in range(most):
            try:
                future, work = queue.popleft()
            except IndexError:
                return
            if future.set_running_or_notify_cancel():
                yield future, work


class Alone(Writers):
    """Each in a transaction of its own, several at once."""

    def _next(self) -> None:
        for future, work in self._taken(self._first or self._others, 1):
            try:
                with Session(self._engine, expire_on_commit=False) as session:
                    with session.begin():
                        result = work(session)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)


class Together(Writers):
    """One after the other, and one commit for all that wait.

    Each has a savepoint of its own: what breaks takes nobody with it, and nobody
    hears that something is kept before the commit.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, 1)
        self._durable = engine.execution_options(durable=True)

    def _next(self) -> None:
        if self._first:
            self._write(self._durable, self._taken(self._first, MOST))
        else:
            self._write(self._engine, self._while_nobody_waits())

    def _while_nobody_waits(self) -> Iterator[Asked]:
        for asked in self._taken(self._others, FEW):
            yield asked
            if self._first:
                return

    def _write(self, engine: Engine, group: Iterator[Asked]) -> None:
        # One at least, also when the database lets nobody in: it hears of it.
        begun = list(islice(group, 1))
        if not begun:
            return
        done: list[tuple[Future[Any], Any]] = []
        try:
            with engine.begin() as connection:
                for future, work in chain(tuple(begun), group):
                    begun.append((future, work))
                    try:
                        done.append((future, _apart(connection, work)))
                    except Exception as error:
                        future.set_exception(error)
        except BaseException as error:
            for future, _ in begun:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, result in done:
                future.set_result(result)


def _apart(connection: Connection, work: Work) -> Any:
    with Session(
        connection,
        expire_on_commit=False,
        join_transaction_mode="create_savepoint",
    ) as session:
        with session.begin():
            return work(session)
