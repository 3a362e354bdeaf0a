"""What holds on every channel, against the contract of its provider."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from journey.messages.capabilities import capability
from journey.store.tables import Consent, Dispatch, Identity, Inbox, Message
from tests.web.channels.conftest import Talk
from tests.web.channels.kits import KITS

on_every_channel = pytest.mark.parametrize("talk", KITS, indirect=True)
TITLES = ["Better", "A bit of both", "No better, and I would like to send it back"]
OPTIONS = [
    {
        "name": f"Lind High-Back Desk Chair {size}",
        "price": 189.0,
        "currency": "EUR",
        "reason": "quiet castors, as you asked",
        "drawback": "takes 40 minutes to put together",
        "delivery": "With you by Monday",
        "choose": f"/choose_{size}",
    }
    for size in ("S", "M", "L")
]


def answering(letter: dict[str, Any]) -> list[dict[str, Any]]:
    said = letter.get("text") or letter["payload"]
    if said == "long":
        return [{"text": "This is one of very many sentences. " * 200}]
    if said == "options":
        return [{"text": "These:", "custom": {"shortlist": {"options": OPTIONS}}}]
    if said == "feeling":
        buttons = [
            {"title": title, "payload": f"/{title.split()[0]}"} for title in TITLES
        ]
        return [{"text": "How is it?", "buttons": buttons}]
    return [{"text": f"re: {said}"}]


@on_every_channel
async def test_five_deliveries_are_one_message(talk: Talk) -> None:
    answers = await talk.phone.say("hello", times=5)
    assert [answer.status_code for answer in answers] == [200] * 5
    await talk.phone.say("bye")
    texts = await talk.provider.until_taken(3)
    assert texts == [talk.says("disclosure"), "re: hello", "re: bye"]


@on_every_channel
async def test_forged_request_is_refused_and_leaves_nothing(talk: Talk) -> None:
    talk.phone.secret = "d2hhdCBhIHN0cmFuZ2VyIGd1ZXNzZWQ="
    (answer,) = await talk.phone.say("hello")
    assert answer.status_code == 401
    with talk.database() as session:
        for table in (Message, Identity, Dispatch):
            assert session.scalar(select(func.count()).select_from(table)) == 0


@on_every_channel
async def test_card_number_never_comes_to_the_disk(talk: Talk, tmp_path: Path) -> None:
    await talk.phone.say("my card is 4111 1111 1111 1111, thanks")
    await talk.provider.until_taken(2)
    files = [file for file in tmp_path.rglob("coach.db*") if file.is_file()]
    assert any(b"my card is" in file.read_bytes() for file in files)
    assert not any(b"1111 1111" in file.read_bytes() for file in files)


@on_every_channel
async def test_choice_can_be_made_as_the_channel_can(talk: Talk) -> None:
    talk.system.door.answer = answering
    await talk.phone.say("feeling")
    texts = await talk.provider.until_taken(2)
    choices = talk.provider.choices(1)
    if capability(talk.channel).buttons:
        await talk.phone.press(choices[1][1])
    else:
        assert texts[1].endswith("Reply 1, 2 or 3.")
        await talk.phone.say("2")
    assert (await talk.provider.until_taken(3))[2] == "re: /A"


@on_every_channel
async def test_options_are_shown_whole_and_chosen(talk: Talk) -> None:
    talk.system.door.answer = answering
    await talk.phone.say("options")
    await talk.provider.until_taken(2)
    shown = str(talk.provider.taken[1])
    assert all(text in shown for text in ("quiet castors", "40 minutes"))
    choices = talk.provider.choices(1)
    await (talk.phone.press(choices[1][1]) if choices else talk.phone.say("2"))
    assert (await talk.provider.until_taken(3))[2] == "re: /choose_M"


@on_every_channel
async def test_long_answer_arrives_whole(talk: Talk) -> None:
    talk.system.door.answer = answering
    await talk.phone.say("long")
    said = "This is one of very many sentences. " * 200

    def whole() -> bool:
        texts = talk.provider.texts()[1:]
        return " ".join(" ".join(texts).split()) == said.strip()

    await talk.provider.until(whole, 20)
    assert talk.provider.refused == []


@on_every_channel
async def test_trouble_of_the_provider_loses_nothing(talk: Talk) -> None:
    busy = 450 if talk.channel == "email" else (429, {"retry-after": "0"})
    talk.provider.plan = [busy, 451 if talk.channel == "email" else 503]
    await talk.phone.say("hello")
    texts = await talk.provider.until_taken(2, 20)
    assert texts == [talk.says("disclosure"), "re: hello"]


@on_every_channel
async def test_who_may_want_a_person_goes_first(talk: Talk) -> None:
    await talk.phone.say("a person please")
    await talk.provider.until_taken(2)
    with talk.database() as session:
        assert session.scalars(select(Inbox.urgent)).all() == [True]


@on_every_channel
async def test_stop_is_on_record(talk: Talk) -> None:
    await talk.phone.say("STOP")
    with talk.database() as session:
        rows = session.execute(select(Consent.granted, Consent.text)).all()
    assert rows == [(False, "STOP")]
