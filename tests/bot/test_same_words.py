"""The windowed bot says word for word what Rasa's own, unwindowed one says."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import SQLTrackerStore

from bot.door import Door
from bot.letters import Letter
from bot.tracker_store import WindowedTrackerStore
from tests.bot.assistant import load_agent

HOURS = "(hours pass)"
ids = itertools.count()

small_talk = st.sampled_from(
    ["hello", "delivery", "gibberish", "/greet", "/bye", "/faq", "/moody", "/follow"]
)
values = st.sampled_from(
    [
        '/note{"note": "a"}',
        '/note{"note": {"deep": [1, 2]}}',
        '/inform{"colour": "red"}',
        '/inform{"colour": "blue", "mood": "bad"}',
        '/inform{"mood": "good"}',
        '/size{"size": "L"}',
        "/inform",
    ]
)
forms = st.sampled_from(["/order", "/gift", "/stop"])
rare = st.sampled_from(["/restart", "/session_start", "/back", "/pause", HOURS])
step = st.one_of(small_talk, values, forms, forms, values, rare)
runs = st.builds(lambda said, times: [said] * times, step, st.integers(1, 12))
conversations = st.lists(st.one_of(step.map(lambda s: [s]), runs), max_size=25).map(
    lambda parts: list(itertools.chain(*parts))
)


class Clock:
    """The time that Rasa reads; hours can be added."""

    ahead = 0.0

    def __call__(self, now: Any = time.time) -> float:
        return float(now()) + self.ahead


class Pair:
    """The same model twice: with Rasa's SQL store, and with a window of few events."""

    def __init__(self, model: str, home: Path, clock: Clock, keep: int) -> None:
        self.store = WindowedTrackerStore(host=f"sqlite:///{home}/w.db", window=keep)
        self.windowed = load_agent(model, self.store)
        self.whole = load_agent(model, SQLTrackerStore(db=f"{home}/stock.db"))
        self.door, self.clock = Door("key"), clock
        self.keep = keep

    def talk(self, said: list[str]) -> None:
        asyncio.run(self._talk(f"c{next(ids)}", said))

    async def _talk(self, sender: str, said: list[str]) -> None:
        for turn, message in enumerate(said):
            if message == HOURS:
                self.clock.ahead += 5 * 3600
                continue
            heard = await self.windowed_says(sender, turn, message)
            expected = await whole_says(self.whole, sender, message)
            assert heard == expected, (turn, said[: turn + 1])
        await self.check_state(sender)

    async def windowed_says(self, sender: str, turn: int, said: str) -> list[str]:
        kind = {"payload": said} if said.startswith("/") else {"text": said}
        letter = Letter(sender, f"m{turn}", **kind)
        answer = await self.door.answer(self.windowed, letter)
        return [reply["text"] for reply in answer["replies"]]

    async def check_state(self, sender: str) -> None:
        mine = await self.store.retrieve(sender)
        theirs = await self.whole.tracker_store.retrieve(sender)
        if mine is None or theirs is None:
            assert mine is theirs
            return
        for tracker in (mine, theirs):
            tracker.slots.pop("session_started_metadata")
        assert state(mine) == state(theirs)


def state(tracker: Any) -> dict[str, Any]:
    now = tracker.current_state()
    loop = now["active_loop"]
    kept = ("slots", "paused", "latest_action_name", "followup_action")
    return {key: now[key] for key in kept} | {
        "loop": (loop.get("name"), loop.get("rejected"), loop.get("is_interrupted"))
    }


async def whole_says(agent: Agent, sender: str, said: str) -> list[str]:
    replies = await agent.handle_message(UserMessage(said, sender_id=sender))
    return [reply["text"] for reply in replies or [] if "text" in reply]


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    clock = Clock()
    patch = pytest.MonkeyPatch()
    patch.setattr(time, "time", clock)
    yield clock
    patch.undo()


@pytest.fixture(scope="module", params=[1, 8, 20])
def pair(
    request: pytest.FixtureRequest,
    model: str,
    tmp_path_factory: pytest.TempPathFactory,
    clock: Clock,
) -> Iterator[Pair]:
    pair = Pair(model, tmp_path_factory.mktemp("pair"), clock, request.param)
    yield pair
    pair.store.close()


@settings(
    max_examples=int(os.environ.get("COACH_EXAMPLES", "25")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(said=conversations)
def test_say_the_same_in_random_conversation(pair: Pair, said: list[str]) -> None:
    pair.talk(said)


@pytest.mark.parametrize(
    "said",
    [
        ["/order", *["/faq", "/note", "gibberish"] * 8, '/inform{"colour": "red"}'],
        ["/order", *['/inform{"colour": "red"}'] * 20, '/size{"size": "L"}', "/bye"],
        ["/gift", *["/order", "/gift"] * 10, "/inform", "/inform"],
        [*['/inform{"colour": "red"}', "/note", "/faq"] * 6, *["/back"] * 16, "/greet"],
        ["/order", '/inform{"colour": "red"}', *["/faq"] * 9, "/back", "/back", "/bye"],
        ["/pause", *["hello"] * 30, HOURS, "hello", "/greet"],
        ['/inform{"mood": "bad"}', *["/faq"] * 30, HOURS, "/moody", "/greet"],
        [*["/greet"] * 30, "/restart", "/greet", "/greet"],
    ],
)
def test_say_the_same(pair: Pair, said: list[str]) -> None:
    pair.talk(said)


def test_say_the_same_in_a_long_run(pair: Pair) -> None:
    draw = random.Random(7)
    usual = ["/greet", "/faq", '/inform{"colour": "red"}', "/moody", "gibberish"]
    usual += ["/order", '/size{"size": "M"}', '/note{"note": "b"}', "/gift", "/stop"]
    pair.talk([draw.choice(usual) for _ in range(150)])
