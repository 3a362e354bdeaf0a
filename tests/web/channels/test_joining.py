"""From the website to a channel with a code: one customer, one conversation."""

import hashlib
import hmac

from sqlalchemy import select

from journey.store.tables import Conversation, Customer, Merge, Pending
from tests.factories import NOW
from tests.web.channels.conftest import Talk
from tests.web.conftest import SITE_SECRET, Browser


async def on_website(talk: Talk) -> Browser:
    """Somebody whom the site knows writes on the website."""
    browser = talk.system.browser()
    digest = hmac.new(SITE_SECRET.encode(), b"ada", hashlib.sha256).hexdigest()
    await browser.open(user_id="ada", signature=digest)
    await browser.say("hello from the site")
    await browser.until("re: hello from the site")
    return browser


async def code_from(browser: Browser, channel: str = "telegram") -> str:
    answer = await browser.http.post("/chat/links", json={"channel": channel})
    code: str = answer.json()["code"]
    return code


def owners(talk: Talk) -> list[str]:
    with talk.database() as session:
        query = select(Conversation.customer_id).order_by(Conversation.channel)
        return list(session.scalars(query))


async def open_link(talk: Talk, code: str, answer: str) -> None:
    """Open the link, read what is asked, and press an answer."""
    before = len(talk.provider.taken)
    await talk.phone.say(f"/start {code}")
    texts = await talk.provider.until_taken(before + 2)
    assert texts[-1] == talk.says("link_ask")
    tokens = dict(talk.provider.choices(before + 1))
    await talk.phone.press(tokens[talk.says(answer)])


async def test_deep_link_asks_joins_and_one_press_parts(on_telegram: Talk) -> None:
    browser = await on_website(on_telegram)
    await open_link(on_telegram, await code_from(browser), "link_yes")
    assert (await on_telegram.provider.until_taken(3))[2] == on_telegram.says("linked")
    telegram, web = owners(on_telegram)
    assert telegram == web
    ((title, token),) = on_telegram.provider.choices(2)
    assert title == on_telegram.says("unlink")
    await on_telegram.phone.press(token)
    assert (await on_telegram.provider.until_taken(4))[3] == on_telegram.says(
        "unlinked"
    )
    telegram, web = owners(on_telegram)
    assert telegram != web


async def test_link_that_a_stranger_sent_joins_nobody(on_telegram: Talk) -> None:
    code = await code_from(await on_website(on_telegram))
    await open_link(on_telegram, code, "link_no")
    assert (await on_telegram.provider.until_taken(3))[2] == on_telegram.says(
        "link_declined"
    )
    await on_telegram.phone.say(code)
    assert (await on_telegram.provider.until_taken(4))[3] == on_telegram.says(
        "link_unknown"
    )
    telegram, web = owners(on_telegram)
    assert telegram != web


async def test_open_question_is_asked_again_where_it_goes_on(on_telegram: Talk) -> None:
    on_telegram.system.door.answer = lambda _: [
        {"text": "What wakes you?", "buttons": [{"title": "Heat", "payload": "/heat"}]}
    ]
    browser = on_telegram.system.browser()
    await browser.open()
    await browser.say("I sleep badly")
    await browser.until("What wakes you?")
    with on_telegram.database() as session, session.begin():
        there = session.scalars(select(Conversation)).one()
        session.add(Pending(conversation_id=there.id, expects="answer", at=NOW))
    await open_link(on_telegram, await code_from(browser), "link_yes")
    texts = await on_telegram.provider.until_taken(4)
    assert texts[2:] == [on_telegram.says("linked"), "What wakes you?"]
    ((_, token),) = on_telegram.provider.choices(3)
    await on_telegram.phone.press(token)
    await on_telegram.provider.until_taken(5)
    assert on_telegram.system.door.letters[-1]["payload"] == "/heat"


async def test_typed_code_joins_who_wrote_before_and_unlink_parts(
    on_webhook: Talk,
) -> None:
    browser = await on_website(on_webhook)
    await on_webhook.phone.say("hello")
    await on_webhook.provider.until_taken(2)
    code = await code_from(browser, "webhook")
    await on_webhook.phone.say(code.lower(), times=2)
    await on_webhook.provider.until_taken(3)
    await on_webhook.phone.press(on_webhook.provider.choices(2)[0][1])
    await on_webhook.provider.until_taken(4)
    await on_webhook.phone.say(code)
    await on_webhook.provider.until_taken(5)
    await on_webhook.phone.say("UNLINK")
    texts = await on_webhook.provider.until_taken(6)
    keys = ("link_ask", "linked", "link_unknown", "unlinked")
    assert texts[2:] == [on_webhook.says(key) for key in keys]
    with on_webhook.database() as session:
        assert len(session.scalars(select(Merge)).all()) == 1
        assert len(session.scalars(select(Customer)).all()) == 2


async def test_stranger_gets_no_code_and_no_code_for_nowhere(on_telegram: Talk) -> None:
    browser = on_telegram.system.browser()
    body = {"channel": "telegram"}
    assert (await browser.http.post("/chat/links", json=body)).status_code == 401
    await browser.open()
    body = {"channel": "pigeon"}
    assert (await browser.http.post("/chat/links", json=body)).status_code == 404
