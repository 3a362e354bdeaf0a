"""The stream: every tab sees everything once, from wherever it left off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.web.conftest import Browser, Running


@asynccontextmanager
async def listening(browser: Browser, after: int = 0) -> AsyncIterator[None]:
    task = asyncio.create_task(browser.listen(after))
    while not any(kind == "ready" for kind, _ in browser.events):
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def shown(browser: Browser) -> list[str]:
    return [data["text"] for kind, data in browser.events if kind == "message"]


async def until(browser: Browser, count: int) -> list[str]:
    for _ in range(500):
        if len(shown(browser)) >= count:
            break
        await asyncio.sleep(0.02)
    return shown(browser)


async def test_streams_same_to_every_tab(system: Running) -> None:
    first = system.browser()
    await first.open()
    second = system.browser(
        cookie=f"coach_session={first.http.cookies['coach_session']}"
    )
    async with listening(first), listening(second):
        await first.say("hello")
        assert (await until(first, 3))[1:] == ["hello", "re: hello"]
        assert await until(second, 3) == shown(first)


async def test_resumes_after_cursor(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    await browser.say("hello")
    await browser.until("re: hello")
    async with listening(browser, after=2):
        assert await until(browser, 1) == ["re: hello"]


async def test_prefers_last_event_id(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    await browser.say("hello")
    await browser.until("re: hello")
    browser.http.headers["last-event-id"] = "2"
    async with listening(browser, after=0):
        assert await until(browser, 1) == ["re: hello"]


async def test_shows_typing_until_answered(system: Running) -> None:
    system.door.delay = 0.3
    browser = system.browser()
    await browser.open()
    async with listening(browser):
        await browser.say("hello")
        await until(browser, 3)
        await asyncio.sleep(0.7)
    kinds = [
        data.get("on", kind)
        for kind, data in browser.events
        if kind in ("typing", "message")
    ]
    assert kinds == ["message", "message", True, "message", False]


async def test_notices_what_another_process_wrote(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    async with listening(browser):
        system.service.hub.look = _nothing
        await browser.say("hello")
        system.service.hub.__dict__.pop("look")
        assert len(await until(browser, 3)) == 3


async def _nothing(_ids: object) -> None:
    return None


async def test_holds_many_idle_streams(system: Running) -> None:
    limits = httpx.Limits(max_connections=250)
    async with httpx.AsyncClient(
        base_url=system.url, limits=limits, trust_env=False, timeout=60
    ) as client:
        await client.post("/chat/session", json={})
        browsers = [Browser(client) for _ in range(200)]
        tasks = [asyncio.create_task(browser.listen()) for browser in browsers]
        talker = Browser(client)
        await talker.say("hello")
        for browser in browsers:
            assert len(await until(browser, 3)) == 3
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
