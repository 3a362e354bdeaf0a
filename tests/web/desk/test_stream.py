import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from journey.desk import signin
from tests.web.desk.conftest import Desk, Seat
from tests.web.desk.talk import talking
from web.desk.watch import Bell

PATIENCE = 30
"""Seconds: on a loaded machine news come late, and late is not what is tested."""


@asynccontextmanager
async def listening(seat: Seat, query: str = "") -> AsyncIterator[asyncio.Queue[str]]:
    """Yield the kinds of events of a stream, as they come."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen() -> None:
        url = f"/desk/events{query}"
        async with seat.http.stream("GET", url, timeout=None) as response:
            async for line in response.aiter_lines():
                if line.startswith("event:"):
                    heard.put_nowait(line[6:].strip())

    task = asyncio.create_task(listen())
    try:
        assert await asyncio.wait_for(heard.get(), PATIENCE) == "ready"
        yield heard
    finally:
        task.cancel()


async def hear(heard: "asyncio.Queue[str]", wanted: str) -> None:
    """Wait for an event; others may come before it."""
    while await asyncio.wait_for(heard.get(), PATIENCE) != wanted:
        pass


async def test_new_conversation_rings(desk: Desk) -> None:
    ana = await desk.signed_in()
    async with listening(ana) as heard:
        await talking(desk)
        await hear(heard, "board")


async def test_new_message_rings_where_it_is_shown(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    async with listening(ana, f"?conversation={customer.id}") as heard:
        await customer.browser.say("and my neck")
        await hear(heard, "conversation")


async def test_colleague_who_types_rings(desk: Desk) -> None:
    customer = await talking(desk)
    ana, bo = await desk.signed_in("ana"), await desk.signed_in("bo")
    async with listening(ana, f"?conversation={customer.id}") as heard:
        await bo.post(f"{customer.address}/here", typing="1", seen="1")
        await hear(heard, "conversation")


async def test_stream_ends_with_the_session(desk: Desk) -> None:
    ana = await desk.signed_in()
    secret = ana.http.cookies["coach_desk"]
    store, now = desk.system.service.store, desk.system.service.clock()
    async with listening(ana) as heard:
        await store.write(lambda s: signin.close_session(s, secret, now))
        await talking(desk)
        await hear(heard, "gone")


def test_bell_rings_once_for_what_changed() -> None:
    bell = Bell(None)
    bell.tell("board", (1,))
    assert not bell.rings.is_set()
    bell.tell("board", (2,))
    bell.tell("board", (2,))
    assert bell.take() == {"board"}
    assert not bell.rings.is_set()
