"""The desk as an agent at the screen uses it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

PASSWORD = "correct horse battery"
TEAM = {"ana": "Ana Ruiz", "bo": "Bo Lind"}
WIDE = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Desk:
    """The desk as an agent at the screen uses it."""

    page: Page

    @property
    def box(self) -> Locator:
        return self.page.locator("#text")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#messages .text")

    def list(self, name: str) -> Locator:
        return self.page.locator(f"#{name} a")

    def see(self, text: str) -> None:
        expect(self.messages.filter(has_text=text).last).to_be_visible()

    def open(self, name: str, text: str) -> None:
        """Open the conversation of a list whose line has a text."""
        self.list(name).filter(has_text=text).first.click()
        expect(self.page.locator("#owner")).to_be_visible()

    def say(self, text: str) -> None:
        self.box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def act(self, name: str) -> None:
        self.page.locator("#head").get_by_text(name, exact=True).first.click()
