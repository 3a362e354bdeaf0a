"""What waits is written together, and each by itself: all, or only what broke not."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from journey.store.base import Base
from journey.store.tables import Customer
from tests.factories import NOW
from web.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/coach.db")
    Base.metadata.create_all(store.engine)
    yield store
    store.close()


def meeting(name: str, *, broken: bool = False) -> Callable[[Session], str]:
    def meet(session: Session) -> str:
        session.add(Customer(id=name, created_at=NOW))
        session.flush()
        if broken:
            raise LookupError(name)
        return name

    return meet


async def together(store: Store, *works: Callable[[Session], str]) -> list[object]:
    """Ask for all while the writer is busy, so that they wait for it at once."""
    go = threading.Event()
    busy = asyncio.create_task(store.write(lambda _: go.wait(10)))
    await asyncio.sleep(0)
    asked = [asyncio.create_task(store.write(work, first=True)) for work in works]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(busy, return_exceptions=True)
    return await asyncio.gather(*asked, return_exceptions=True)


async def customers(store: Store) -> list[str]:
    return await store.read(
        lambda session: list(session.scalars(select(Customer.id).order_by(Customer.id)))
    )


async def test_what_waits_shares_one_commit(store: Store) -> None:
    commits: list[object] = []
    event.listen(store.engine, "commit", commits.append)
    assert await together(store, *map(meeting, "abcde")) == list("abcde")
    assert len(commits) == 2
    assert await customers(store) == list("abcde")


async def test_what_breaks_takes_nobody_with_it(store: Store) -> None:
    works = meeting("a"), meeting("b", broken=True), meeting("c")
    first, second, third = await together(store, *works)
    assert (first, third) == ("a", "c")
    assert isinstance(second, LookupError)
    assert await customers(store) == ["a", "c"]


async def test_nobody_hears_that_it_is_kept_before_the_commit(store: Store) -> None:
    def fail(_: object) -> None:
        raise OSError("the disk is full")

    event.listen(store.engine, "commit", fail)
    heard = await together(store, meeting("a"), meeting("b"))
    event.remove(store.engine, "commit", fail)
    assert [type(one) for one in heard] == [OSError, OSError]
    assert await customers(store) == []


async def test_what_somebody_waits_for_is_on_the_disk(store: Store) -> None:
    levels: dict[str, int] = {}

    def look(name: str) -> Callable[[Session], None]:
        def note(session: Session) -> None:
            asked = session.connection().exec_driver_sql("PRAGMA synchronous")
            levels[name] = int(asked.scalar_one())

        return note

    await store.write(look("first"), first=True)
    await store.write(look("other"))
    assert levels == {"first": 2, "other": 1}


async def test_who_waits_goes_before_the_rest_of_what_nobody_waits_for(
    store: Store,
) -> None:
    order: list[str] = []
    waits = threading.Event()

    def begin(_: Session) -> None:
        waits.wait(10)
        order.append("begun")

    def note(name: str) -> Callable[[Session], None]:
        return lambda _: order.append(name)

    others = [store.write(begin), *(store.write(note("other")) for _ in range(3))]
    asked = [asyncio.ensure_future(one) for one in others]
    await asyncio.sleep(0)
    asked.append(asyncio.ensure_future(store.write(note("first"), first=True)))
    await asyncio.sleep(0)
    waits.set()
    await asyncio.gather(*asked)
    assert order == ["begun", "first", "other", "other", "other"]


async def test_who_waits_hears_that_the_database_lets_nobody_in(store: Store) -> None:
    def refuse(_: object) -> None:
        raise OSError("busy")

    event.listen(store.engine, "begin", refuse)
    heard = await together(store, meeting("a"), meeting("b"))
    event.remove(store.engine, "begin", refuse)
    assert [type(one) for one in heard] == [OSError, OSError]
    assert await together(store, meeting("c")) == ["c"]
