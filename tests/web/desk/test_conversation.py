import asyncio
from typing import Any

from journey.desk import presence
from tests.factories import NOW
from tests.web.desk.conftest import Desk, Seat
from tests.web.desk.talk import Customer, talking


async def parts(seat: Seat, customer: Customer, after: int = 0) -> dict[str, Any]:
    response = await seat.http.get(f"{customer.address}/parts?after={after}")
    found: dict[str, Any] = response.json()
    return found


async def test_shows_what_was_said_with_a_locked_composer(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    page = (await ana.page(customer.address)).text
    assert "re: my back hurts" in page
    assert "The bot answers" in page
    assert "is with the bot" in page
    assert 'required disabled placeholder="Take over to write"' in page


async def test_unlocks_for_who_has_it_only(desk: Desk) -> None:
    customer = await talking(desk)
    ana, bo = await desk.signed_in("ana"), await desk.signed_in("bo")
    await ana.post(f"{customer.address}/take")
    assert (await parts(ana, customer))["mine"] is True
    theirs = await parts(bo, customer)
    assert theirs["mine"] is False
    assert theirs["hint"] == "Assign it to yourself to write"
    assert "ana has it; the bot is silent" in theirs["head"]
    assert "/take" not in theirs["head"]


async def test_parts_bring_only_what_is_new(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    position = (await parts(ana, customer))["position"]
    await customer.browser.say("and my neck")
    await customer.browser.until("re: and my neck")
    new = await parts(ana, customer, position)
    assert "and my neck" in new["messages"]
    assert "my back hurts" not in new["messages"]
    assert new["position"] == position + 2


async def test_says_who_waits_for_whom(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    customer.ask_for_person()
    assert "Waits for a person" in (await parts(ana, customer))["head"]
    await ana.post(f"{customer.address}/assign", to="team:orders")
    assert "Waits for a person for team orders" in (await parts(ana, customer))["head"]


async def test_two_agents_see_each_other(desk: Desk) -> None:
    customer = await talking(desk)
    ana, bo = await desk.signed_in("ana"), await desk.signed_in("bo")
    await bo.post(f"{customer.address}/here", seen="2")
    assert "bo is looking at this" in (await parts(ana, customer))["people"]
    await bo.post(f"{customer.address}/here", typing="1", seen="2")
    people = (await parts(ana, customer))["people"]
    assert "bo is writing here too" in people
    assert "looking" not in people
    assert "bo is" not in (await parts(bo, customer))["people"]


async def test_shows_customer_typing(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    store, now = desk.system.service.store, desk.system.service.clock()
    await store.write(
        lambda session: presence.types(session, customer.id, presence.CUSTOMER, now)
    )
    assert 'data-who="customer"' in (await parts(ana, customer))["people"]


async def test_shows_that_customer_read_the_last_word(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/write", text="Hello", once="1")
    assert "Read by" not in (await parts(ana, customer))["people"]
    store, position = desk.system.service.store, customer.conversation().position
    await store.write(
        lambda session: presence.saw(
            session, customer.id, presence.CUSTOMER, position, NOW
        )
    )
    assert "Read by" in (await parts(ana, customer))["people"]


async def test_canned_replies_are_filled(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    page = (await ana.page(customer.address)).text
    assert "Hello there, this is ana from Test &amp; Co." in page
    assert "Your order {order} should be with you" in page


async def test_earlier_messages_are_a_page_away(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    page = (await ana.page(f"{customer.address}?before=3")).text
    assert 'data-position="2"' in page
    assert 'data-position="3"' not in page


async def test_customer_sees_who_comes_and_who_types(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    stream = asyncio.create_task(customer.browser.listen())
    events = customer.browser.events
    await ana.post(f"{customer.address}/take")
    await desk.until(lambda: ("person", {"on": True}) in events)
    await ana.post(f"{customer.address}/here", typing="1", seen="1")
    await desk.until(lambda: ("typing", {"on": True, "who": "ana"}) in events)
    await ana.post(f"{customer.address}/write", text="Hello", once="1")
    await desk.until(lambda: events[-1] == ("typing", {"on": False, "who": None}))
    stream.cancel()


async def test_agent_sees_that_customer_types_and_reads(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/write", text="Hello", once="1")
    body = {"read": 99, "typing": True}
    response = await customer.browser.http.post("/chat/here", json=body)
    assert response.status_code == 204
    people = (await parts(ana, customer))["people"]
    assert 'data-who="customer"' in people
    assert "Read by" in people
    await customer.browser.say("I'm here")
    assert 'data-who="customer"' not in (await parts(ana, customer))["people"]


async def test_nobody_watches_who_talks_with_the_bot(desk: Desk) -> None:
    customer = await talking(desk)
    body = {"read": 2, "typing": True}
    await customer.browser.http.post("/chat/here", json=body)
    rows = customer.look(lambda s: presence.present(s, customer.id))
    assert rows == []


async def test_stranger_is_nowhere(desk: Desk) -> None:
    http = desk.system.browser().http
    assert (await http.post("/chat/here", json={"read": 1})).status_code == 401


async def test_packet_and_path_stand_beside_it(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    customer.ask_for_person("complaint")
    side = (await parts(ana, customer))["side"]
    assert "Name what went wrong in their words" in side
    assert "not verified" in side
    assert "<b>owner moved</b>" in side
