"""Two web processes on one PostgreSQL: the work is shared, nothing is done twice."""

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.bot.databases import installed, postgres
from tests.web.channels import webhook
from tests.web.conftest import Browser, Running, running
from tests.web.door import FakeDoor
from tests.web.test_events import listening, until
from web.settings import Settings

BINARIES = installed()
pytestmark = pytest.mark.skipif(BINARIES is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    assert BINARIES
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        with postgres(BINARIES, Path(home)) as given:
            address = given.replace("postgresql:", "postgresql+psycopg:")
            engine = open_engine(address)
            Base.metadata.create_all(engine)
            engine.dispose()
            yield address


async def talk(system: Running, number: int) -> list[str]:
    browser = system.browser()
    await browser.open()
    for index in range(4):
        await browser.say(f"{number}.{index}")
    return await browser.until(f"re: {number}.3", 60)


async def test_two_processes_answer_each_once(settings: Settings, url: str) -> None:
    door = FakeDoor()
    door.delay = 0.05
    shared = replace(settings, database_url=url)
    async with running(shared, door) as first, running(shared, door) as second:
        talks = [talk((first, second)[number % 2], number) for number in range(16)]
        answered = await asyncio.gather(*talks)
    for number, texts in enumerate(answered):
        said = [f"{number}.{index}" for index in range(4)]
        assert [text for text in texts if not text.startswith("re")] == said
        assert [text[4:] for text in texts if text.startswith("re")] == said
    heard = [text for said in door.heard.values() for text in said]
    assert len(heard) == len(set(heard)) == 64


async def test_two_processes_take_in_what_arrived_once(
    settings: Settings, url: str
) -> None:
    provider = webhook.Webhook()
    async with provider.serving() as theirs:
        folder = settings.channels.parent / "none"
        told = {"database_url": url, "environ": provider.environ(theirs)}
        shared = replace(settings, channels=folder, **told)
        door = FakeDoor()
        async with running(shared, door) as first, running(shared, door) as second:
            phones = [webhook.Client(x.browser().http) for x in (first, second)]
            for number in range(20):
                person = f"person-{number % 4}"
                letter = {"id": f"m-{number}", "from": person, "text": f"{number}"}
                await asyncio.gather(*(phone.post(letter) for phone in phones))
            await provider.until_taken(24)
    heard = [list(map(int, said)) for said in door.heard.values()]
    assert sorted(heard) == [list(range(who, 20, 4)) for who in range(4)]


async def test_two_first_messages_at_once(settings: Settings, url: str) -> None:
    shared = replace(settings, database_url=url)
    async with running(shared, FakeDoor()) as system:
        browser = system.browser()
        await browser.open()
        answers = await asyncio.gather(*(browser.say(str(n)) for n in range(5)))
        assert [answer.status_code for answer in answers] == [202] * 5
        positions = sorted(answer.json()["position"] for answer in answers)
        assert len(set(positions)) == 5


async def test_other_process_streams_answer(settings: Settings, url: str) -> None:
    shared = replace(settings, database_url=url)
    async with running(shared, FakeDoor()) as first, running(shared, FakeDoor()) as two:
        browser = first.browser()
        await browser.open()
        cookie = f"coach_session={browser.http.cookies['coach_session']}"
        tab: Browser = two.browser(cookie=cookie)
        async with listening(tab):
            await browser.say("hello")
            assert (await until(tab, 3))[1:] == ["hello", "re: hello"]
