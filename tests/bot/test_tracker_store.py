from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.history import Conflict
from bot.tracker_store import DAY, WindowedTrackerStore
from tests.bot.assistant import PROJECT


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(PROJECT / "domain.yml"))


@pytest.fixture()
def store(tmp_path: Path, domain: Domain) -> Any:
    store = WindowedTrackerStore(domain, host=f"sqlite:///{tmp_path}/t.db", window=10)
    yield store
    store.close()


def turn(number: int) -> list[Event]:
    return [
        UserUttered(f"said {number}", {"name": "note"}),
        SlotSet("note", number),
        ActionExecuted("utter_noted"),
        BotUttered(f"noted {number}"),
        ActionExecuted("action_listen"),
    ]


async def talk(store: WindowedTrackerStore, sender: str, turns: int) -> None:
    for number in range(turns):
        tracker = await store.retrieve(sender) or store.init_tracker(sender)
        if number == 0:
            tracker.update_with_events(begin(), store.domain)
        tracker.update_with_events(turn(number), store.domain)
        await store.save(tracker, f"m{number}")


def begin() -> list[Event]:
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def test_rasa_takes_it_as_asynchronous(store: WindowedTrackerStore) -> None:
    assert check_if_tracker_store_async(store)


def test_rasa_builds_it_from_endpoints(tmp_path: Path) -> None:
    config = EndpointConfig(
        type="bot.tracker_store.WindowedTrackerStore",
        url=f"sqlite:///{tmp_path}/t.db",
        window=7,
        retention_days=30,
    )
    store = TrackerStore.create(config)
    assert isinstance(store, WindowedTrackerStore)
    assert (store.window, store.retention) == (7, 30 * DAY)


def test_url_comes_from_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACH_TRACKER_URL", f"sqlite:///{tmp_path}/named.db")
    WindowedTrackerStore().close()
    assert (tmp_path / "named.db").exists()


def test_retrieve_nothing(store: WindowedTrackerStore) -> None:
    assert asyncio.run(store.retrieve("nobody")) is None
    assert asyncio.run(store.retrieve_full_tracker("nobody")) is None


def test_retrieve_a_window_that_does_not_grow(store: WindowedTrackerStore) -> None:
    asyncio.run(talk(store, "c", 40))
    tracker = asyncio.run(store.retrieve("c"))
    assert tracker and len(tracker.events) <= 40
    assert tracker.get_slot("note") == 39
    assert tracker.latest_action_name == "action_listen"
    assert tracker.latest_message and tracker.latest_message.text == "said 39"


def test_turn_costs_the_same_statements_at_any_length(
    store: WindowedTrackerStore,
) -> None:
    seen: list[int] = []
    sa.event.listen(
        store.history.engine, "before_cursor_execute", lambda *_: seen.append(1)
    )
    asyncio.run(talk(store, "c", 1))
    seen.clear()
    asyncio.run(talk_on(store, "c", range(1, 11)))
    few = len(seen)
    asyncio.run(talk_on(store, "c", range(11, 21)))
    assert len(seen) == 2 * few


async def talk_on(store: WindowedTrackerStore, sender: str, numbers: range) -> None:
    for number in numbers:
        tracker = await store.retrieve(sender)
        assert tracker
        tracker.update_with_events(turn(number), store.domain)
        await store.save(tracker, f"m{number}")


def test_full_history_stays(store: WindowedTrackerStore) -> None:
    asyncio.run(talk(store, "c", 40))
    full = asyncio.run(store.retrieve_full_tracker("c"))
    assert full and len(full.events) == 3 + 40 * 5
    said = [e.text for e in full.events if isinstance(e, UserUttered)]
    assert said == [f"said {number}" for number in range(40)]


def test_full_tracker_can_be_saved(store: WindowedTrackerStore) -> None:
    async def append() -> int:
        await talk(store, "c", 20)
        full = await store.retrieve_full_tracker("c")
        assert full
        full.update(SlotSet("colour", "red"))
        await store.save(full)
        again = await store.retrieve("c")
        assert again and again.get_slot("colour") == "red"
        return len((await store.events("c"))[1])

    assert asyncio.run(append()) == 3 + 20 * 5 + 1


def test_foreign_tracker_with_full_history_can_be_saved(
    store: WindowedTrackerStore,
) -> None:
    async def append() -> int:
        await talk(store, "c", 20)
        full = await store.retrieve_full_tracker("c")
        assert full
        foreign = DialogueStateTracker.from_events("c", list(full.events))
        foreign.update(SlotSet("colour", "red"))
        await store.save(foreign)
        return len((await store.events("c"))[1])

    assert asyncio.run(append()) == 3 + 20 * 5 + 1


def test_save_twice_saves_once(store: WindowedTrackerStore) -> None:
    async def save() -> int:
        tracker = store.init_tracker("c")
        tracker.update_with_events([*begin(), *turn(0)], store.domain)
        await store.save(tracker)
        await store.save(tracker)
        tracker.update_with_events(turn(1), store.domain)
        await store.save(tracker)
        return len((await store.events("c"))[1])

    assert asyncio.run(save()) == 3 + 2 * 5


def test_save_conflicts_with_another_process(store: WindowedTrackerStore) -> None:
    async def save_both() -> None:
        await talk(store, "c", 3)
        one, other = await store.retrieve("c"), await store.retrieve("c")
        assert one and other
        for tracker in (one, other):
            tracker.update_with_events(turn(9), store.domain)
        await store.save(one)
        await store.save(other)

    with pytest.raises(Conflict):
        asyncio.run(save_both())
    assert len(asyncio.run(store.events("c"))[1]) == 3 + 4 * 5


def test_replies_come_from_the_saved_turn(store: WindowedTrackerStore) -> None:
    asyncio.run(talk(store, "c", 30))
    replies = asyncio.run(store.replies("c", "m3"))
    assert replies and [reply["text"] for reply in replies] == ["noted 3"]
    assert asyncio.run(store.replies("c", "m99")) is None


def test_keys_and_delete(store: WindowedTrackerStore) -> None:
    asyncio.run(talk(store, "c", 2))
    asyncio.run(talk(store, "d", 2))
    assert set(asyncio.run(store.keys())) == {"c", "d"}
    assert asyncio.run(store.exists("c"))
    assert asyncio.run(store.delete("c")) == 13
    assert asyncio.run(store.keys()) == ["d"]
    assert asyncio.run(store.retrieve("c")) is None


def test_new_session_starts_a_new_window(store: WindowedTrackerStore) -> None:
    async def start_again() -> Any:
        await talk(store, "c", 20)
        tracker = await store.retrieve("c")
        assert tracker
        tracker.update_with_events(begin(), store.domain)
        await store.save(tracker)
        return await store.retrieve("c")

    tracker = asyncio.run(start_again())
    assert [e.type_name for e in tracker.events] == ["session_started", "action"]
    assert tracker.get_slot("note") is None


def test_old_history_is_pruned(tmp_path: Path, domain: Domain) -> None:
    clock = Clock()
    store = WindowedTrackerStore(
        domain, host=f"sqlite:///{tmp_path}/t.db", retention_days=1, clock=clock
    )
    asyncio.run(talk(store, "silent", 2))
    clock.now += 2 * DAY
    asyncio.run(talk(store, "living", 2))
    store.close()
    assert store.history.senders() == ["living"]


def test_broker_hears_of_each_event_once(tmp_path: Path, domain: Domain) -> None:
    heard: list[Any] = []
    broker = type("Broker", (), {"publish": lambda _self, body: heard.append(body)})()
    store = WindowedTrackerStore(domain, broker, host=f"sqlite:///{tmp_path}/t.db")
    asyncio.run(talk(store, "c", 3))
    store.close()
    assert len(heard) == 3 + 3 * 5 and heard[0]["sender_id"] == "c"
