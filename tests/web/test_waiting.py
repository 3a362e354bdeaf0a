"""Waiting for news."""

import asyncio

import pytest

from web.waiting import wait_for_news


async def wait_for_ever(news: asyncio.Event) -> None:
    while True:
        news.clear()
        await wait_for_news(news, 60)


@pytest.mark.parametrize("ticks", range(6))
async def test_a_loop_ends_when_cancelled_however_close_to_news(ticks: int) -> None:
    news = asyncio.Event()
    loop = asyncio.create_task(wait_for_ever(news))
    await asyncio.sleep(0.01)
    news.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    loop.cancel()
    done, _ = await asyncio.wait({loop}, timeout=5)
    assert loop in done and loop.cancelled()


async def test_nothing_new_ends_the_wait_without_an_error() -> None:
    await wait_for_news(asyncio.Event(), 0.01)
