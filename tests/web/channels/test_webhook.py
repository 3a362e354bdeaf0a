"""The generic webhook: who is believed, and what each kind of letter does."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from journey.owner import ownership
from journey.people.consent import Purpose
from journey.store.tables import Consent, Conversation, Dispatch, Event, Message
from tests.web.channels.conftest import Talk


async def test_answers_over_signed_post(on_webhook: Talk) -> None:
    await on_webhook.phone.say("hello", times=5)
    await on_webhook.provider.until_taken(2)
    answer = on_webhook.provider.taken[1]
    assert (answer["text"], answer["to"], answer["author"]) == (
        "re: hello",
        "ada",
        "coach",
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"age": timedelta(minutes=6)}, 403),
        ({"age": timedelta(minutes=-6)}, 403),
        ({"sign": "v1,AAAA"}, 401),
        ({"sign": "v2,e"}, 401),
    ],
)
async def test_refuses_forged_and_replayed(
    on_webhook: Talk, change: dict[str, Any], status: int
) -> None:
    answer = await on_webhook.phone.post(on_webhook.phone.letter(text="x"), **change)
    assert answer.status_code == status
    with on_webhook.database() as session:
        assert session.scalars(select(Message)).all() == []


async def test_refuses_other_secret(on_webhook: Talk) -> None:
    on_webhook.phone.secret = base64.b64encode(b"guessed").decode()
    (answer,) = await on_webhook.phone.say("hello")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": 5},
        {"text": "x", "unknown": 1},
        {"type": "edit", "text": "x"},
        {"type": "receipt", "about": "m1"},
        {"media": [{"kind": "smell"}]},
        {"text": "x", "at": "2026-01-01T00:00:00"},
    ],
)
async def test_says_400_to_what_is_not_documented(
    on_webhook: Talk, fields: dict[str, Any]
) -> None:
    answer = await on_webhook.phone.post(on_webhook.phone.letter(**fields))
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"


async def test_batch_is_heard_in_the_order_in_which_it_was_said(
    on_webhook: Talk,
) -> None:
    phone = on_webhook.phone
    said = [
        phone.letter(text=f"message {n}", at=f"2026-11-23T09:3{n}:00Z")
        for n in (2, 0, 1)
    ]
    await phone.post({"messages": said})
    await on_webhook.provider.until_taken(4)
    assert [x["text"] for x in on_webhook.system.door.letters] == [
        "message 0",
        "message 1",
        "message 2",
    ]


async def test_late_message_is_heard_before_what_still_waits(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    busy = on_webhook.system.door.hold()
    for text, minute in (("first", 0), ("third", 2), ("second", 1)):
        await phone.post(phone.letter(text=text, at=f"2026-11-23T09:3{minute}:00Z"))
    busy.set()
    await on_webhook.provider.until_taken(4)
    heard = [x["text"] for x in on_webhook.system.door.letters]
    assert heard == ["first", "second", "third"]


async def test_one_bad_letter_takes_no_good_one_with_it(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    body = {"messages": [{"id": "bad"}, phone.letter(text="good"), "worse"]}
    answer = await phone.post(body)
    assert answer.status_code == 200
    assert len(answer.json()["refused"]) == 2
    assert answer.json()["refused"][0] == "from: Field required"
    await on_webhook.provider.until_taken(2)
    assert on_webhook.provider.texts()[1] == "re: good"


@pytest.mark.parametrize("messages", [[{"id": "bad"}], ["bad"], {"id": "bad"}, None])
async def test_refuses_batch_without_a_good_letter(
    on_webhook: Talk, messages: Any
) -> None:
    answer = await on_webhook.phone.post({"messages": messages})
    assert answer.status_code == 400
    with on_webhook.database() as session:
        assert session.scalars(select(Message)).all() == []


async def test_receipts_move_the_state_forward_only(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    await phone.say("hello")
    await on_webhook.until_states("sent", "sent")
    for state in ("read", "delivered"):
        await phone.post(phone.letter(type="receipt", about="theirs-2", state=state))
    with on_webhook.database() as session:
        states = session.scalars(select(Dispatch.state).order_by(Dispatch.number))
        assert states.all() == ["sent", "read"]


async def test_receipt_of_failure_is_shown_to_a_person(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    await phone.say("hello")
    await on_webhook.until_states("sent", "sent")
    failed = {"state": "dead", "failure": "number is out of service"}
    await phone.post(phone.letter(type="receipt", about="theirs-2", **failed))
    with on_webhook.database() as session:
        dead = select(Dispatch.failure).where(Dispatch.state == "dead")
        assert session.scalars(dead).all() == ["number is out of service"]


async def test_deleted_message_is_forgotten(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    letter = phone.letter(text="my secret")
    await phone.post(letter)
    await on_webhook.provider.until_taken(2)
    await phone.post(phone.letter(type="deletion", about=letter["id"]))
    with on_webhook.database() as session:
        said = select(Message.text).where(Message.direction == "in")
        assert session.scalars(said).all() == ["(deleted by the customer)"]


async def test_deleted_message_that_waits_is_not_answered(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    busy = on_webhook.system.door.hold()
    await phone.say("first")
    letter = phone.letter(text="no, wait")
    await phone.post(letter)
    await phone.post(phone.letter(type="deletion", about=letter["id"]))
    await phone.say("last")
    busy.set()
    texts = await on_webhook.provider.until_taken(3)
    assert texts[1:] == ["re: first", "re: last"]


async def test_reaction_is_noted_and_not_answered(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    await phone.say("hello")
    await on_webhook.provider.until_taken(2)
    await phone.post(phone.letter(type="reaction", about="theirs-2", text="👍"))
    with on_webhook.database() as session:
        seen = select(Event.payload).where(Event.kind == "message_reacted")
        assert session.scalars(seen).one()["reaction"] == "👍"
    assert len(on_webhook.system.door.letters) == 1


async def test_agent_elsewhere_takes_over(on_webhook: Talk) -> None:
    phone = on_webhook.phone
    await phone.say("hello")
    await on_webhook.provider.until_taken(2)
    letter = phone.letter(type="agent", text="This is Kim")
    for _ in range(2):
        await phone.post(letter)
    await phone.say("hello Kim")
    with on_webhook.database() as session:
        assert session.scalars(select(Conversation.owner)).one() == "human"
        agents = select(Message.text).where(Message.author == "agent")
        assert session.scalars(agents).all() == ["This is Kim"]
    assert len(on_webhook.system.door.letters) == 1


@pytest.mark.parametrize("word", ["STOP", "unsubscribe", "Stop."])
async def test_stop_is_on_record_before_it_is_answered(
    on_webhook: Talk, word: str
) -> None:
    phone = on_webhook.phone
    await phone.say("hello")
    await on_webhook.provider.until_taken(2)
    with on_webhook.database() as session, session.begin():
        conversation = session.scalars(select(Conversation)).one()
        ownership.request(
            session, conversation.id, by="test", why="asked", at=datetime.now(UTC)
        )
    await phone.say(word)
    with on_webhook.database() as session:
        row = session.scalars(select(Consent)).one()
        assert (row.purpose, row.granted, row.text) == (Purpose.PROACTIVE, False, word)


async def test_gives_up_when_refused_and_goes_on_with_the_next(
    on_webhook: Talk,
) -> None:
    on_webhook.provider.plan = [422]
    await on_webhook.phone.say("hello")
    await on_webhook.until_states("dead", "sent")
    assert on_webhook.provider.texts() == ["re: hello"]


async def test_flood_is_stored_and_answered_by_one_request_to_slow_down(
    on_webhook: Talk,
) -> None:
    letters = [on_webhook.phone.letter(text=f"{n}") for n in range(30)]
    assert (await on_webhook.phone.post({"messages": letters})).status_code == 200
    texts = await on_webhook.provider.until_taken(22, 20)
    assert texts[-1] == on_webhook.system.service.texts.say("too_fast")
    with on_webhook.database() as session:
        said = session.scalars(select(Message.id).where(Message.direction == "in"))
        assert len(said.all()) == 30
