"""The edge: what comes in, and how what is wrong is refused."""

import asyncio
import hashlib
import hmac

import httpx
import pytest
from sqlalchemy import select

from journey.store.tables import Consent, Customer, Inbox
from tests.web.conftest import SITE_SECRET, Browser, Running


def signature(user_id: str) -> str:
    return hmac.new(SITE_SECRET.encode(), user_id.encode(), hashlib.sha256).hexdigest()


async def opened(system: Running, **who: str) -> Browser:
    browser = system.browser()
    await browser.open(**who)
    return browser


async def raw(browser: Browser, body: bytes) -> httpx.Response:
    headers = {"content-type": "application/json"}
    return await browser.http.post("/chat/messages", content=body, headers=headers)


async def test_accepts_message_once(system: Running) -> None:
    browser = await opened(system)
    first = await browser.say("hello", "the-same-id")
    second = await browser.say("hello", "the-same-id")
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json() == {"id": "the-same-id", "position": 2}
    assert await browser.until("re: hello") == ["hello", "re: hello"]


async def test_shows_disclosure_first_and_records_it(system: Running) -> None:
    browser = await opened(system)
    await browser.say("hello")
    first = (await browser.history())[0]
    assert first["text"] == system.service.texts.say("disclosure")
    assert (first["position"], first["direction"]) == (1, "out")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'{"id": "12345678"}',
        b'{"id": "12345678", "text": 5}',
        b'{"id": "12345678", "text": "a", "token": "b"}',
        b'{"id": "short", "text": "a"}',
        b'{"id": "12345678", "text": "\\ud800"}',
        b'{"id": "12345678", "text": "a", "intent": "/restart"}',
        b'{"id": "12345678", "text": ' + b"[" * 30_000,
        b"\xff\xfe",
    ],
)
async def test_refuses_bad_json_with_reason(system: Running, body: bytes) -> None:
    response = await raw(await opened(system), body)
    assert response.status_code == 400
    assert response.json()["message"]


@pytest.mark.parametrize("text", ["", "   ", "\x00\x00", "\x07"])
async def test_refuses_text_without_words(system: Running, text: str) -> None:
    response = await (await opened(system)).say(text)
    assert (response.status_code, response.json()["error"]) == (400, "unreadable")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("null\x00byte", "nullbyte"),
        ("😀🎉", "😀🎉"),
        ("שלום عالم", "שלום عالم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE messages; --", "'; DROP TABLE messages; --"),
        ("/restart", "/restart"),
        ("my card is 4111 1111 1111 1111", "my card is ••••••••"),
    ],
)
async def test_keeps_text_as_typed_but_for_secrets(
    system: Running, typed: str, kept: str
) -> None:
    browser = await opened(system)
    assert (await browser.say(typed)).status_code == 202
    assert (await browser.texts())[0] == kept


async def test_refuses_long_text(system: Running) -> None:
    browser = await opened(system)
    assert (await browser.say("a" * 4000)).status_code == 202
    response = await browser.say("a" * 4001)
    assert (response.status_code, response.json()["error"]) == (413, "too_long")


async def test_refuses_large_body(system: Running) -> None:
    response = await raw(await opened(system), b"x" * (64 * 1024 + 1))
    assert (response.status_code, response.json()["error"]) == (413, "too_large")


async def test_refuses_endless_body_without_reading_it(system: Running) -> None:
    browser, sent = await opened(system), 0

    async def endless() -> object:
        nonlocal sent
        for _ in range(160):
            sent += 64 * 1024
            yield b"x" * 64 * 1024
            await asyncio.sleep(0)

    headers = {"content-type": "application/json"}
    try:
        response = await browser.http.post(
            "/chat/messages",
            content=endless(),  # type: ignore[arg-type]
            headers=headers,
        )
    except httpx.WriteError:
        return
    assert response.status_code == 413


async def test_refuses_form(system: Running) -> None:
    browser = await opened(system)
    response = await browser.http.post("/chat/messages", data={"text": "hello"})
    assert response.status_code == 415


@pytest.mark.parametrize("cookie", ["", "forged", "WyJhIiwiYiIsdHJ1ZV0.aaaa.bbbb"])
async def test_refuses_forged_session(system: Running, cookie: str) -> None:
    browser = system.browser(cookie=f"coach_session={cookie}")
    answers = [
        await browser.say("hello"),
        await browser.http.get("/chat/history"),
        await browser.http.get("/chat/events"),
    ]
    assert [answer.status_code for answer in answers] == [401] * 3


async def test_slows_down_burst(system: Running) -> None:
    browser = await opened(system)
    answers = [await browser.say(f"message {number}") for number in range(25)]
    assert [answer.status_code for answer in answers] == [202] * 20 + [429] * 5
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10


async def test_refuses_cookie_from_another_site(system: Running) -> None:
    browser = await opened(system)
    browser.http.headers["origin"] = "https://evil.example"
    assert (await browser.say("hello")).status_code == 401


async def test_serves_embedding_site_with_token(system: Running) -> None:
    browser = system.browser(origin="https://shop.example")
    session = await browser.open()
    browser.http.cookies.clear()
    browser.http.headers["authorization"] = f"Bearer {session['token']}"
    response = await browser.say("hello")
    assert response.status_code == 202
    assert response.headers["access-control-allow-origin"] == "https://shop.example"


async def test_gives_no_cors_to_unknown_site(system: Running) -> None:
    browser = system.browser(origin="https://evil.example")
    response = await browser.http.post("/chat/session", json={})
    assert "access-control-allow-origin" not in response.headers


async def test_continues_on_another_device(system: Running) -> None:
    who = {"user_id": "u-17", "signature": signature("u-17"), "name": "Ana"}
    phone = await opened(system, **who)
    await phone.say("hello from the phone")
    laptop = await opened(system, **who)
    assert "hello from the phone" in await laptop.texts()


async def test_keeps_conversation_when_signing_in(system: Running) -> None:
    browser = await opened(system)
    await browser.say("before signing in")
    await browser.open(user_id="u-18", signature=signature("u-18"))
    assert "before signing in" in await browser.texts()


async def test_ends_verified_session_when_signed_out(system: Running) -> None:
    browser = await opened(system, user_id="u-19", signature=signature("u-19"))
    await browser.say("private")
    await browser.open()
    assert await browser.history() == []


@pytest.mark.parametrize("forged", ["", "0" * 64, signature("somebody else")])
async def test_refuses_unsigned_identity(system: Running, forged: str) -> None:
    who = {"user_id": "u-17"} | ({"signature": forged} if forged else {})
    response = await system.browser().http.post("/chat/session", json=who)
    assert response.status_code == 401


async def test_presses_button_by_token(system: Running) -> None:
    buttons = [{"title": "Yes", "payload": '/affirm{"a": 1}'}]
    system.door.answer = lambda letter: [
        {"text": f"re: {letter.get('payload') or letter['text']}", "buttons": buttons}
    ]
    browser = await opened(system)
    await browser.say("hello")
    await browser.until("re: hello")
    button = (await browser.history())[-1]["content"]["buttons"][0]
    assert set(button) == {"title", "token"}
    await browser.press(button["token"])
    assert (await browser.until('re: /affirm{"a": 1}'))[2] == "Yes"


async def test_refuses_button_of_another_conversation(system: Running) -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}]
    system.door.answer = lambda _: [{"text": "re", "buttons": buttons}]
    browser, thief = await opened(system), await opened(system)
    await browser.say("hello")
    await browser.until("re")
    token = (await browser.history())[-1]["content"]["buttons"][0]["token"]
    response = await thief.press(token)
    assert (response.status_code, response.json()["error"]) == (400, "unknown_button")


async def test_hides_payloads_in_attachments(system: Running) -> None:
    option = {"name": "Chair", "choose": '/choose_option{"product": "chair"}'}
    custom = {"shortlist": {"id": "s", "options": [option]}}
    system.door.answer = lambda letter: (
        [{"text": "chosen"}] if "payload" in letter else [{"custom": custom}]
    )
    browser = await opened(system)
    await browser.say("a chair")
    await browser.until("")
    shown = (await browser.history())[-1]["content"]["shortlist"]["options"][0]
    assert "/" not in shown["choose"]
    await browser.press(shown["choose"])
    assert "I'd like the Chair" in await browser.until("chosen")


async def test_pages_through_history(system: Running) -> None:
    browser = await opened(system)
    for number in range(19):
        await browser.say(f"message {number}")
    await browser.until("re: message 18", 30)
    response = await browser.http.get("/chat/history?before=5")
    positions = [message["position"] for message in response.json()["messages"]]
    assert (positions, response.json()["more"]) == ([1, 2, 3, 4], False)


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "9" * 40, "²"])
async def test_refuses_position_that_is_no_number(system: Running, before: str) -> None:
    browser = await opened(system)
    response = await browser.http.get("/chat/history", params={"before": before})
    assert response.status_code == 400


@pytest.mark.parametrize("word", ["STOP", "बंद करो", "Leiratkozom!", "থামুন", "ఆపండి"])
async def test_stop_is_in_the_ledger_before_anybody_answers(
    system: Running, word: str
) -> None:
    system.door.plan = [503] * 9
    browser = await opened(system)
    assert (await browser.say(word)).status_code == 202
    (row,) = await system.service.store.read(lambda s: s.scalars(select(Consent)).all())
    assert (row.purpose, row.granted, row.text) == ("proactive_messages", False, word)


@pytest.mark.parametrize(
    ("text", "goes_first"), [("a person please", True), ("hi", False)]
)
async def test_who_may_want_a_person_goes_first(
    system: Running, text: str, goes_first: bool
) -> None:
    browser = await opened(system)
    await browser.say(text)
    urgent = select(Inbox.urgent)
    assert await system.service.store.read(lambda s: s.scalar(urgent)) == goes_first


async def zone_of(system: Running) -> str:
    zone = select(Customer.timezone)
    return await system.service.store.read(lambda s: s.scalars(zone).one())


@pytest.mark.parametrize(
    ("zone", "kept"),
    [("Asia/Kolkata", "Asia/Kolkata"), ("Mars/Olympus", "UTC"), (None, "UTC")],
)
async def test_message_says_where_the_clock_is(
    system: Running, zone: str | None, kept: str
) -> None:
    browser = await opened(system)
    body = {"id": "one-of-mine", "text": "hello", "zone": zone}
    response = await browser.http.post("/chat/messages", json=body)
    assert (response.status_code, await zone_of(system)) == (202, kept)


async def test_session_says_that_the_customer_travelled(system: Running) -> None:
    browser = await opened(system)
    await browser.say("hello")
    await browser.open(zone="America/New_York")
    assert await zone_of(system) == "America/New_York"
