"""Our calls: in order, once each, tried again as Chatwoot asks, or our own desk's."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select, update

from journey.desk import taking
from journey.desk.handoffs import Who
from journey.people.privacy import erase_customer
from journey.store.tables import Conversation, DeskLetter, DeskThread, Event
from journey.theirs import letters
from journey.theirs.falling import FELL_BACK
from tests.factories import NOW
from tests.web.channels.provider import Fault
from tests.web.conftest import running
from tests.web.desks.chatwoot import LOST, Chatwoot
from tests.web.desks.conftest import ASKS, Story, telling
from tests.web.door import FakeDoor
from web.channels.base import Line
from web.channels.faults import Later
from web.desks import chatwoot as client
from web.settings import Settings

DOWN: Fault = (503, {"retry-after": "3600"})


@pytest.mark.parametrize(
    "plan", [[500, 502], [429, (429, {"retry-after": "0"})]], ids=["broken", "busy"]
)
async def test_conversation_is_made_once_whatever_fails(
    settings: Settings, plan: list[Fault]
) -> None:
    chatwoot = Chatwoot(plan=plan)
    async with telling(settings, chatwoot) as story:
        await story.ask()
        assert len(chatwoot.contacts) == len(chatwoot.conversations) == 1
    assert chatwoot.refused == []


@pytest.mark.parametrize("lost", range(1, 8))
async def test_lost_answer_doubles_nothing(settings: Settings, lost: int) -> None:
    chatwoot = Losing(lose=lost)
    async with telling(settings, chatwoot) as story:
        await story.ask()
        await story.browser.say("one")
        await chatwoot.until(lambda: "one" in chatwoot.of_kind("incoming"))
        await story.told()
        assert len(chatwoot.contacts) == len(chatwoot.conversations) == 1
        assert chatwoot.of_kind("incoming") == ["one"]
        assert len(chatwoot.of_kind("note")) == 2


class Losing(Chatwoot):
    """Loses the answer to one of the calls, counted from 1."""

    def __init__(self, lose: int) -> None:
        super().__init__()
        self.lose = lose

    async def fault(self) -> None:
        if len(self.calls) == self.lose - 1:
            self.plan = [LOST]


async def test_messages_are_mirrored_in_order_and_once(story: Story) -> None:
    await story.ask()
    story.chatwoot.plan = [500, LOST, (429, {"retry-after": "0"})]
    said = ["one", "two", "two", "three"]
    for text in said:
        await story.browser.say(text)
    await story.chatwoot.until(lambda: len(story.chatwoot.of_kind("incoming")) >= 4)
    await story.told()
    assert story.chatwoot.of_kind("incoming") == said


async def test_secrets_of_the_customer_stay_here(story: Story) -> None:
    await story.ask()
    await story.browser.say(
        "my password is swordfish and the IBAN DE89370400440532013000"
    )
    await story.chatwoot.until(lambda: len(story.chatwoot.of_kind("incoming")) == 1)
    (text,) = story.chatwoot.of_kind("incoming")
    assert text == "my password is ••• and the IBAN •••"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (DOWN, "it answered 503"),
        (401, "it answered 401: planned"),
        (422, "it answered 422: planned"),
        ((429, {"retry-after": "600"}), "it answered 429"),
        ((302, {"location": "/elsewhere"}), "it answered 302: planned"),
    ],
)
async def test_our_own_desk_has_what_chatwoot_does_not_take(
    settings: Settings, fault: Fault, why: str
) -> None:
    async with telling(settings, Chatwoot(plan=[fault])) as story:
        await story.browser.say(ASKS)
        await story.chatwoot.until(lambda: bool(story.notes))
        assert (story.owner, story.handoff.agent) == ("requested", None)
        note = f"Chatwoot did not take this ({why}). Please answer it here."
        assert story.notes == [note]
        assert story.handoff.reason == "desk_unreachable"
        fell = select(Event.payload).where(Event.kind == FELL_BACK)
        assert story.look(lambda s: s.scalars(fell).one())["why"] == why


async def test_agent_in_the_middle_is_stood_in_for(story: Story) -> None:
    await story.ask()
    chatwoot = story.chatwoot
    await chatwoot.reply(chatwoot.only, "Hi, Kim here")
    await story.browser.until("Hi, Kim here")
    await story.told()
    chatwoot.plan = [DOWN]
    await story.browser.say("and now?")
    await story.browser.until(story.said("line_lost", agent="Kim"))
    assert (story.owner, story.handoff.agent) == ("requested", None)
    # When it is back it only hears that it need not answer.
    await chatwoot.until(lambda: chatwoot.status == "pending")
    assert "own desk" in chatwoot.of_kind("note")[-1]
    assert chatwoot.of_kind("incoming") == []
    assert story.owner == "requested"


async def test_agent_there_cannot_answer_who_is_answered_here(story: Story) -> None:
    await test_agent_in_the_middle_is_stood_in_for(story)
    chatwoot = story.chatwoot
    take_here(story)
    await chatwoot.reply(chatwoot.only, "Me too")
    await story.told()
    assert "Me too" not in await story.browser.texts()
    assert "mia answers this customer" in chatwoot.of_kind("note")[-1]


async def test_agent_there_may_still_be_the_first(story: Story) -> None:
    await test_agent_in_the_middle_is_stood_in_for(story)
    await story.chatwoot.reply(story.chatwoot.only, "Back again")
    await story.browser.until("Back again")
    assert story.handoff.agent == "chatwoot 7 Kim"


async def test_taken_at_our_desk_is_taken_off_their_list(story: Story) -> None:
    await story.ask()
    take_here(story)
    await story.chatwoot.until(lambda: story.chatwoot.status == "pending")
    assert "own desk" in story.chatwoot.of_kind("note")[-1]
    assert (story.owner, story.handoff.agent) == ("human", "mia")


def take_here(story: Story) -> None:
    languages = story.system.service.desk.help.languages
    with story.database() as session, session.begin():
        taking.take(
            session, story.id, by=Who("mia", "Mia"), languages=languages, now=NOW
        )


async def test_process_that_dies_before_it_notes_the_answer_doubles_nothing(
    story: Story,
) -> None:
    await story.ask()
    await story.browser.say("once")
    await story.chatwoot.until(lambda: "once" in story.chatwoot.of_kind("incoming"))
    await story.told()
    with story.database() as session, session.begin():
        last = select(DeskLetter.number).order_by(DeskLetter.number.desc()).limit(2)
        for number in session.scalars(last):
            half_done = {"state": "ready", "claimed_by": "dead", "key": None}
            row = update(DeskLetter).where(DeskLetter.number == number)
            session.execute(row.values(**half_done, claimed_until=None))
        letters.release(session, "dead")
    story.system.service.theirs.carrier.nudge()
    await story.told()
    assert story.chatwoot.of_kind("incoming") == ["once"]


async def test_conversation_deleted_there_is_made_again(story: Story) -> None:
    await story.ask()
    first = story.chatwoot.only
    await story.chatwoot.become(first, status="resolved")
    story.chatwoot.conversations.clear()
    await story.browser.say(ASKS)
    await story.chatwoot.until(story.is_asked)
    assert story.chatwoot.only != first


async def test_forgotten_customer_is_forgotten_there(story: Story) -> None:
    await story.ask()
    with story.database() as session, session.begin():
        customer = session.get_one(Conversation, story.id).customer_id
        erase_customer(session, customer, NOW)
        assert session.scalars(select(DeskThread)).all() == []
    await story.chatwoot.until(lambda: story.chatwoot.contacts == {})
    assert story.chatwoot.conversations == {}


async def test_answer_that_takes_too_long_is_tried_again() -> None:
    slow = Chatwoot(plan=[0.5])
    async with slow.serving() as url, httpx.AsyncClient(timeout=0.1) as http:
        keys = {key[15:].lower(): x for key, x in Chatwoot.environ(url).items()}
        desk = client.Chatwoot(Line(keys, http))
        with pytest.raises(Later, match="ReadTimeout"):
            await desk.find_contact("c1")


async def test_without_chatwoot_nothing_is_called(settings: Settings) -> None:
    async with running(replace(settings), FakeDoor()) as system:
        answer = await system.browser().http.post("/desks/chatwoot", json={})
        assert answer.status_code == 404
