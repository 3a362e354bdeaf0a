"""Going on in another app, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Chat
from tests.e2e.test_chat_page import faults

pytestmark = pytest.mark.browser


def test_link_and_picture_for_the_phone(chat: Chat) -> None:
    chat.say("hello", "re: hello")
    button = chat.dialog.get_by_role("button", name="Go on elsewhere")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    chat.dialog.get_by_role("button", name="Telegram").click()
    link = chat.dialog.get_by_role("link", name="Open Telegram")
    address = re.compile(r"https://t\.me/hale_bot\?start=LINK-[A-Z0-9]{12}")
    expect(link).to_have_attribute("href", address)
    expect(link).to_be_focused()
    expect(chat.dialog.get_by_role("img", name="scan this")).to_be_visible()
    expect(chat.dialog).to_contain_text("quarter of an hour")
    # The page's own landmarks are looked at with the page.
    assert [x for x in faults(chat.page) if not x.startswith("region")] == []
    button.click()
    expect(link).to_be_hidden()
