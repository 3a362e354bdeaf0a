"""How the desk looks: nothing that axe finds, in light and dark, at every width."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Chat, Seats, Shop, ask_for_person, axe_source, settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(chat: Chat, seats: Seats, theme: str, width: int) -> None:
    ana = seats("ana")
    ask_for_person(chat, f"axe {theme} {width}")
    ana.open("waiting", f"axe {theme} {width}")
    ana.act("Take over")
    expect(ana.box).to_be_enabled()
    ana.page.set_viewport_size({"width": width, "height": 860})
    ana.page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    settled()
    assert faults_of(ana.page) == []
    ana.page.keyboard.press("Escape")
    ana.page.locator("#owner").click()
    ana.page.keyboard.press("?")
    expect(ana.page.get_by_role("dialog")).to_be_visible()
    assert faults_of(ana.page) == []


def test_sign_in_page_has_no_faults(browser: Browser, shop: Shop) -> None:
    page = browser.new_page()
    page.goto(f"{shop.url}/desk/")
    assert faults_of(page) == []
    page.close()


def faults_of(page: Page) -> list[str]:
    # By the protocol: the page's own policy lets no foreign script in.
    page.evaluate(axe_source())
    found = page.evaluate("axe.run()")
    return [f"{x['id']}: {x['nodes'][0]['html'][:120]}" for x in found["violations"]]


def test_fits_a_phone(chat: Chat, seats: Seats) -> None:
    ana = seats("ana")
    chat.say("hello from a phone", "re: hello from a phone")
    ana.page.set_viewport_size({"width": 390, "height": 844})
    ana.open("live", "hello from a phone")
    for page in (ana.page.url, ana.page.url.partition("conversations")[0]):
        ana.page.goto(page)
        wide = "document.documentElement.scrollWidth"
        assert ana.page.evaluate(wide) <= 390
    expect(ana.list("live").first).to_be_visible()
