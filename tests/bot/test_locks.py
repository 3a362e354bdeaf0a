from __future__ import annotations

import asyncio
import time

from bot.locks import ConversationLocks


async def work(locks: ConversationLocks, name: str, done: list[str]) -> None:
    async with locks.lock(name.split("-")[0]):
        done.append(f"{name} in")
        await asyncio.sleep(0.01)
        done.append(f"{name} out")


async def both(*names: str) -> list[str]:
    locks = ConversationLocks()
    done: list[str] = []
    await asyncio.gather(*(work(locks, name, done) for name in names))
    return done


def test_lock_serves_in_order() -> None:
    done = asyncio.run(both("a-1", "a-2", "a-3"))
    assert done == [f"a-{n} {way}" for n in (1, 2, 3) for way in ("in", "out")]


def test_lock_keeps_no_other_conversation_waiting() -> None:
    assert asyncio.run(both("a-1", "b-1"))[:2] == ["a-1 in", "b-1 in"]


def test_lock_is_handed_on_at_once() -> None:
    began = time.monotonic()
    asyncio.run(both(*(f"a-{n}" for n in range(20))))
    # Asking once a second, as Rasa's own locks do, takes 19 s.
    assert time.monotonic() - began < 10


def test_lock_opens_after_failure() -> None:
    async def fail_and_lock() -> None:
        locks = ConversationLocks()
        try:
            async with locks.lock("a"):
                raise ValueError
        except ValueError:
            pass
        async with locks.lock("a"):
            pass

    asyncio.run(fail_and_lock())
