"""The page in a real browser, against a stand-in engine."""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.people.privacy import request_erasure
from journey.store.engine import open_engine
from journey.store.tables import Conversation, Message
from tests.e2e.conftest import Chat, Shop, axe_source, settled
from tests.e2e.processes import ROOT, ended, start, until_up

pytestmark = pytest.mark.browser
FOCUSED = """() => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active?.getAttribute("aria-label") ?? active?.innerText ?? active?.tagName;
}"""


def choose_chair(chat: Chat) -> None:
    chat.say("my back hurts", "Shall I show you a few chairs?")
    chat.page.get_by_role("button", name="Yes, show me").click()
    expect(chat.page.get_by_role("list", name="Options")).to_be_visible()


def test_says_need_gets_options_and_chooses(chat: Chat) -> None:
    choose_chair(chat)
    card = chat.page.get_by_role("listitem").filter(has_text="Lind High-Back").last
    expect(card).to_contain_text("€189.00")
    expect(card).to_contain_text("Tall back")
    expect(card).to_contain_text("40 minutes")
    card.get_by_role("button", name="Choose this one").click()
    chat.see("I'd like the Lind High-Back Desk Chair")
    expect(chat.page.get_by_role("region", name="Order 1042")).to_contain_text("€189")


def test_discloses_ai_first(chat: Chat) -> None:
    expect(chat.messages.first).to_contain_text("I'm an AI, not a person")
    chat.say("hello", "re: hello")
    assert sum("I'm an AI" in text for text in chat.texts()) == 1


def test_compares_in_table(chat: Chat) -> None:
    chat.say("compare them", "Side by side")
    table = chat.page.get_by_role("table", name="Comparison")
    expect(table.get_by_role("columnheader")).to_have_count(3)
    expect(table.get_by_role("rowheader")).to_have_text(["price", "seat height"])


def test_keeps_all_over_reload(chat: Chat) -> None:
    choose_chair(chat)
    expect(chat.page.get_by_role("button", name="Choose this one")).to_have_count(3)
    before = chat.texts()
    chat.page.reload()
    expect(chat.messages).to_have_count(len(before))
    assert chat.texts() == before
    expect(chat.page.get_by_role("button", name="Choose this one")).to_have_count(3)


def test_answers_what_was_asked_before_reload(chat: Chat) -> None:
    chat.type("before the reload")
    chat.page.reload()
    chat.see("re: before the reload")
    assert chat.texts()[1:] == ["before the reload", "re: before the reload"]


def test_survives_loss_of_network(chat: Chat, context: BrowserContext) -> None:
    chat.say("one", "re: one")
    context.set_offline(True)
    chat.type("two")
    expect(chat.page.get_by_text("You are offline.")).to_be_visible()
    expect(chat.page.locator(".sending")).to_be_visible()
    time.sleep(5)
    context.set_offline(False)
    chat.see("re: two")
    expect(chat.page.locator(".sending")).to_have_count(0)
    assert chat.texts()[1:] == ["one", "re: one", "two", "re: two"]


def test_shows_same_in_two_tabs(
    chat: Chat, context: BrowserContext, shop: Shop
) -> None:
    other = Chat(context.new_page())
    other.page.goto(shop.url)
    other.open()
    chat.say("from the first tab", "re: from the first tab")
    other.see("re: from the first tab")
    other.say("from the second tab", "re: from the second tab")
    chat.see("re: from the second tab")
    assert chat.texts() == other.texts()


def test_works_by_keyboard_only(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    page.goto(shop.url)
    launcher = page.get_by_role("button", name="open the chat")
    launcher.wait_for()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) == "Ask Hale: open the chat"
    page.keyboard.press("Enter")
    chat = Chat(page)
    expect(chat.box).to_be_focused()
    page.keyboard.type("my back hurts")
    page.keyboard.press("Enter")
    chat.see("Shall I show you")
    tab_to(page, "Yes, show me", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Options")).to_be_visible()
    expect(chat.box).to_be_focused()
    tab_to(page, "Choose this one: Lind High-Back Desk Chair", "Shift+Tab")
    page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(launcher).to_be_focused()


def tab_to(page: Page, name: str, key: str) -> None:
    for _ in range(12):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} cannot be reached by {key}")


def test_speaks_each_message_once(chat: Chat) -> None:
    chat.say("hello", "re: hello")
    settled()
    spoken = chat.page.get_by_role("log").inner_text()
    assert spoken.count("re: hello") == 1
    assert spoken.count("I'm an AI") == 1
    chat.page.reload()
    chat.see("re: hello")
    assert "re: hello" not in chat.page.get_by_role("log").inner_text()


def test_shows_text_as_text(chat: Chat) -> None:
    chat.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    evil = "<img src=x onerror=alert(1)> *bold* [x](javascript:alert(1))"
    chat.say(evil, f"re: {evil}")
    assert chat.texts()[1:] == [evil, f"re: {evil}"]
    expect(chat.page.locator("coach-message img")).to_have_count(0)


def test_shows_typing_while_engine_thinks(chat: Chat) -> None:
    chat.type("hello")
    expect(chat.page.locator(".deep-chat-loading-message-bubble").first).to_be_visible()
    chat.see("re: hello")
    expect(chat.page.locator(".deep-chat-loading-message-bubble")).to_have_count(0)


def test_sends_burst_slowly_and_says_so(chat: Chat) -> None:
    for number in range(23):
        chat.type(f"message {number}")
    expect(chat.page.get_by_text("That was a lot at once.")).to_be_visible()
    expect(chat.messages.filter(has_text="re: message 22")).to_be_visible(
        timeout=60_000
    )
    said = [text for text in chat.texts() if not text.startswith("re")][1:]
    assert said == [f"message {number}" for number in range(23)]


def test_says_why_message_was_refused(chat: Chat) -> None:
    chat.page.route(
        "**/chat/messages",
        lambda route: route.fulfill(
            status=413,
            content_type="application/json",
            body='{"error": "too_long", "message": "That is too long."}',
        ),
    )
    chat.type("hello")
    expect(chat.page.get_by_text("Not sent. That is too long.")).to_be_visible()
    chat.page.unroute("**/chat/messages")
    chat.page.get_by_role("button", name="Try again").click()
    chat.see("re: hello")


def test_fills_phone(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(shop.url)
    chat = Chat(page).open()
    choose_chair(chat)
    settled()
    assert chat.dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide == 360


def test_targets_are_large_enough(chat: Chat) -> None:
    choose_chair(chat)
    settled()
    for button in chat.dialog.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, button.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chat: Chat, scheme: str) -> None:
    chat.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    choose_chair(chat)
    chat.say("compare them", "Side by side")
    chat.page.get_by_role("button", name="Choose this one").first.click()
    expect(chat.page.get_by_role("region", name="Order 1042")).to_be_visible()
    settled(1)
    assert faults(chat.page) == []


def test_axe_finds_nothing_on_shop(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    page.goto(shop.url)
    page.get_by_role("button", name="open the chat").wait_for()
    assert faults(page) == []


def faults(page: Page) -> list[str]:
    # Evaluated, not added as a script: the page's policy lets no script in.
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def test_embeds_in_another_site(
    context: BrowserContext, shop: Shop, other_port: int, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(
        f'<!doctype html><p>Mine</p><script src="{shop.url}/embed.js"></script>'
    )
    command = [sys.executable, "-m", "http.server", str(other_port)]
    command += ["--bind", "127.0.0.1", "--directory", str(tmp_path)]
    page = context.new_page()
    with ended(start(command, os.environ)):
        until_up(f"http://127.0.0.1:{other_port}/")
        page.goto(f"http://127.0.0.1:{other_port}/")
        chat = Chat(page).open()
        chat.say("from another site", "re: from another site")
        page.reload()
        chat.see("re: from another site")


def test_loads_earlier_messages(chat: Chat) -> None:
    for number in range(26):
        chat.say(f"message {number}", f"re: message {number}")
        time.sleep(0.15)
    chat.page.reload()
    chat.see("re: message 25")
    expect(chat.messages).to_have_count(50)
    chat.page.get_by_role("button", name="Show earlier messages").click()
    expect(chat.messages).to_have_count(53)
    assert chat.texts()[1] == "message 0"


def test_starts_anew_when_forgotten(chat: Chat, shop: Shop) -> None:
    chat.say("remember me", "re: remember me")
    engine = open_engine(shop.env["COACH_DATABASE_URL"])
    with Session(engine) as session, session.begin():
        said = select(Message).where(Message.text == "remember me")
        found = session.scalars(said).one().conversation_id
        customer = session.get_one(Conversation, found).customer_id
        request_erasure(session, customer, datetime.now(UTC))
    engine.dispose()
    chat.see("Everything about you has been deleted")
    expect(chat.messages).to_have_count(2)
    chat.say("hello", "re: hello")


def test_goes_on_when_session_ended(chat: Chat, context: BrowserContext) -> None:
    chat.say("one", "re: one")
    context.clear_cookies()
    chat.type("two")
    chat.see("re: two")
    assert chat.texts()[1:] == ["two", "re: two"]


def test_makes_picture_for_readme(chat: Chat, tmp_path: Path) -> None:
    """With COACH_PICTURES=1 the picture in docs/ is made anew."""
    choose_chair(chat)
    settled(1)
    folder = ROOT / "docs" / "images" if os.environ.get("COACH_PICTURES") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    picture = chat.page.screenshot(path=folder / "chat.png")
    assert len(picture) > 20_000
