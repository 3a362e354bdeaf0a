"""What a takeover outlives: an idle hour, `/restart`, another process."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest

from journey.desk import snoozing
from journey.desk.unattended import Unattended
from tests.web.conftest import running
from tests.web.desk.conftest import Desk, Seat
from tests.web.desk.talk import Customer, talking
from tests.web.door import FakeDoor
from web.settings import Settings

IDLE = timedelta(minutes=61)


@dataclass
class Clock:
    """A clock that a test moves on."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


async def run_jobs(customer: Customer, now: datetime) -> None:
    """Do what the scheduler does meanwhile."""
    service, random = customer.desk.system.service, Random(0)
    watch = Unattended(service.desk.help)
    for job in (snoozing.wake_due, watch.tell):
        await service.store.write(partial(job, now=now, random=random))


async def answer(customer: Customer, seat: Seat, text: str) -> list[str]:
    await seat.post(f"{customer.address}/write", text=text, once=text)
    return await customer.browser.until(text)


@pytest.mark.parametrize("said", ["are you still there?", "/restart"])
async def test_person_keeps_a_conversation_over_an_idle_hour(
    settings: Settings, clock: Clock, said: str
) -> None:
    async with running(settings, FakeDoor(), clock) as system:
        desk = Desk(system)
        customer, ana = await talking(desk), await desk.signed_in("ana")
        await ana.post(f"{customer.address}/take")
        version = customer.conversation().owner_version
        clock.now += IDLE
        await run_jobs(customer, clock.now)
        await customer.browser.say(said)
        texts = await answer(customer, ana, "Here I am.")
        assert f"re: {said}" not in texts
        assert system.door.heard[customer.id] == ["my back hurts"]
        conversation = customer.conversation()
        assert (conversation.owner, conversation.owner_version) == ("human", version)
        assert said in (await ana.page(customer.address)).text


async def test_request_stays_asked_over_an_idle_hour_and_the_customer_hears(
    settings: Settings, clock: Clock
) -> None:
    async with running(settings, FakeDoor(), clock) as system:
        desk = Desk(system)
        customer, ana = await talking(desk), await desk.signed_in("ana")
        customer.ask_for_person()
        clock.now += IDLE
        await run_jobs(customer, clock.now)
        await customer.browser.say("/restart")
        await ana.post(f"{customer.address}/take")
        texts = await answer(customer, ana, "Here I am.")
        assert system.door.heard[customer.id] == ["my back hurts"]
        assert "re: /restart" not in texts
        assert customer.conversation().owner == "human"


async def test_person_keeps_a_conversation_over_a_new_process(
    settings: Settings,
) -> None:
    door = FakeDoor()
    async with running(settings, door) as one:
        desk = Desk(one)
        customer, ana = await talking(desk), await desk.signed_in("ana")
        await ana.post(f"{customer.address}/take")
        cookies = [dict(x.cookies) for x in (customer.browser.http, ana.http)]
    async with running(replace(settings), door) as two:
        here = Desk(two)
        browser, seat = two.browser(), here.seat()
        for http, cookie in zip((browser.http, seat.http), cookies, strict=True):
            http.cookies.update(cookie)
        again = Customer(here, browser, customer.id)
        await browser.say("and my neck")
        texts = await answer(again, seat, "Here I am.")
        assert "re: and my neck" not in texts
        assert again.conversation().owner == "human"
