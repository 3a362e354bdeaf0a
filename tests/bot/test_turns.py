from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered, UserUttered

from bot.endpoint import TurnFailed
from bot.tracker_store import WindowedTrackerStore
from bot.turns import PayloadRefused, Silent, Turns, pressed, typed
from tests.bot.assistant import Actions, load_agent

COMMANDS = [
    "/restart",
    "/greet",
    '/inform{"colour": "red"}',
    "  /restart",
    "\t\n/restart",
    "\u2003/restart",
    "\x1c/restart",
    "/restart  ",
    "//restart",
    "/greet@1.0",
    "EXTERNAL: greet",
    "\u2215restart",
    "\uff0frestart",
    "\u200b/restart",
]


@pytest.fixture()
def actions() -> Actions:
    return Actions()


@pytest.fixture()
def agent(model: str, store: WindowedTrackerStore, actions: Actions) -> Agent:
    return load_agent(model, store, actions)


def about(channel: str = "web") -> dict[str, Any]:
    return {
        "output_channel": Silent(channel),
        "sender_id": "c",
        "metadata": {"message_id": "m"},
    }


def run(agent: Agent, store: WindowedTrackerStore, message: Any) -> Any:
    tracker = store.init_tracker("c")
    asyncio.run(Turns(agent).run(message, tracker))
    return tracker


@pytest.mark.parametrize("text", COMMANDS)
def test_typed_command_is_only_text(
    agent: Agent, store: WindowedTrackerStore, text: str
) -> None:
    tracker = run(agent, store, typed(text, **about()))
    said = [e for e in tracker.events if isinstance(e, UserUttered)]
    assert [event.text for event in said] == [text]
    assert said[0].intent["name"] is None and said[0].entities == []
    answers = [e.text for e in tracker.events if isinstance(e, BotUttered)]
    assert answers == ["Sorry?"]


def test_typed_text_is_understood(agent: Agent, store: WindowedTrackerStore) -> None:
    tracker = run(agent, store, typed("hello", **about()))
    assert tracker.latest_message.intent["name"] == "greet"
    assert tracker.latest_message.metadata["message_id"] == "m"


def test_pressed_payload_is_what_it_says(
    agent: Agent, store: WindowedTrackerStore
) -> None:
    payload = '/note{"note": "red"}'
    tracker = run(agent, store, pressed(payload, agent.domain, **about()))
    assert tracker.latest_message.intent == {"name": "note", "confidence": 1.0}
    assert tracker.get_slot("note") == "red"


@pytest.mark.parametrize(
    "payload",
    [
        "greet",
        "/nothing",
        '/inform{"nothing": 1}',
        '/inform{"colour": ',
        "/inform[1]",
        '/inform{"colour": "red"} and more',
        "/",
    ],
)
def test_refuse_payload(agent: Agent, payload: str) -> None:
    with pytest.raises(PayloadRefused):
        pressed(payload, agent.domain, **about())


@pytest.mark.parametrize(
    "error", [RuntimeError("broken"), ConnectionError("gone"), TurnFailed("slow")]
)
def test_failed_action_fails_the_turn(
    agent: Agent, store: WindowedTrackerStore, actions: Actions, error: BaseException
) -> None:
    actions.error = error
    with pytest.raises(TurnFailed):
        run(agent, store, pressed("/follow", agent.domain, **about()))


def test_failed_action_inside_a_form_fails_the_turn(
    agent: Agent, store: WindowedTrackerStore, actions: Actions
) -> None:
    actions.error = RuntimeError("broken")
    with pytest.raises(TurnFailed):
        run(agent, store, pressed("/order", agent.domain, **about()))


def test_agent_itself_is_left_alone(agent: Agent) -> None:
    target = agent.processor.model_metadata.nlu_target
    Turns(agent)
    assert agent.processor.model_metadata.nlu_target == target
