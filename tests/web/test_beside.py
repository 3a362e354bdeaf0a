"""Work that runs beside a loop."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from web.beside import Beside
from web.channels.faults import LONGEST, SHORTEST, Later


async def test_each_end_is_told_and_a_fault_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended: list[int] = []
    beside: Beside[str] = Beside("a letter", lambda: ended.append(len(beside)))

    async def fail() -> None:
        raise ValueError("torn")

    beside.start(asyncio.sleep(0), "well")
    beside.start(fail(), "badly")
    assert list(beside) == ["well", "badly"]
    while len(beside):
        await asyncio.sleep(0)
    assert len(ended) == 2
    assert [x.message for x in caplog.records] == ["a letter broke off"]


async def test_stopped_work_is_cancelled_and_no_fault() -> None:
    beside: Beside[int] = Beside("a turn", lambda: None)
    beside.start(asyncio.sleep(60), 1)
    await asyncio.wait_for(beside.stop(), 5)
    assert len(beside) == 0


@pytest.mark.parametrize("tries", [0, 3, 40])
def test_waits_double_up_to_the_longest(tries: int) -> None:
    wait = Later("busy").wait(tries, Random(1))
    usual = min(SHORTEST * 2.0**tries, LONGEST)
    assert usual / 2 <= wait <= usual * 1.5


def test_the_provider_says_how_long() -> None:
    wait = Later("busy", timedelta(seconds=30)).wait(0, Random(1))
    assert 30 <= wait <= 30 + SHORTEST
