import asyncio

import pytest

from web.shared import Shared


class Reading:
    """A reading that ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()
        self.shared = Shared(self.read)

    async def read(self) -> int:
        self.begun += 1
        number = self.begun
        await self.may_end.wait()
        return number

    async def asked(self) -> "asyncio.Task[int]":
        task = asyncio.create_task(self.shared())
        for _ in range(3):
            await asyncio.sleep(0)
        return task


async def test_who_asks_while_one_runs_shares_the_next() -> None:
    reading = Reading()
    tasks = [await reading.asked() for _ in range(4)]
    reading.may_end.set()
    assert await asyncio.gather(*tasks) == [1, 2, 2, 2]


async def test_fault_reaches_who_asked_and_nobody_later() -> None:
    async def read() -> int:
        faults.append(1)
        if len(faults) == 1:
            raise ValueError
        return 7

    faults: list[int] = []
    shared = Shared(read)
    with pytest.raises(ValueError):
        await shared()
    assert await shared() == 7


async def test_who_goes_away_takes_nobody_with_them() -> None:
    reading = Reading()
    gone, stays = await reading.asked(), await reading.asked()
    other = await reading.asked()
    gone.cancel()
    stays.cancel()
    reading.may_end.set()
    assert await other == 2
