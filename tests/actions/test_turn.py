from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, func, select

import actions.turn
from actions.hear import Unaddressed, hear, run_number
from actions.server import create_app
from actions.session import stored_state
from actions.turn import NotTheBots, Surroundings, run_once
from journey.knowledge import Knowledge, load_knowledge
from journey.owner.ownership import Owner
from journey.store.engine import open_sessions
from journey.store.tables import ActionRun, Conversation, Customer, Event
from journey.turn import Turn
from tests.journey.talking import START


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def around(engine: Engine, knowledge: Knowledge) -> Surroundings:
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        session.add(Customer(id="customer", created_at=START))
        session.flush()
        session.add(
            Conversation(
                id="conversation",
                customer_id="customer",
                channel="web",
                created_at=START,
                active_at=START,
            )
        )
    return Surroundings(sessions, knowledge, Random(0))


def user(text: str = "hello", intent: str = "greet", **metadata: Any) -> dict[str, Any]:
    about = {
        "message_id": "m1",
        "customer_id": "customer",
        "channel": "web",
        "at": START.isoformat(),
        **metadata,
    }
    parsed = {"intent": {"name": intent, "confidence": 0.9}, "entities": []}
    return {"event": "user", "text": text, "parse_data": parsed, "metadata": about}


def count(around: Surroundings, table: Any) -> int:
    with around.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_repeated_call_returns_the_stored_answer(around: Surroundings) -> None:
    first = run_once(around, "action_repeat", "conversation", [user()])
    events = count(around, Event)
    again = run_once(around, "action_repeat", "conversation", [user()])
    assert again == first
    assert count(around, Event) == events
    assert count(around, ActionRun) == 1


def test_second_run_in_a_turn_says_nothing(around: Surroundings) -> None:
    done = {"event": "action", "name": "action_repeat"}
    result = run_once(around, "action_repeat", "conversation", [user(), done])
    assert result == {"moves": [], "slots": {}}


def test_failure_leaves_nothing_behind(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(turn: Turn) -> list[Any]:
        turn.session.add(Customer(id="half", created_at=START))
        turn.session.flush()
        raise RuntimeError("no")

    monkeypatch.setattr(actions.turn, "decide", fail)
    with pytest.raises(RuntimeError):
        run_once(around, "action_repeat", "conversation", [user()])
    assert count(around, Customer) == 1
    assert count(around, ActionRun) == 0


@pytest.mark.parametrize("owner", [o for o in Owner if o != Owner.BOT])
def test_turn_is_refused_when_a_person_has_the_conversation(
    around: Surroundings, owner: Owner
) -> None:
    with around.sessions.begin() as session:
        session.get_one(Conversation, "conversation").owner = owner
    with pytest.raises(NotTheBots, match=f"is with {owner}"):
        run_once(around, "action_recognize", "conversation", [user()])
    assert (count(around, Event), count(around, ActionRun)) == (0, 0)


def test_answer_that_asked_for_a_person_is_given_again(around: Surroundings) -> None:
    asked = [user("a person please", "ask_human")]
    first = run_once(around, "action_handoff", "conversation", asked)
    again = run_once(around, "action_handoff", "conversation", asked)
    assert first == again
    assert again["moves"][0]["response"].startswith("utter_handoff")


def test_slots_tell_the_engine_what_is_expected(around: Surroundings) -> None:
    result = run_once(around, "action_repeat", "conversation", [user()])
    assert result["slots"]["expects"] == "situation"
    assert stored_state(around, "conversation")["expects"] == "situation"


def test_runs_are_counted_since_the_message() -> None:
    done = {"event": "action", "name": "action_repeat"}
    assert run_number([done, user(), done, done], "action_repeat") == 2
    assert run_number([done, user()], "action_repeat") == 0


def test_entities_keep_what_the_engine_says_of_them(around: Surroundings) -> None:
    event = user("not leather")
    event["parse_data"]["entities"] = [
        {
            "entity": "material",
            "value": "leather",
            "start": 4,
            "end": 11,
            "confidence_entity": 0.8,
            "negated": True,
        }
    ]
    with around.sessions() as session:
        [entity] = hear(session, event, "conversation").entities
    assert (entity.kind, entity.confidence, entity.negated) == ("material", 0.8, True)


def test_message_without_an_address_is_refused(around: Surroundings) -> None:
    with around.sessions() as session, pytest.raises(Unaddressed):
        hear(session, {"event": "user", "text": "hi", "metadata": {}}, "x")


def call(action: str, *events: dict[str, Any]) -> dict[str, Any]:
    tracker = {
        "sender_id": "conversation",
        "slots": {},
        "latest_message": {},
        "events": list(events),
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "sender_id": "conversation", "tracker": tracker}


async def post(around: Surroundings, body: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(around))
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        return await client.post("/webhook", json=body)


async def test_server_answers_without_a_domain(around: Surroundings) -> None:
    answer = await post(around, call("action_repeat", user()))
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["response"] == "utter_greet"
    assert answer.json()["events"][-1]["name"] == "action_listen"


async def test_server_fails_loudly(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Turn) -> list[Any]:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(actions.turn, "decide", fail)
    answer = await post(around, call("action_repeat", user()))
    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_action_that_nobody_has_is_not_found(around: Surroundings) -> None:
    assert (await post(around, call("action_unknown", user()))).status_code == 404


async def test_session_start_brings_the_stored_state(around: Surroundings) -> None:
    answer = await post(around, call("action_session_start"))
    kinds = [event["event"] for event in answer.json()["events"]]
    assert kinds == ["session_started", "slot", "slot", "slot", "action"]
