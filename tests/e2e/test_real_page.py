"""The page in a real browser, with the trained engine and the real actions."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journey.desk import agents
from journey.desk.agents import Role
from tests.conversations.house import House, running
from tests.e2e.conftest import Chat, settled
from tests.e2e.desk import PASSWORD, Desk
from tests.e2e.processes import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.engine]
SLOW = 60_000
"""Milliseconds that a turn may take on a machine that trains beside it."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def real(context: BrowserContext, house: House) -> Chat:
    page = context.new_page()
    page.set_default_timeout(SLOW)
    page.goto(house.web)
    return Chat(page).open()


def say(chat: Chat, text: str) -> None:
    """Say something and wait until the coach has answered."""
    before = chat.page.locator(".ai-message coach-message").count()
    chat.type(text)
    expect(chat.page.locator(".ai-message coach-message").nth(before)).to_be_visible(
        timeout=SLOW
    )
    settled(1)


def test_finds_chair_and_orders_it(real: Chat, tmp_path: Path) -> None:
    say(real, "I need a desk chair under 250 for somebody tall, no leather")
    cards = real.page.get_by_role("list", name="Options").last.get_by_role("listitem")
    expect(cards.first).to_be_visible(timeout=SLOW)
    assert 1 <= cards.count() <= 4
    for card in cards.all():
        expect(card.get_by_role("button", name="Choose this one")).to_be_visible()
        expect(card.locator(".reason")).not_to_be_empty()
        expect(card.locator(".drawback")).not_to_be_empty()
    settled(1)
    folder = ROOT / "docs" / "images" if os.environ.get("COACH_PICTURES") else tmp_path
    real.page.screenshot(path=folder / "chat.png")
    before = real.messages.count()
    cards.first.get_by_role("button", name="Choose this one").click()
    expect(real.messages.nth(before + 1)).to_be_visible(timeout=SLOW)
    real.page.reload()
    expect(real.messages.filter(has_text="I'd like the")).to_have_count(1)


def test_coaches_before_it_offers(real: Chat) -> None:
    say(real, "I keep waking up at 3 and I'm a wreck at work")
    assert real.page.get_by_role("list", name="Options").count() == 0
    expect(real.messages.last).to_contain_text(re.compile(r"\?"))
    real.page.reload()
    expect(real.messages.filter(has_text="waking up at 3")).to_have_count(1)


def test_takes_command_for_text(real: Chat) -> None:
    say(real, "/restart")
    expect(real.messages.filter(has_text="/restart")).to_have_count(1)
    say(real, "are you a robot?")
    expect(real.messages.last).to_contain_text(re.compile("AI|assistant|not a person"))


def test_person_comes_with_all_that_was_said(
    real: Chat, house: House, browser: Browser
) -> None:
    add_agent(house)
    say(real, "I keep waking up at 3 and I'm a wreck at work")
    say(real, "I'd rather talk to a person please")
    page = browser.new_page()
    page.set_default_timeout(SLOW)
    page.goto(f"{house.web}/desk/")
    ana = signed_in(page)
    ana.page.locator("#waiting a").first.click()
    packet = page.locator("#side")
    expect(packet).to_contain_text("asked for a person", timeout=SLOW)
    expect(packet.locator("blockquote")).to_contain_text("waking up at 3")
    ana.act("Take over")
    expect(ana.box).to_be_enabled(timeout=SLOW)
    ana.say("Hello, this is Ana. I'll have another pillow sent to you.")
    real.see("another pillow sent to you")
    page.get_by_text("Hand back", exact=True).click()
    page.locator("#back input[name=outcome]").fill("replacement sent, arrives Tuesday")
    page.get_by_role("button", name="Hand back to the bot").click()
    expect(page.get_by_role("status").filter(has_text="promise")).to_be_visible()
    real.see("Ana has sent you a replacement")
    say(real, "are you a robot?")
    texts = real.texts()
    answer = texts[texts.index("are you a robot?") + 1]
    assert re.search("AI|assistant|not a person", answer)
    page.close()


def add_agent(house: House) -> None:
    with house.sessions.begin() as session:
        agents.add(
            session,
            "ana",
            role=Role.AGENT,
            password=PASSWORD,
            shown_as="Ana",
            now=datetime.now(UTC),
        )


def signed_in(page: Page) -> Desk:
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return Desk(page)
