"""The desk on PostgreSQL: two processes, one queue, live both ways, and search."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from journey.store.engine import open_engine
from journey.store.tables import Base
from tests.bot.databases import installed, postgres
from tests.web.conftest import running
from tests.web.desk.conftest import Desk, Seat
from tests.web.desk.talk import talking
from tests.web.desk.test_stream import PATIENCE, hear, listening
from tests.web.door import FakeDoor
from web.settings import Settings

BINARIES = installed()
pytestmark = pytest.mark.skipif(BINARIES is None, reason="PostgreSQL is not installed")


@pytest.fixture
def shared(settings: Settings) -> Iterator[Settings]:
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    assert BINARIES
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        with postgres(BINARIES, Path(home)) as given:
            url = given.replace("postgresql:", "postgresql+psycopg:")
            engine = open_engine(url)
            Base.metadata.create_all(engine)
            engine.dispose()
            yield replace(settings, database_url=url)


async def test_request_of_another_process_is_queued_found_and_taken_once(
    shared: Settings,
) -> None:
    async with running(shared, FakeDoor()) as one, running(shared, FakeDoor()) as two:
        here, there = Desk(one), Desk(two)
        customer, ana = await talking(here), await there.signed_in("ana")
        bo = await here.signed_in("bo")
        async with listening(ana) as heard:
            customer.ask_for_person()
            await hear(heard, "board")
        assert customer.id in listed(await ana.page("/desk/board"), "waiting")
        await takes_once(customer.address, ana, bo)
        async with listening(ana, f"?conversation={customer.id}") as heard:
            await customer.browser.say("still there, 100% of it?")
            await hear(heard, "conversation")
        found = await ana.page("/desk/search?q=100%25 of")
        assert customer.id in listed(found, "found")
        await ana.post(f"{customer.address}/write", text="Here.", once="1")
        await customer.browser.until("Here.", PATIENCE)


def listed(page: httpx.Response, name: str) -> str:
    """Return one list of the desk, as it is sent."""
    return page.text.partition(f'<ul id="{name}">')[2].partition("</ul>")[0]


async def takes_once(address: str, ana: Seat, bo: Seat) -> None:
    assert (await ana.post(f"{address}/take")).status_code == 303
    refused = await bo.post(f"{address}/take")
    assert refused.status_code == 409
    assert "ana has this conversation already" in refused.text
