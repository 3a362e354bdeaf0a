"""Telegram, from the update to the message in the chat."""

from typing import Any

import pytest
from sqlalchemy import func, select

from journey.store.tables import (
    Conversation,
    Dispatch,
    Event,
    Inbox,
    Message,
    Thread,
)
from tests.web.channels.conftest import Talk


def with_buttons(*titles: str) -> Any:
    """Let the bot answer once with buttons, and then as ever."""

    def answer(letter: dict[str, Any]) -> list[dict[str, Any]]:
        said = letter.get("text") or letter["payload"]
        if said != "buttons":
            return [{"text": f"re: {said}"}]
        buttons = [{"title": t, "payload": f"/{t.split()[0]}"} for t in titles]
        return [{"text": "Which?", "buttons": buttons}]

    return answer


async def test_answers_after_saying_that_it_is_an_ai(on_telegram: Talk) -> None:
    await on_telegram.phone.say("hello")
    texts = await on_telegram.provider.until_taken(2)
    disclosure = on_telegram.system.service.texts.say("disclosure")
    assert texts == [disclosure, "re: hello"]


async def test_answers_once_when_update_comes_five_times(on_telegram: Talk) -> None:
    answers = await on_telegram.phone.say("hello", times=5)
    assert [answer.status_code for answer in answers] == [200] * 5
    await on_telegram.phone.say("bye")
    texts = await on_telegram.provider.until_taken(3)
    assert texts[1:] == ["re: hello", "re: bye"]


@pytest.mark.parametrize("secret", ["", "wrong", "sécret", "secret_token-11"])
async def test_refuses_stranger_and_stores_nothing(
    on_telegram: Talk, secret: str
) -> None:
    headers = {b"x-telegram-bot-api-secret-token": secret.encode()}
    update = on_telegram.phone.message(text="hello")
    answer = await on_telegram.phone.http.post(
        "/channels/telegram", json=update, headers=headers
    )
    assert answer.status_code == 401
    with on_telegram.database() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


async def test_pressed_button_means_its_payload(on_telegram: Talk) -> None:
    on_telegram.system.door.answer = with_buttons("Yes please", "No thanks")
    await on_telegram.phone.say("buttons")
    await on_telegram.provider.until_taken(2)
    rows = on_telegram.provider.taken[1]["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"] for row in rows] == ["Yes please", "No thanks"]
    answer = await on_telegram.phone.press(rows[0][0]["callback_data"])
    assert answer.json()["method"] == "answerCallbackQuery"
    assert (await on_telegram.provider.until_taken(3))[2] == "re: /Yes"


async def test_says_when_button_is_too_old(on_telegram: Talk) -> None:
    await on_telegram.phone.press("no-such-token")
    texts = await on_telegram.provider.until_taken(2)
    assert texts[1] == on_telegram.system.service.texts.say("unknown_button")


async def test_typed_command_stays_text(on_telegram: Talk) -> None:
    await on_telegram.phone.say('/confirm{"product": "chair"}')
    await on_telegram.provider.until_taken(2)
    letter = on_telegram.system.door.letters[0]
    assert letter["text"] == '/confirm{"product": "chair"}'
    assert "payload" not in letter


async def test_number_names_what_was_listed(on_telegram: Talk) -> None:
    long = "A title that is longer than what fits on one button of a telephone"
    on_telegram.system.door.answer = with_buttons("Short", long)
    await on_telegram.phone.say("buttons")
    texts = await on_telegram.provider.until_taken(2)
    assert texts[1] == f"Which?\n\n1. Short\n2. {long}"
    await on_telegram.phone.say("2.")
    assert (await on_telegram.provider.until_taken(3))[2] == "re: /A"
    await on_telegram.phone.say("2")
    assert (await on_telegram.provider.until_taken(4))[3] == "re: 2"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}]}, "got_image"),
        ({"voice": {"file_id": "v", "duration": 3}}, "got_voice"),
        ({"location": {"latitude": 48.2, "longitude": 16.4}}, "got_location"),
        ({"contact": {"phone_number": "1", "first_name": "Bo"}}, "got_contact"),
        ({"sticker": {"file_id": "s"}}, "got_sticker"),
    ],
)
async def test_answers_media_honestly(
    on_telegram: Talk, fields: dict[str, Any], key: str
) -> None:
    await on_telegram.phone.post(on_telegram.phone.message(**fields))
    texts = await on_telegram.provider.until_taken(2)
    assert texts[1] == on_telegram.system.service.texts.say(key)
    assert on_telegram.system.door.letters == []


async def test_caption_is_answered(on_telegram: Talk) -> None:
    picture = on_telegram.phone.message(photo=[{"file_id": "p"}], caption="this one?")
    await on_telegram.phone.post(picture)
    assert (await on_telegram.provider.until_taken(2))[1] == "re: this one?"


async def test_start_is_answered_by_the_disclosure_alone(on_telegram: Talk) -> None:
    await on_telegram.phone.say("/start")
    await on_telegram.phone.say("hello")
    texts = await on_telegram.provider.until_taken(2)
    assert texts[1:] == ["re: hello"]


async def test_blocked_bot_is_a_stop(on_telegram: Talk) -> None:
    await on_telegram.phone.say("hello")
    await on_telegram.provider.until_taken(2)
    left = {"chat": on_telegram.phone.chat, "from": on_telegram.phone.me, "date": 1}
    left["new_chat_member"] = {"status": "kicked", "user": {"id": 1}}
    update = on_telegram.phone.update(my_chat_member=left)
    assert (await on_telegram.phone.post(update)).status_code == 200
    with on_telegram.database() as session:
        assert session.scalars(select(Thread.blocked_at)).one() is not None
        assert "blocked" in session.scalars(select(Event.kind)).all()


async def test_groups_are_left_alone(on_telegram: Talk) -> None:
    group = {"id": -5, "type": "group"}
    update = on_telegram.phone.message(text="hello all", chat=group)
    assert (await on_telegram.phone.post(update)).status_code == 200
    with on_telegram.database() as session:
        assert session.scalars(select(Message)).all() == []


async def test_owner_of_business_account_takes_over(on_telegram: Talk) -> None:
    phone, link = on_telegram.phone, {"business_connection_id": "b1"}
    await phone.post(phone.message("business_message", text="hello", **link))
    await on_telegram.provider.until_taken(2)
    owner = {"id": 99, "is_bot": False, "first_name": "Boss"}
    by_owner = phone.message("business_message", text="I'm on it", **link)
    by_owner["business_message"]["from"] = owner
    await phone.post(by_owner)
    await phone.post(phone.message("business_message", text="thanks", **link))
    with on_telegram.database() as session:
        assert session.scalars(select(Conversation.owner)).one() == "human"
        said = select(Message.text).where(Message.author == "agent")
        assert session.scalars(said).all() == ["I'm on it"]
    assert [letter["text"] for letter in on_telegram.system.door.letters] == ["hello"]
    assert on_telegram.provider.taken[1]["business_connection_id"] == "b1"


async def test_tries_again_after_429_when_told(on_telegram: Talk) -> None:
    on_telegram.provider.plan = [(429, {"retry-after": "1"}), 500]
    await on_telegram.phone.say("hello")
    await on_telegram.until_states("sent", "sent")
    with on_telegram.database() as session:
        tries = select(Dispatch.attempts).order_by(Dispatch.number)
        assert session.scalars(tries).all() == [1, 0]


async def test_blocked_customer_is_given_up_and_shown(on_telegram: Talk) -> None:
    on_telegram.provider.blocked = True
    await on_telegram.phone.say("hello")
    await on_telegram.until_states("dead", "dead")
    with on_telegram.database() as session:
        rows = session.execute(select(Dispatch.state, Dispatch.failure)).all()
        kinds = session.scalars(select(Event.kind)).all()
    why = "telegram: Forbidden: bot was blocked by the user"
    assert rows[0] == ("dead", why)
    assert "message_undelivered" in kinds


async def test_long_answer_is_split_at_sentences(on_telegram: Talk) -> None:
    sentence = "This is one sentence of an answer that is far too long. "
    on_telegram.system.door.answer = lambda _: [{"text": sentence * 120}]
    await on_telegram.phone.say("tell me all")
    texts = await on_telegram.provider.until_taken(3)
    assert all(text.endswith("long.") for text in texts[1:])
    assert " ".join(texts[1:]) == (sentence * 120).strip()


async def test_edit_before_the_answer_changes_what_is_answered(
    on_telegram: Talk,
) -> None:
    phone = on_telegram.phone
    busy = on_telegram.system.door.hold()
    await phone.say("first")
    update = phone.message(text="a blue on")
    await phone.post(update)
    edited = {**update["message"], "text": "a blue one", "edit_date": 1_795_426_300}
    await phone.post(phone.update(edited_message=edited))
    busy.set()
    texts = await on_telegram.provider.until_taken(3)
    assert texts[1:] == ["re: first", "re: a blue one"]


async def test_edit_after_the_answer_is_said_to_be_seen(on_telegram: Talk) -> None:
    phone = on_telegram.phone
    update = phone.message(text="two")
    await phone.post(update)
    await on_telegram.provider.until_taken(2)
    edited = {**update["message"], "text": "three", "edit_date": 1_795_426_300}
    for _ in range(2):
        await phone.post(phone.update(edited_message=edited))
    texts = await on_telegram.provider.until_taken(3)
    assert texts[2] == on_telegram.system.service.texts.say("got_edit")


async def test_unasked_updates_say_nothing(on_telegram: Talk) -> None:
    update = on_telegram.phone.update(poll={"id": "1", "question": "?"})
    assert (await on_telegram.phone.post(update)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'{"update_id":1,"message":{}}'])
async def test_says_400_to_nonsense(on_telegram: Talk, body: bytes) -> None:
    headers = {"x-telegram-bot-api-secret-token": on_telegram.phone.secret}
    answer = await on_telegram.phone.http.post(
        "/channels/telegram", content=body, headers=headers
    )
    assert answer.status_code == 400
    with on_telegram.database() as session:
        assert session.scalars(select(Inbox)).all() == []
