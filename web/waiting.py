"""Waiting for news, for so long at most."""

import asyncio
from contextlib import suppress


async def wait_for_news(news: asyncio.Event, seconds: float) -> None:
    """Return when the event is set or the time is over; cancelled, always raise.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes with the news,
    and a loop that lost it never ends (https://github.com/python/cpython/issues/86296).
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()
