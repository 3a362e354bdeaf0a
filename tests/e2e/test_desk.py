"""Two real browsers: a customer at the chat, an agent at the desk."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.promises.promises import make_promise
from journey.store.engine import open_engine
from journey.store.tables import Conversation, Handoff, Message
from tests.e2e.conftest import Chat, Seats, Shop, ask_for_person, settled
from tests.e2e.desk import TEAM, Desk
from tests.e2e.processes import ROOT

pytestmark = pytest.mark.browser


def test_whole_story(chat: Chat, seats: Seats, tmp_path: Path) -> None:
    ana = seats("ana")
    ask_for_person(chat, "the new chair is broken")
    # It comes without a reload, and opens by keyboard alone.
    line = ana.list("waiting").filter(has_text="the new chair is broken")
    expect(line).to_be_visible()
    expect(ana.page.locator("#main")).to_contain_text("waiting for a person")
    expect(ana.page).to_have_title(re.compile(r"^\(\d+\) "))
    line.focus()
    ana.page.keyboard.press("Enter")
    ana.see("a person please, the new chair is broken")
    expect(ana.box).to_be_disabled()
    expect(ana.page.locator("#side")).to_contain_text("Next:")
    ana.page.keyboard.press("t")
    expect(ana.box).to_be_enabled()
    chat.see("Ana Ruiz is here now")
    talk_both_ways(chat, ana)
    colleague_looks_on(ana, seats("bo"))
    picture(ana, tmp_path)
    hand_back(chat, ana)
    resolve(chat, ana)


def talk_both_ways(chat: Chat, ana: Desk) -> None:
    ana.box.click()
    ana.page.keyboard.type("Hello, this is Ana.")
    expect(chat.page.get_by_text("Ana Ruiz is writing")).to_be_visible()
    ana.page.keyboard.press("Enter")
    chat.see("Hello, this is Ana.")
    expect(chat.page.locator("coach-message .foot b").last).to_have_text("Ana Ruiz")
    expect(chat.page.get_by_text("Ana Ruiz is writing")).to_be_hidden()
    expect(ana.page.locator("#people")).to_contain_text("Read by")
    chat.box.click()
    chat.page.keyboard.type("it arrived cracked", delay=250)
    expect(ana.page.locator("#people")).to_contain_text("is writing")
    chat.page.keyboard.press("Enter")
    ana.see("it arrived cracked")
    ana.page.get_by_text("Replies", exact=True).click()
    ana.page.get_by_role("button", name="Offer a replacement").click()
    expect(ana.box).to_be_focused()
    ana.page.keyboard.press("Enter")
    chat.see("I can send you another one at no cost")
    assert not any("re: it arrived" in text for text in chat.texts())


def colleague_looks_on(ana: Desk, bo: Desk) -> None:
    bo.open("colleagues", "it arrived cracked")
    expect(bo.box).to_be_disabled()
    expect(bo.page.locator("#owner")).to_have_text("Ana Ruiz has it; the bot is silent")
    expect(ana.page.locator("#people")).to_contain_text("Bo Lind is looking at this")
    ana.page.get_by_label("Note for colleagues").fill("Second crack this month.")
    ana.page.get_by_role("button", name="Add note").click()
    expect(bo.page.locator("#notes li")).to_contain_text("Second crack this month.")


def picture(ana: Desk, tmp_path: Path) -> None:
    settled(1)
    folder = ROOT / "docs" / "images" if os.environ.get("COACH_PICTURES") else tmp_path
    ana.page.screenshot(path=folder / "desk.png")


def hand_back(chat: Chat, ana: Desk) -> None:
    ana.page.locator("#owner").click()
    ana.page.keyboard.press("b")
    ana.page.keyboard.type("replacement sent, arrives Tuesday")
    ana.page.keyboard.press("Enter")
    told = ana.page.get_by_role("status").filter(has_text="Kept as a promise")
    expect(told).to_contain_text("replacement by Tue")
    chat.see("Ana Ruiz has sent you a replacement")
    expect(ana.box).to_be_disabled()
    # A second Enter does not take it over again.
    expect(ana.page.locator("#owner")).to_be_focused()
    expect(ana.page.locator("#side")).to_contain_text("replacement by Tue")
    chat.say("thank you", "re: thank you")


def resolve(chat: Chat, ana: Desk) -> None:
    ana.act("Take over")
    expect(ana.box).to_be_enabled()
    ana.act("Resolve")
    ana.page.get_by_role("button", name="Resolve").click()
    chat.see("How was it?")
    chat.page.get_by_role("button", name="Very good").click()
    chat.see("Thank you, that helps us.")
    expect(ana.list("closed").first).to_be_visible()


def test_takes_over_from_the_live_list(chat: Chat, seats: Seats) -> None:
    ana = seats("ana")
    chat.say("hello from the live list", "re: hello from the live list")
    line = ana.page.locator("#live li").filter(has_text="hello from the live list")
    line.get_by_role("button").click()
    expect(ana.box).to_be_enabled()
    chat.see("Ana Ruiz from our team takes over from here")


def promise_a_call(shop: Shop, words: str) -> None:
    """Promise what a customer chose who did not want to wait."""
    engine = open_engine(shop.env["COACH_DATABASE_URL"])
    with Session(engine) as session, session.begin():
        asked = select(Message.conversation_id).where(Message.text.contains(words))
        query = select(Handoff).where(Handoff.conversation_id == session.scalar(asked))
        handoff = session.scalars(query).one()
        handoff.reach = "+49 30 1234567"
        conversation = session.get_one(Conversation, handoff.conversation_id)
        make_promise(
            session,
            "call_back",
            customer_id=conversation.customer_id,
            due_at=datetime.now(UTC) + timedelta(hours=2),
            now=datetime.now(UTC),
            keeper="support agent",
            about={"handoff": handoff.id},
        )
    engine.dispose()


def test_promised_call_shows_until_it_is_done(
    chat: Chat, seats: Seats, shop: Shop
) -> None:
    ana = seats("ana")
    ask_for_person(chat, "call me rather")
    promise_a_call(shop, "call me rather")
    line = ana.page.locator("#owed li").filter(has_text="Call +49 30 1234567")
    expect(line).to_be_visible()
    line.get_by_role("button", name="Done").click()
    expect(ana.page.get_by_role("status")).to_have_text("Noted: done in time.")
    expect(line).to_be_hidden()


def test_keeps_what_is_half_written(chat: Chat, seats: Seats) -> None:
    ana = seats("ana")
    ask_for_person(chat, "draft")
    ana.open("waiting", "a person please, draft")
    ana.act("Take over")
    expect(ana.box).to_be_enabled()
    ana.box.fill("half a sen")
    ana.page.get_by_label("Note for colleagues").fill("half a note")
    chat.type("one more thing")
    ana.see("one more thing")
    expect(ana.box).to_have_value("half a sen")
    expect(ana.page.get_by_label("Note for colleagues")).to_have_value("half a note")
    ana.page.reload()
    expect(ana.box).to_have_value("half a sen")


HEARD = """
  window.heard = { notices: [], tones: 0 };
  window.Notification = class {
    static permission = "granted";
    static requestPermission() { return Promise.resolve("granted"); }
    constructor(title, { body }) { heard.notices.push(`${title}: ${body}`); }
  };
  window.OscillatorNode = class extends OscillatorNode {
    start(at) { heard.tones += 1; super.start(at); }
  };
  document.hasFocus = () => false;
"""
"""A headless browser shows no notice and plays no sound: what it is told to counts."""


def test_new_request_rings_and_shows_a_notice(chat: Chat, seats: Seats) -> None:
    ana = seats("ana")
    ana.page.add_init_script(HEARD)
    ana.page.reload()
    bell = ana.page.get_by_role("button", name="Notices")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "true")
    assert ana.page.evaluate("heard.tones") == 2
    ask_for_person(chat, "does it ring?")
    # The page's own policy lets no predicate be made from a text: look again and again.
    for _ in range(100):
        if notices := ana.page.evaluate("heard.notices"):
            break
        ana.page.wait_for_timeout(100)
    assert [one.partition(": ")[0] for one in notices] == ["Somebody asks for a person"]
    assert ana.page.evaluate("heard.tones") == 4


def test_signed_out_page_asks_to_sign_in(seats: Seats) -> None:
    ana = seats("ana")
    ana.page.get_by_text(TEAM["ana"], exact=True).last.click()
    ana.page.get_by_role("button", name="Sign out").click()
    expect(ana.page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
