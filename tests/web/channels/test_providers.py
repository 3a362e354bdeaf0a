"""What is particular about one provider."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from journey.messages import outbox
from journey.messages.outbox import Reply
from journey.store.tables import (
    Consent,
    Conversation,
    Customer,
    Dispatch,
    Event,
    Message,
    Thread,
)
from tests.web.channels import graph
from tests.web.channels.conftest import Talk

on = pytest.mark.parametrize


def owner(talk: Talk) -> str:
    with talk.database() as session:
        return session.scalars(select(Conversation.owner)).one()


def heard(talk: Talk) -> list[str]:
    return [letter["text"] for letter in talk.system.door.letters]


def leave_for(talk: Talk, time: timedelta) -> None:
    """Let the customer's last message be so long ago."""
    with talk.database() as session, session.begin():
        session.execute(update(Thread).values(heard_at=datetime.now(UTC) - time))


async def write(talk: Talk, text: str, **content: Any) -> None:
    """Write to the customer without being asked."""
    with talk.database() as session, session.begin():
        conversation = session.scalars(select(Conversation)).one()
        conversation_id = conversation.id
        outbox.put(
            session,
            conversation.id,
            Reply(text, content),
            number=0,
            answers_id=None,
            owner_version=conversation.owner_version,
            now=datetime.now(UTC),
        )
    await talk.system.service.worker._sender.send(conversation_id)


@on("talk", ["whatsapp", "messenger", "instagram"], indirect=True)
async def test_challenge_is_repeated_to_who_knows_the_word(talk: Talk) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    path = f"/channels/{talk.channel}"
    for word, status, text in ((graph.VERIFY, 200, "1158201444"), ("guess", 403, "")):
        answer = await talk.phone.http.get(
            path, params={**query, "hub.verify_token": word}
        )
        assert (answer.status_code, answer.text) == (status, text)


@on("talk", ["whatsapp"], indirect=True)
async def test_message_waits_behind_closed_window_and_template_knocks(
    talk: Talk,
) -> None:
    await talk.phone.say("hello")
    await talk.until_states("sent", "sent")
    leave_for(talk, timedelta(hours=25))
    await write(talk, "late answer")
    await write(talk, "and another")
    await talk.until_states("sent", "sent", "held", "held")
    assert talk.provider.texts()[2:] == ["template please_write"]
    await talk.phone.say("here I am")
    texts = await talk.provider.until_taken(6)
    assert texts[3:] == ["late answer", "and another", "re: here I am"]


@on("talk", ["whatsapp"], indirect=True)
async def test_template_of_a_message_opens_the_window(talk: Talk) -> None:
    await talk.phone.say("hello")
    await talk.until_states("sent", "sent")
    leave_for(talk, timedelta(hours=25))
    template = {"name": "check_in", "language": "en_GB", "values": ["Ada"]}
    await write(talk, "How is it?", template=template)
    await talk.until_states("sent", "sent", "sent")
    assert talk.provider.texts()[2:] == ["template check_in"]


@on("talk", ["messenger"], indirect=True)
async def test_person_may_answer_for_seven_days(talk: Talk) -> None:
    await talk.phone.say("hello")
    await talk.until_states("sent", "sent")
    leave_for(talk, timedelta(days=6))
    await write(talk, "from the bot")
    await talk.until_states("sent", "sent", "held")
    with talk.database() as session, session.begin():
        session.execute(update(Message).values(author="agent"))
        session.execute(
            update(Dispatch).where(Dispatch.state == "held").values(state="ready")
        )
    await talk.until_states("sent", "sent", "sent")
    assert talk.provider.taken[2]["tag"] == "HUMAN_AGENT"


@on("talk", ["whatsapp"], indirect=True)
async def test_batch_of_messages_reports_and_echoes(talk: Talk) -> None:
    phone = talk.phone
    texts = [phone.message("text", {"body": f"message {n}"}) for n in range(3)]
    await phone.change(messages=texts[::-1])
    await talk.until_states("sent", "sent", "sent", "sent")
    assert heard(talk) == ["message 0", "message 1", "message 2"]
    read = {"id": "wamid.2", "status": "read", "timestamp": "1", "recipient_id": "1"}
    failed = {**read, "id": "wamid.3", "status": "failed"}
    failed["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    await phone.change(statuses=[read, failed])
    await talk.until_states("sent", "read", "dead", "sent")
    echo = {"id": "e1", "to": phone.person, "timestamp": "2", "type": "text"}
    echoes = [{**echo, "text": {"body": "It's Kim"}}]
    await phone.change("smb_message_echoes", message_echoes=echoes)
    assert owner(talk) == "human"


@on("talk", ["whatsapp"], indirect=True)
async def test_message_that_makes_no_sense_takes_no_other_with_it(talk: Talk) -> None:
    phone = talk.phone
    good = phone.message("text", {"body": "hello"})
    bad = phone.message("text", {"words": "hello"})
    answer = await phone.change(messages=[bad, good], statuses=[{"status": "read"}])
    assert answer.status_code == 200
    assert answer.json()["refused"] == [
        "what was sent lacks 'body'",
        "what was sent lacks 'id'",
    ]
    await talk.until_states("sent", "sent")
    assert heard(talk) == ["hello"]


@on("talk", ["messenger"], indirect=True)
@on(
    "attachments",
    [
        [{"type": "sticker", "payload": {"url": "https://x"}}],
        [{"type": "image", "payload": {"url": "https://x", "sticker_id": 1}}],
    ],
)
async def test_sticker_is_one_whatever_its_attachment_is_called(
    talk: Talk, attachments: list[dict[str, Any]]
) -> None:
    await talk.phone.event(talk.phone.message(attachments=attachments))
    assert (await talk.provider.until_taken(2))[1] == talk.says("got_sticker")


@on("talk", ["messenger"], indirect=True)
async def test_event_that_makes_no_sense_takes_no_other_with_it(talk: Talk) -> None:
    phone = talk.phone
    bad = phone.from_customer(message={"text": "no id"})
    assert (await phone.event(bad, phone.message(text="hello"))).status_code == 200
    await talk.until_states("sent", "sent")
    assert heard(talk) == ["hello"]


@on("talk", ["whatsapp"], indirect=True)
@on(
    ("kind", "content", "key"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg"}, "got_image"),
        ("audio", {"id": "1", "voice": True}, "got_voice"),
        ("location", {"latitude": 1.0, "longitude": 2.0}, "got_location"),
        ("contacts", [{"name": {"formatted_name": "Bo"}}], "got_contact"),
        ("order", {"catalog_id": "1"}, "got_unknown"),
    ],
)
async def test_whatsapp_media_is_answered(
    talk: Talk, kind: str, content: Any, key: str
) -> None:
    await talk.phone.change(messages=[talk.phone.message(kind, content)])
    assert (await talk.provider.until_taken(2))[1] == talk.says(key)


@on("talk", ["whatsapp"], indirect=True)
async def test_whatsapp_edit_and_deletion_are_told_apart(talk: Talk) -> None:
    phone = talk.phone
    busy = talk.system.door.hold()
    # Their times are the provider's: what was written first is answered first.
    texts = [phone.message("text", {"body": t}) for t in ("hello", "a", "b")]
    hello, first, second = texts
    await phone.change(messages=[hello])
    await phone.change(messages=[first, second])
    new = {"type": "text", "text": {"body": "c"}}
    edit = {"original_message_id": first["id"], "message": new}
    revoke = {"original_message_id": second["id"]}
    changed = [phone.message("edit", edit), phone.message("revoke", revoke)]
    await phone.change(messages=changed)
    busy.set()
    answered = await talk.provider.until_taken(3)
    assert answered[1:] == ["re: hello", "re: c"]


@on("talk", ["messenger", "instagram"], indirect=True)
async def test_echo_of_ours_is_nothing_and_of_a_person_a_takeover(talk: Talk) -> None:
    phone = talk.phone
    await phone.say("hello")
    await talk.until_states("sent", "sent")
    ends = {"sender": {"id": "page"}, "recipient": {"id": phone.person}}
    echo = {"is_echo": True, "app_id": int(graph.APP), "mid": "m_2", "text": "x"}
    await phone.event({**ends, "timestamp": graph.START * 1000, "message": echo})
    assert owner(talk) == "bot"
    by_person = {**echo, "app_id": 263902037430900, "mid": "p1", "text": "It's Kim"}
    await phone.event({**ends, "timestamp": graph.START * 1000, "message": by_person})
    assert owner(talk) == "human"


@on("talk", ["messenger"], indirect=True)
async def test_conversation_routing_moves_the_owner(talk: Talk) -> None:
    phone = talk.phone
    await phone.say("hello")
    await talk.until_states("sent", "sent")
    standby = phone.message(text="is anybody there?")
    await phone.event(standby, kind="standby")
    assert owner(talk) == "human"
    passed = {"new_owner_app_id": graph.APP, "previous_owner_app_id": "1"}
    await phone.event(phone.from_customer(pass_thread_control=passed))
    assert owner(talk) == "bot"


@on("talk", ["instagram"], indirect=True)
async def test_unsent_message_is_forgotten(talk: Talk) -> None:
    message = talk.phone.message(text="my secret")
    await talk.phone.event(message)
    await talk.until_states("sent", "sent")
    mid = message["message"]["mid"]
    await talk.phone.event(
        talk.phone.from_customer(message={"mid": mid, "is_deleted": True})
    )
    with talk.database() as session:
        said = select(Message.text).where(Message.direction == "in")
        assert session.scalars(said).all() == [talk.says("deleted")]


@on("talk", ["slack"], indirect=True)
async def test_slack_thread_in_a_channel_is_a_conversation(talk: Talk) -> None:
    phone = talk.phone
    phone.channel = "C9"
    named = phone.message("<@U0BOT> hello &amp; hi", type="app_mention")
    await phone.event(named)
    thread = {"thread_ts": named["ts"], "channel_type": "channel"}
    await phone.event(phone.message("in the thread", **thread))
    await phone.event(phone.message("by another", **thread, user="U8"))
    await phone.event(phone.message("not for us", channel_type="channel"))
    texts = await talk.provider.until_taken(3)
    assert texts[1:] == ["re: hello & hi", "re: in the thread"]
    assert talk.provider.taken[2]["thread_ts"] == named["ts"]
    assert heard(talk) == ["hello & hi", "in the thread"]


@on("talk", ["slack"], indirect=True)
async def test_slack_verifies_address_and_refuses_replays(talk: Talk) -> None:
    body = b'{"type": "url_verification", "challenge": "abc"}'
    answer = await talk.phone.post(body, "application/json")
    assert (answer.status_code, answer.text) == (200, "abc")
    talk.phone.age = 301
    answer = await talk.phone.post(body, "application/json")
    assert answer.status_code == 403


@on("talk", ["slack"], indirect=True)
async def test_slack_echo_edit_unfurl_and_deletion(talk: Talk) -> None:
    phone = talk.phone
    said = phone.message("one")
    await phone.event(said)
    await talk.until_states("sent", "sent")
    await phone.event(phone.message("mine", bot_id="B1"))
    changed = {"message": said, "previous_message": said}
    await phone.event(phone.message("", subtype="message_changed", **changed))
    gone = {"previous_message": said, "deleted_ts": said["ts"]}
    await phone.event(phone.message("", subtype="message_deleted", **gone))
    with talk.database() as session:
        texts = select(Message.text).where(Message.direction == "in")
        assert session.scalars(texts).all() == [talk.says("deleted")]
    assert heard(talk) == ["one"]


@on("talk", ["sms"], indirect=True)
@on("form", [{"OptOutType": "STOP"}, {"Body": "CANCEL"}])
async def test_sms_stop_is_kept_and_heard_and_answered_by_the_carrier(
    talk: Talk, form: dict[str, str]
) -> None:
    await talk.phone.say("hello")
    await talk.until_states("sent", "sent")
    await talk.phone.post({**talk.phone.message("Stop"), **form})
    with talk.database() as session:
        assert session.scalars(select(Consent.granted)).all() == [False]
    letters = talk.system.door.letters
    await talk.provider.until(lambda: len(letters) == 2)
    assert letters[1]["payload"] == "/stop_messages"
    await talk.phone.say("hello again")
    await talk.until_states("sent", "sent", "sent")
    assert talk.provider.texts()[2:] == ["re: hello again"]


@on("talk", ["sms"], indirect=True)
async def test_sms_to_who_stopped_is_given_up(talk: Talk) -> None:
    talk.provider.stopped = True
    await talk.phone.say("hello")
    await talk.until_states("dead", "dead")
    with talk.database() as session:
        assert session.scalars(select(Thread.blocked_at)).one() is not None


@on("talk", ["sms"], indirect=True)
async def test_sms_report_is_kept(talk: Talk) -> None:
    await talk.phone.say("hello")
    await talk.until_states("sent", "sent")
    report = {"MessageSid": "SM2", "To": talk.phone.person, "From": "+1"}
    failed = {**report, "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert (await talk.phone.post(failed)).status_code == 200
    await talk.until_states("sent", "dead")


@on("talk", ["email"], indirect=True)
async def test_mail_threads_and_cuts_quoted_history(talk: Talk) -> None:
    phone = talk.phone
    await phone.post(phone.letter("I look for a chair.\n\n-- \nAda\nHome Ltd"))
    await talk.until_states("sent", "sent")
    ours = talk.provider.taken[1]["letter"]
    assert (ours["subject"], ours["to"]) == ("Re: A chair", "Ada <ada@home.example>")
    assert ours["references"] == "<in1@home.example>"
    quoted = f"The second.\n\nOn Mon, 23 Nov 2026, Hale wrote:\n> {ours.get_content()}"
    refs = f"<in1@home.example> {ours['message-id']}"
    await phone.post(phone.letter(quoted, References=refs))
    await talk.until_states("sent", "sent", "sent")
    assert heard(talk) == ["I look for a chair.", "The second."]
    assert talk.provider.taken[2]["letter"]["in-reply-to"] == "<in2@home.example>"


@on("talk", ["email"], indirect=True)
async def test_mail_in_another_thread_is_of_a_customer_of_its_own(talk: Talk) -> None:
    phone, threads = talk.phone, ("<a@home>", "<b@home>", "<a@home>")
    for number, thread in enumerate(threads, 1):
        await phone.post(phone.letter(f"letter {number}", References=thread))
    with talk.database() as session:
        said = select(Message.text, Conversation.customer_id).join(
            Conversation, Conversation.id == Message.conversation_id
        )
        who = dict(session.execute(said.where(Message.direction == "in")).all())
    assert who["letter 1"] == who["letter 3"] != who["letter 2"]


@on("talk", ["email"], indirect=True)
async def test_stop_by_mail_holds_in_every_thread_of_the_address(talk: Talk) -> None:
    phone = talk.phone
    for thread, text in (("<a@home>", "hello"), ("<b@home>", "STOP")):
        await phone.post(phone.letter(text, References=thread))
    phone.person = "Bo <bo@home.example>"
    await phone.post(phone.letter("hello", References="<a@home>"))
    with talk.database() as session:
        stopped = set(session.scalars(select(Consent.customer_id)))
        known = dict(session.execute(select(Customer.id, Customer.name)).all())
    assert len(known) == 3
    assert [known[x] for x in stopped] == ["Ada", "Ada"]


@on("talk", ["email"], indirect=True)
@on(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List-Id": "<list.example>"},
        {"Return-Path": "<>"},
    ],
)
async def test_mail_of_machines_is_not_answered(
    talk: Talk, headers: dict[str, str]
) -> None:
    letter = talk.phone.letter("I am away.", **headers)
    assert (await talk.phone.post(letter)).status_code == 200
    with talk.database() as session:
        assert session.scalars(select(Message)).all() == []
        assert session.scalars(select(Event)).all() == []


@on("talk", ["email"], indirect=True)
async def test_mail_nonsense_is_refused(talk: Talk) -> None:
    assert (await talk.phone.post(b"\xff\x00 no letter")).status_code == 400
