import asyncio

import pytest
from sqlalchemy import select

from journey.desk import writing
from journey.promises.promises import open_promises
from journey.store.tables import Event, Presence
from tests.web.desk.conftest import Desk, Seat
from tests.web.desk.talk import Customer, talking

JSON = {"accept": "application/json"}


async def test_takes_over_and_writes(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    response = await ana.post(f"{customer.address}/take")
    assert response.headers["location"] == customer.address
    assert customer.conversation().owner == "human"
    await ana.post(f"{customer.address}/write", text="Hello, this is Ana.", once="1")
    texts = await customer.browser.until("Hello, this is Ana.")
    assert "ana from our team takes over" in texts[-2]


async def test_same_message_is_written_once(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    for _ in range(2):
        await ana.post(f"{customer.address}/write", text="Only once.", once="1")
    texts = await customer.browser.until("Only once.")
    assert texts.count("Only once.") == 1


@pytest.mark.parametrize("name", ["write", "resolve", "back", "snooze"])
async def test_refuses_who_has_not_taken_it(desk: Desk, name: str) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    form = {"text": "Hello", "outcome": "solved", "until": "", "seen": "99"}
    response = await ana.post(f"{customer.address}/{name}", **form)
    assert response.status_code == 409
    assert "take it first" in response.text
    assert "Hello" not in await customer.browser.texts()


async def test_second_agent_hears_who_was_faster(desk: Desk) -> None:
    customer = await talking(desk)
    ana, bo = await desk.signed_in("ana"), await desk.signed_in("bo")
    await ana.post(f"{customer.address}/take")
    response = await bo.post(f"{customer.address}/take")
    assert response.status_code == 409
    assert "ana has this conversation already" in response.text


async def test_says_to_a_script_what_is_wrong(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    csrf = await ana.csrf()
    response = await ana.http.post(
        f"{customer.address}/write", data={"csrf": csrf, "text": "x"}, headers=JSON
    )
    assert response.status_code == 409
    assert "take it first" in response.json()["error"]


async def test_sends_no_open_place(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    response = await ana.post(f"{customer.address}/write", text="Order {order} left.")
    assert "{order} is still to be filled in" in response.text


async def test_hands_back_with_a_promise(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    line = "replacement sent, arrives Tuesday"
    csrf = await ana.csrf()
    form = {"csrf": csrf, "outcome": line, "seen": "99"}
    response = await ana.http.post(f"{customer.address}/back", data=form, headers=JSON)
    assert "Kept as a promise: replacement by Tue" in response.json()["told"]
    who = customer.conversation().customer_id
    (promise,) = customer.look(lambda session: open_promises(session, who))
    assert promise.kind == "replacement"
    assert customer.conversation().owner == "bot"
    assert "has sent you a replacement" in (await customer.browser.texts())[-1]


async def test_hands_nothing_back_that_was_not_read(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    form = {"outcome": "solved", "seen": "1"}
    response = await ana.post(f"{customer.address}/back", **form)
    assert "The customer wrote in the meantime." in response.text
    assert customer.conversation().owner == "human"


@pytest.mark.parametrize("outcome", ["", "   "])
async def test_hands_back_with_an_outcome_only(desk: Desk, outcome: str) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    response = await ana.post(f"{customer.address}/back", outcome=outcome, seen="99")
    assert "Say in one line how it ended." in response.text


async def test_resolves_and_reopens(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/resolve", seen="99")
    assert (customer.handoff().state, customer.conversation().owner) == (
        "resolved",
        "bot",
    )
    await ana.post(f"{customer.address}/reopen")
    assert (customer.handoff().state, customer.conversation().owner) == (
        "taken",
        "human",
    )


async def test_assigns_to_colleague_and_to_team(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    desk.add("bo")
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/assign", to="agent:bo")
    assert customer.handoff().agent == "bo"
    await ana.post(f"{customer.address}/assign", to="team:orders")
    assert (customer.handoff().team, customer.handoff().agent) == ("orders", None)


@pytest.mark.parametrize("to", ["", "agent:nobody", "team:nobody", "agent:cy"])
async def test_assigns_to_nobody_unknown(desk: Desk, to: str) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    desk.close("cy")
    await ana.post(f"{customer.address}/take")
    response = await ana.post(f"{customer.address}/assign", to=to)
    assert "Choose a colleague or a team." in response.text


async def test_puts_aside_until_the_customer_writes(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/snooze", until="")
    assert customer.handoff().state == "snoozed"
    await customer.browser.say("are you there?")
    await desk.until(lambda: customer.handoff().state == "taken")


async def test_note_is_for_colleagues_only(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/note", text="Sounds tired, be brief.")
    (note,) = customer.look(lambda session: writing.notes(session, customer.id))
    assert (note.author, note.text) == ("ana", "Sounds tired, be brief.")
    bo = await desk.signed_in("bo")
    assert "Sounds tired, be brief." in (await bo.page(customer.address)).text
    assert not any("tired" in text for text in await customer.browser.texts())


async def test_notes_who_looks_types_and_leaves(desk: Desk) -> None:
    customer, ana = await talking(desk), await desk.signed_in()

    def row() -> Presence:
        return customer.look(lambda session: session.scalars(select(Presence)).one())

    await ana.post(f"{customer.address}/here", typing="1", seen="2")
    assert row().read == 2
    assert row().typing_until is not None
    await ana.post(f"{customer.address}/here", gone="1")
    assert (row().typing_until, row().here_until) == (None, None)


async def test_unknown_conversation_is_not_found(desk: Desk) -> None:
    ana = await desk.signed_in()
    assert (await ana.page("/desk/conversations/unknown")).status_code == 404
    assert (await ana.post("/desk/conversations/unknown/take")).status_code == 404


async def rating(customer: Customer, title: str) -> str:
    """Press a rating once it is there; return what was said then."""
    said = await customer.browser.history()
    asked = next(message for message in said if "How was it?" in message["text"])
    (token,) = [x["token"] for x in asked["content"]["buttons"] if x["title"] == title]
    await customer.browser.press(token)
    history = len(await customer.browser.history())
    for _ in range(200):
        if len(after := await customer.browser.history()) > history - 1:
            if after[-1]["direction"] == "out":
                return str(after[-1]["text"])
        await asyncio.sleep(0.02)
    raise AssertionError("nothing was said to the rating")


async def resolved(desk: Desk) -> tuple[Customer, Seat]:
    customer, ana = await talking(desk), await desk.signed_in()
    await ana.post(f"{customer.address}/take")
    await ana.post(f"{customer.address}/resolve", seen="99")
    settled = "ana has closed this as settled. "
    await customer.browser.until(
        f"{settled}How was it? If anything is left, just write."
    )
    return customer, ana


async def test_rating_is_kept_and_logged(desk: Desk) -> None:
    customer, _ = await resolved(desk)
    assert await rating(customer, "Very good") == "Thank you, that helps us."
    assert customer.handoff().rating == 5
    events = customer.look(lambda s: s.scalars(select(Event.kind)).all())
    assert events.count("handoff_rated") == 1


async def test_bad_rating_offers_a_person_again(desk: Desk) -> None:
    customer, _ = await resolved(desk)
    assert "a person to look at it again" in await rating(customer, "Bad")
    last = (await customer.browser.history())[-1]
    assert last["content"]["buttons"][0]["title"] == "Yes, a person please"
    assert customer.handoff().rating == 1


async def test_rating_is_asked_once(desk: Desk) -> None:
    customer, ana = await resolved(desk)
    await rating(customer, "Good")
    await ana.post(f"{customer.address}/reopen")
    await ana.post(f"{customer.address}/resolve", seen="99")
    texts = await customer.browser.until(
        "ana has closed this as settled. If anything is left, just write."
    )
    assert sum("How was it?" in text for text in texts) == 1
