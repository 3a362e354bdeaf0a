import re

from sqlalchemy import select

from journey.store.tables import CustomerRead
from tests.web.desk.conftest import Desk
from tests.web.desk.talk import Customer, talking


def lists_of(page: str) -> dict[str, list[str]]:
    """Return the conversations in each list of a page."""
    found = re.findall(r'<ul id="(\w+)">(.*?)</ul>', page, re.DOTALL)
    return {
        name: re.findall(r'data-conversation="(\w+)"', items) for name, items in found
    }


async def shown(desk: Desk, name: str = "ana") -> dict[str, list[str]]:
    seat = desk.seat()
    await seat.sign_in(name)
    return lists_of((await seat.page()).text)


async def waiting(desk: Desk, why: str) -> Customer:
    customer = await talking(desk, f"about {why}")
    customer.ask_for_person(why)
    return customer


async def test_queue_begins_with_the_most_urgent(desk: Desk) -> None:
    asked, danger = await waiting(desk, "asked"), await waiting(desk, "self_harm")
    desk.add("ana")
    assert (await shown(desk))["waiting"] == [danger.id, asked.id]


async def test_each_agent_has_a_list_of_their_own(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in("ana")
    desk.add("bo")
    assert (await shown(desk, "bo"))["live"] == [customer.id]
    await ana.post(f"{customer.address}/take")
    assert (await shown(desk, "ana"))["mine"] == [customer.id]
    assert (await shown(desk, "bo"))["colleagues"] == [customer.id]


async def test_put_aside_and_closed_have_their_lists(desk: Desk) -> None:
    aside, closed = await talking(desk, "one"), await talking(desk, "two")
    ana = await desk.signed_in("ana")
    for customer in (aside, closed):
        await ana.post(f"{customer.address}/take")
    await ana.post(f"{aside.address}/snooze", until="1h")
    await ana.post(f"{closed.address}/resolve", seen="99")
    lists = lists_of((await ana.page()).text)
    assert (lists["snoozed"], lists["closed"]) == ([aside.id], [closed.id])


async def test_words_of_customers_are_text(desk: Desk) -> None:
    await talking(desk, "<b>bold</b>")
    ana = await desk.signed_in("ana")
    page = (await ana.page()).text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page


async def test_every_customer_on_the_page_is_on_record(desk: Desk) -> None:
    one, other = await talking(desk, "one"), await talking(desk, "two")
    ana = await desk.signed_in("ana")
    await ana.page()
    await ana.page(one.address)
    rows = one.look(lambda s: s.scalars(select(CustomerRead)).all())
    who = {customer.conversation().customer_id for customer in (one, other)}
    assert {row.customer_id for row in rows if row.what == "list"} == who
    assert [row.customer_id for row in rows if row.what == "conversation"] == [
        one.conversation().customer_id
    ]


async def test_search_finds_and_goes_on_record(desk: Desk) -> None:
    fern, _ = await talking(desk, "my fern is dying"), await talking(desk, "hello")
    ana = await desk.signed_in("ana")
    page = (await ana.page("/desk/search?q=FERN")).text
    assert lists_of(page)["found"] == [fern.id]
    rows = fern.look(lambda s: s.scalars(select(CustomerRead)).all())
    searched = [row.customer_id for row in rows if row.what == "search"]
    assert searched == [fern.conversation().customer_id]
