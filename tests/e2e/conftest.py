"""A running shop with a stand-in engine, and a browser to look at it."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from sqlalchemy.orm import Session

from journey.catalogue.load import load_catalogue
from journey.catalogue.products import store_products
from journey.desk import agents
from journey.desk.agents import Role
from journey.store.engine import open_engine
from tests.e2e.desk import PASSWORD, TEAM, WIDE, Desk
from tests.e2e.processes import (
    ROOT,
    ended,
    environment,
    free_port,
    start,
    start_engine,
    until_up,
)
from tests.web.channels import telegram

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Shop:
    """Where the shop runs, and under which settings."""

    url: str
    env: dict[str, str]


@pytest.fixture(scope="session")
def other_port() -> int:
    """Return the port of another site that embeds the chat."""
    return free_port()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, other_port: int) -> Iterator[Shop]:
    engine_port, port = free_port(), free_port()
    env = environment(tmp_path_factory.mktemp("shop"), engine_port)
    env["COACH_SITES"] = f"http://127.0.0.1:{other_port}"
    env["COACH_TEST_DELAY"] = "0.3"
    env |= telegram.Telegram.environ("http://127.0.0.1:9")
    env["COACH_TELEGRAM_NAME"] = "hale_bot"
    stock(env["COACH_DATABASE_URL"])
    web = [sys.executable, "-m", "uvicorn", "web.app:create_app", "--factory"]
    with ExitStack() as stack:
        stack.enter_context(ended(start_engine(env, engine_port)))
        stack.enter_context(ended(start([*web, "--port", str(port)], env)))
        until_up(f"http://127.0.0.1:{port}/health")
        yield Shop(f"http://127.0.0.1:{port}", env)


def stock(database_url: str) -> None:
    engine = open_engine(database_url)
    with Session(engine) as session, session.begin():
        store_products(session, load_catalogue(ROOT / "data" / "catalogue"))
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    yield context
    context.close()


@dataclass(frozen=True)
class Chat:
    """The chat as somebody at the screen uses it."""

    page: Page

    def open(self) -> "Chat":
        self.page.get_by_role("button", name="open the chat").click()
        expect(self.box).to_be_visible()
        return self

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Ask Hale")

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Write a message")

    @property
    def messages(self) -> Locator:
        return self.page.locator("coach-message .text")

    def type(self, text: str) -> None:
        self.box.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def say(self, text: str, answer: str) -> None:
        self.type(text)
        self.see(answer)

    def see(self, text: str) -> None:
        expect(self.messages.filter(has_text=text).last).to_be_visible()

    def texts(self) -> list[str]:
        return self.messages.all_inner_texts()


@pytest.fixture
def chat(context: BrowserContext, shop: Shop) -> Iterator[Chat]:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(shop.url)
    yield Chat(page).open()
    assert faults == []


def settled(seconds: float = 0.4) -> None:
    """Let what moves come to rest."""
    time.sleep(seconds)


def axe_source() -> str:
    return Path(ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(scope="session")
def team(shop: Shop) -> Mapping[str, str]:
    engine = open_engine(shop.env["COACH_DATABASE_URL"])
    with Session(engine) as session, session.begin():
        for name, shown_as in TEAM.items():
            agents.add(
                session,
                name,
                role=Role.AGENT,
                password=PASSWORD,
                shown_as=shown_as,
                now=datetime.now(UTC),
            )
    engine.dispose()
    return TEAM


Seats = Callable[[str], Desk]


@pytest.fixture
def seats(browser: Browser, shop: Shop, team: Mapping[str, str]) -> Iterator[Seats]:
    faults: list[str] = []
    contexts = []

    def seat(name: str) -> Desk:
        context = browser.new_context(viewport=WIDE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: note(said.type, said.text))
        page.goto(f"{shop.url}/desk/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name=team[name])).to_be_visible()
        return Desk(page)

    def note(kind: str, text: str) -> None:
        if kind == "error":
            faults.append(text)

    yield seat
    for context in contexts:
        context.close()
    assert faults == []


def ask_for_person(chat: Chat, words: str) -> None:
    chat.say("my back hurts", "Shall I show you a few chairs?")
    chat.say(f"a person please, {words}", "A person is on the way")
