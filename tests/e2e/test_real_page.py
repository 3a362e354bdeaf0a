"""The page in a real browser, with the trained engine and the real actions."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conversations.house import House, running
from tests.e2e.conftest import Chat, settled
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
