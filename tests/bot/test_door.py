from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.exceptions import RasaException

from bot.door import Door, windowed
from bot.endpoint import TurnFailed
from bot.letters import Letter, Refused
from bot.locks import ConversationLocks
from bot.tracker_store import WindowedTrackerStore
from tests.bot.assistant import Actions, load_agent


@pytest.fixture()
def actions() -> Actions:
    return Actions()


@pytest.fixture()
def agent(model: str, store: WindowedTrackerStore, actions: Actions) -> Agent:
    agent = load_agent(model, store, actions)
    agent.lock_store = ConversationLocks()
    return agent


def press(payload: str, message: str = "m", conversation: str = "c") -> Letter:
    return Letter(conversation, message, payload=payload)


def ask(agent: Agent, *letters: Letter, at_once: bool = False) -> list[dict[str, Any]]:
    async def ask_all() -> list[dict[str, Any]]:
        door = Door("key")
        if at_once:
            return await asyncio.gather(*(door.answer(agent, x) for x in letters))
        return [await door.answer(agent, letter) for letter in letters]

    return asyncio.run(ask_all())


def user_events(store: WindowedTrackerStore, conversation: str = "c") -> int:
    _, events = asyncio.run(store.events(conversation))
    return sum(event["event"] == "user" for event in events)


def test_same_message_is_answered_out_of_the_saved_turn(
    agent: Agent, store: WindowedTrackerStore, actions: Actions
) -> None:
    first, again = ask(agent, press("/follow"), press("/follow"))
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first["replies"] == again["replies"] and first["replies"]
    assert actions.calls == ["action_follow"]
    assert user_events(store) == 1


def test_same_message_is_answered_by_another_process(
    agent: Agent, model: str, store: WindowedTrackerStore
) -> None:
    (first,) = ask(agent, press("/bye"))
    (again,) = ask(load_agent(model, store), press("/bye"))
    assert again["replayed"] and again["replies"] == first["replies"]


def test_same_message_while_it_runs_waits_for_it(
    agent: Agent, store: WindowedTrackerStore
) -> None:
    answers = ask(agent, *[press("/bye")] * 5, at_once=True)
    assert [answer["replayed"] for answer in answers] == [False] + [True] * 4
    assert len({str(answer["replies"]) for answer in answers}) == 1
    assert user_events(store) == 1


def test_two_processes_answer_the_same_message_once(
    agent: Agent, model: str, store: WindowedTrackerStore
) -> None:
    async def ask_both() -> list[dict[str, Any]]:
        agents = agent, load_agent(model, store)
        return await asyncio.gather(
            *(Door("key").answer(one, press("/bye")) for one in agents)
        )

    answers = asyncio.run(ask_both())
    assert sorted(answer["replayed"] for answer in answers) == [False, True]
    assert user_events(store) == 1


def test_burst_of_messages_is_answered_in_order(agent: Agent) -> None:
    letters = [press(f'/note{{"note": "{n}"}}', f"m{n}") for n in range(60)]
    answers = ask(agent, *letters, at_once=True)
    said = [answer["replies"][0]["text"] for answer in answers]
    assert said == [f"Noted {n}." for n in range(60)]


def test_failed_turn_leaves_nothing_and_can_be_tried_again(
    agent: Agent, store: WindowedTrackerStore, actions: Actions
) -> None:
    ask(agent, press("/greet", "m0"))
    before = asyncio.run(store.events("c"))
    actions.error = RuntimeError("broken")
    with pytest.raises(TurnFailed):
        ask(agent, press("/follow"))
    assert asyncio.run(store.events("c")) == before
    actions.error = None
    (answer,) = ask(agent, press("/follow"))
    assert not answer["replayed"] and answer["replies"]


def test_database_failure_is_heard(
    agent: Agent, store: WindowedTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(store.history, "append", fail)
    with pytest.raises(OSError, match="disk full"):
        ask(agent, press("/bye"))
    monkeypatch.undo()
    assert not ask(agent, press("/bye"))[0]["replayed"]


def test_reply_has_buttons_image_and_metadata(agent: Agent) -> None:
    (answer,) = ask(agent, press("/bye"))
    assert answer["replies"] == [
        {
            "text": "Goodbye.",
            "buttons": [{"title": "Hello again", "payload": "/greet"}],
            "image": "https://shop.example/bye.svg",
            "custom": None,
            "metadata": {"miti": "other", "utter_action": "utter_bye"},
        }
    ]


def test_paused_bot_says_nothing_and_remembers(
    agent: Agent, store: WindowedTrackerStore
) -> None:
    ask(agent, press("/pause", "m0"))
    (answer,) = ask(agent, Letter("c", "m1", text="is anybody there?"))
    assert answer["replies"] == [] and user_events(store) == 2


def test_conversations_are_apart(agent: Agent, store: WindowedTrackerStore) -> None:
    ask(agent, press("/bye", "m", "c"), press("/bye", "m", "d"))
    assert user_events(store, "c") == user_events(store, "d") == 1


def test_door_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COACH_DOOR_KEY", raising=False)
    with pytest.raises(RasaException, match="COACH_DOOR_KEY"):
        Door.from_credentials(None)
    monkeypatch.setenv("COACH_DOOR_KEY", "k")
    assert Door.from_credentials(None).key == b"k"


def test_door_refuses_another_store(model: str) -> None:
    with pytest.raises(Refused, match="endpoints"):
        windowed(load_agent(model, InMemoryTrackerStore(None)))
