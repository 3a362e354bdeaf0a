"""The path of a message, from its acceptance to the page, whatever the engine does."""

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from journey.owner import ownership
from journey.store.tables import Conversation, Handoff, Inbox, Outbox
from tests.web.conftest import Browser, Running, running, serving
from tests.web.door import FakeDoor, Replies
from web.app import create_app
from web.settings import Settings


async def test_answers_message(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    assert (await browser.say("hello")).status_code == 202
    assert await browser.until("re: hello") == ["hello", "re: hello"]


async def test_keeps_order_of_quick_messages(system: Running) -> None:
    browser = system.browser()
    session = await browser.open()
    system.door.delay = 0.05
    said = [f"message {number}" for number in range(8)]
    for text in said:
        await browser.say(text)
    texts = await browser.until("re: message 7")
    assert system.door.heard[session["conversation"]] == said
    assert [text for text in texts if text.startswith("re")] == [
        f"re: {text}" for text in said
    ]


async def test_retries_when_engine_fails(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    system.door.plan = [500, 502, 503, 500]
    await browser.say("hello")
    assert await browser.until("re: hello") == ["hello", "re: hello"]


async def test_answers_many_customers_at_once(system: Running) -> None:
    # None is answered before the engine has all of them in its hands.
    everybody = system.door.hold(until=20)
    browsers = [system.browser() for _ in range(20)]

    async def talk(number: int) -> list[str]:
        await browsers[number].open()
        await browsers[number].say(f"hello {number}")
        return await browsers[number].until(f"re: hello {number}", 60)

    answered = await asyncio.gather(*map(talk, range(20)))
    assert everybody.is_set()
    assert [len(texts) for texts in answered] == [2] * 20


async def test_who_may_want_a_person_waits_for_no_routine_answer(
    system: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.worker.AT_ONCE", 1)
    go_on = system.door.hold()
    for text in ("hello", "how are you?", "a person please"):
        browser = system.browser()
        await browser.open()
        await browser.say(text)
    while len(system.door.letters) < 2:
        await asyncio.sleep(0.01)
    go_on.set()
    asked = [letter["text"] for letter in system.door.letters]
    assert asked == ["hello", "a person please"]


async def test_apologises_once_and_answers_later(
    system: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.worker.PATIENCE", timedelta(seconds=0.3))
    system.door.plan = [2.5]
    browser = system.browser()
    await browser.open()
    await browser.say("hello")
    await browser.say("are you there?")
    sorry = system.service.texts.say("engine_slow")
    await browser.until(sorry)
    texts = await browser.until("re: are you there?")
    assert texts == [
        "hello",
        "are you there?",
        sorry,
        "re: hello",
        "re: are you there?",
    ]


async def test_answers_when_engine_comes_back(settings: Settings) -> None:
    door = FakeDoor()
    async with serving(door.app) as door_url:
        port = int(door_url.rpartition(":")[2])
    app = create_app(replace(settings, door_url=door_url))
    async with serving(app) as url:
        browser = Browser(httpx.AsyncClient(base_url=url, trust_env=False, timeout=20))
        await browser.open()
        await browser.say("hello")
        await asyncio.sleep(1)
        assert await browser.texts() == ["hello"]
        async with serving(door.app, port):
            assert await browser.until("re: hello") == ["hello", "re: hello"]
        await browser.http.aclose()


async def test_gives_up_after_many_failures_and_asks_for_person(
    system: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.worker.MAX_FAILURES", 3)
    system.door.plan = [500, 500, 500]
    browser = system.browser()
    session = await browser.open()
    await browser.say("poison")
    await browser.until(system.service.texts.say("engine_failed"))
    with Session(system.service.store.engine) as db:
        row = db.scalars(select(Inbox)).one()
        conversation = db.get_one(Conversation, session["conversation"])
        assert (row.state, row.failure) == ("failed", "the door answered 500")
        assert conversation.owner == "requested"
        assert db.scalars(select(Handoff.reason)).all() == ["engine_failed"]
    health = (await browser.http.get("/health")).json()
    assert health["failed_messages"] == 1


async def test_gives_up_at_once_when_door_refuses(system: Running) -> None:
    system.door.plan = [400]
    browser = system.browser()
    await browser.open()
    await browser.say("nonsense")
    assert len(await browser.until(system.service.texts.say("engine_failed"))) == 2


async def test_says_something_when_bot_says_nothing(system: Running) -> None:
    system.door.answer = lambda _: [{"text": "", "custom": None}]
    browser = system.browser()
    await browser.open()
    await browser.say("hello")
    await browser.until(system.service.texts.say("no_answer"))


async def test_keeps_messages_for_person_from_bot(system: Running) -> None:
    browser = system.browser()
    session = await browser.open()
    await browser.say("hello")
    await browser.until("re: hello")
    hand_over(system, session["conversation"])
    await browser.say("for a person")
    await browser.say("and this too")
    waiting = system.service.texts.say("waiting_for_person")
    texts = await browser.until(waiting)
    await asyncio.sleep(0.5)
    assert await browser.texts() == texts
    assert system.door.heard[session["conversation"]] == ["hello"]
    assert texts.count(waiting) == 1


async def test_carries_on_when_customer_wants(system: Running) -> None:
    browser = system.browser()
    session = await browser.open()
    await browser.say("hello")
    await browser.until("re: hello")
    hand_over(system, session["conversation"])
    await browser.say("for a person")
    await browser.until(system.service.texts.say("waiting_for_person"))
    button = (await browser.history())[-1]["content"]["buttons"][0]
    await browser.press(button["token"])
    await browser.until(system.service.texts.say("carrying_on"))
    await browser.say("hello again")
    await browser.until("re: hello again")


async def test_drops_answer_when_person_took_over_meanwhile(system: Running) -> None:
    browser = system.browser()
    session = await browser.open()
    system.door.plan = [0.6]
    await browser.say("hello")
    await asyncio.sleep(0.3)
    hand_over(system, session["conversation"])
    await asyncio.sleep(1)
    assert await browser.texts() == ["hello"]
    with Session(system.service.store.engine) as db:
        row = db.scalars(select(Outbox)).one()
        assert (row.state, row.failure) == ("dropped", "stale owner")


async def test_sends_answer_of_turn_that_asked_for_person(system: Running) -> None:
    def ask(letter: dict[str, Any]) -> Replies:
        hand_over(system, letter["conversation_id"], letter["message_id"])
        return [{"text": "I have asked for a person."}]

    system.door.answer = ask
    browser = system.browser()
    await browser.open()
    await browser.say("a person please")
    await browser.until("I have asked for a person.")


async def test_takes_over_what_dead_process_held(settings: Settings) -> None:
    door = FakeDoor()
    async with running(settings, door) as first:
        browser = first.browser()
        await browser.open()
        door.delay = 30
        await browser.say("hello")
        await asyncio.sleep(0.3)
        cookie = f"coach_session={browser.http.cookies['coach_session']}"
        abandon(first)
    door.delay = 0.0
    async with running(settings, door) as second:
        again = second.browser(cookie=cookie)
        assert await again.until("re: hello") == ["hello", "re: hello"]


def hand_over(system: Running, conversation_id: str, message_id: str = "") -> None:
    with Session(system.service.store.engine) as db, db.begin():
        ownership.request(
            db,
            conversation_id,
            by="test",
            why="asked",
            at=datetime.now(UTC),
            message_id=message_id or None,
        )


def abandon(system: Running) -> None:
    """Make a process's claims look like those of one that was killed."""
    worker = system.service.worker
    worker.stop = _nothing
    with Session(system.service.store.engine) as db, db.begin():
        dead = f"{socket.gethostname()}:{2**22 + 1}:gone"
        db.execute(update(Inbox).values(claimed_by=dead))


async def _nothing() -> None:
    return None
