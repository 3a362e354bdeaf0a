"""To be forgotten: by the engine first, then by us, once nothing is owed."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.people.privacy import request_erasure
from journey.store.tables import Customer, Erasure, Message
from tests.web.conftest import Running


def ask_to_forget(system: Running) -> None:
    with Session(system.service.store.engine) as db, db.begin():
        customer = db.scalars(select(Customer)).one()
        request_erasure(db, customer.id, datetime.now(UTC))


async def test_forgets_customer_everywhere(system: Running) -> None:
    browser = system.browser()
    session = await browser.open()
    await browser.say("hello")
    await browser.until("re: hello")
    ask_to_forget(system)
    eraser = system.service.eraser
    await asyncio.gather(eraser.erase_due(), eraser.erase_due())
    assert system.door.forgotten == [session["conversation"]]
    with Session(system.service.store.engine) as db:
        assert db.scalars(select(Message)).all() == []
        assert db.scalars(select(Erasure)).one().done_at


async def test_answers_first(system: Running) -> None:
    system.door.delay = 0.5
    browser = system.browser()
    await browser.open()
    await browser.say("forget me")
    ask_to_forget(system)
    await system.service.eraser.erase_due()
    assert system.door.forgotten == []
    await browser.until("re: forget me")


async def test_starts_anew_after_erasure(system: Running) -> None:
    browser = system.browser()
    await browser.open()
    await browser.say("hello")
    await browser.until("re: hello")
    ask_to_forget(system)
    await system.service.eraser.erase_due()
    await browser.say("hello again")
    assert await browser.until("re: hello again") == ["hello again", "re: hello again"]
