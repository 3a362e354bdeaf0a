"""The one place that looks for news: an older reading never has the last word."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from journey.store.tables import Conversation
from tests.databases import put_sqlite
from tests.factories import NOW, make_conversation, make_customer
from web.hub import Hub
from web.store import Store

T = TypeVar("T")


class Slow(Store):
    """A store whose first reading arrives when it is told to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.readings = 0
        self.has_read, self.may_arrive = asyncio.Event(), asyncio.Event()

    async def read(self, work: Callable[[Session], T]) -> T:
        self.readings += 1
        is_first = self.readings == 1
        found = await super().read(work)
        self.has_read.set()
        if is_first:
            await self.may_arrive.wait()
        return found


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Slow]:
    store = Slow(put_sqlite(tmp_path / "coach.db"))
    yield store
    store.close()


def begun(session: Session) -> Conversation:
    return make_conversation(session, make_customer(session), id="new", position=1)


async def test_older_reading_does_not_take_a_begun_conversation_for_gone(
    store: Slow,
) -> None:
    hub = Hub(store, lambda: NOW)
    with hub.listening("new") as listener:
        older = asyncio.create_task(hub.look(["new"]))
        await store.has_read.wait()
        await store.write(begun)
        newer = asyncio.create_task(hub.look(["new"]))
        await asyncio.wait({newer}, timeout=0.2)
        store.may_arrive.set()
        await asyncio.gather(older, newer)
    assert listener.pulse.position == 1


async def test_looks_asked_for_during_another_are_one_reading(store: Slow) -> None:
    hub = Hub(store, lambda: NOW)
    with hub.listening("one"), hub.listening("two"):
        looks = [asyncio.create_task(hub.look(["one"]))]
        await store.has_read.wait()
        looks += [asyncio.create_task(hub.look([x])) for x in ("one", "two") * 5]
        await asyncio.sleep(0)
        store.may_arrive.set()
        await asyncio.gather(*looks)
    assert store.readings == 2
