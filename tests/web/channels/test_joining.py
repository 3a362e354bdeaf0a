"""From the website to a channel with a code: one customer, one conversation."""

import hashlib
import hmac

from sqlalchemy import select

from journey.store.tables import Conversation, Customer, Merge
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


async def test_deep_link_joins_and_one_press_parts(on_telegram: Talk) -> None:
    browser = await on_website(on_telegram)
    await on_telegram.phone.say(f"/start {await code_from(browser)}")
    texts = await on_telegram.provider.until_taken(2)
    assert texts == [on_telegram.says("disclosure"), on_telegram.says("linked")]
    telegram, web = owners(on_telegram)
    assert telegram == web
    ((title, token),) = on_telegram.provider.choices(1)
    assert title == on_telegram.says("unlink")
    await on_telegram.phone.press(token)
    assert (await on_telegram.provider.until_taken(3))[2] == on_telegram.says(
        "unlinked"
    )
    telegram, web = owners(on_telegram)
    assert telegram != web


async def test_typed_code_joins_who_wrote_before_and_unlink_parts(
    on_webhook: Talk,
) -> None:
    browser = await on_website(on_webhook)
    await on_webhook.phone.say("hello")
    await on_webhook.provider.until_taken(2)
    code = await code_from(browser, "webhook")
    await on_webhook.phone.say(code.lower(), times=2)
    assert (await on_webhook.provider.until_taken(3))[2] == on_webhook.says("linked")
    await on_webhook.phone.say(code)
    assert (await on_webhook.provider.until_taken(4))[3] == on_webhook.says(
        "link_unknown"
    )
    await on_webhook.phone.say("UNLINK")
    assert (await on_webhook.provider.until_taken(5))[4] == on_webhook.says("unlinked")
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
