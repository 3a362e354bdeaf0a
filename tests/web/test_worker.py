"""The path of a message, from its acceptance to the page, whatever the engine does."""

import asyncio

from tests.web.conftest import Running


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
    system.door.delay = 0.3
    browsers = [system.browser() for _ in range(20)]

    async def talk(number: int) -> list[str]:
        await browsers[number].open()
        await browsers[number].say(f"hello {number}")
        return await browsers[number].until(f"re: hello {number}")

    started = asyncio.get_running_loop().time()
    answered = await asyncio.gather(*map(talk, range(20)))
    assert [len(texts) for texts in answered] == [2] * 20
    assert asyncio.get_running_loop().time() - started < 5
