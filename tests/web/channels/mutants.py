"""What each provider sends, as its customers make it send; and how to change it."""

import copy
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from hypothesis import strategies as st

from tests.web.channels.kits import KITS

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "\x00", "\ud800", "x" * 5000, 10**400, [], {}, [[]], [{}]]),
    st.dictionaries(st.text(max_size=5), st.none(), max_size=2),
)
"""What is hardly ever where it is looked for."""
Phone = Any


class Recorder:
    """Stands where HTTP is, and keeps what would have been posted."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []

    async def post(self, _path: str, **request: Any) -> httpx.Response:
        for key in ("json", "data", "content"):
            if key in request:
                self.bodies.append(request[key])
        return httpx.Response(200)


async def _telegram(phone: Phone) -> None:
    chat = {"chat": phone.chat, "from": phone.me, "user": phone.me}
    member = {"new_chat_member": {"status": "kicked"}}
    deleted = {"business_connection_id": "b", "message_ids": [1]}
    for kind, fields in (
        ("edited_message", {"text": "b", "edit_date": 1_795_426_300}),
        ("message", {"photo": [{"file_id": "1"}], "caption": "c"}),
        ("message", {"text": "/start LINK-ABCDEFGHJKMN"}),
        ("message_reaction", {**chat, "new_reaction": [{"emoji": "x"}]}),
        ("my_chat_member", {**chat, **member}),
        ("business_message", {"text": "b", "business_connection_id": "b"}),
        ("deleted_business_messages", {**chat, **deleted}),
    ):
        await phone.post(phone.message(kind, **fields))


async def _whatsapp(phone: Phone) -> None:
    new, about = {"type": "text", "text": {"body": "c"}}, {"original_message_id": "1"}
    status: dict[str, Any] = {"id": "wamid.2", "status": "failed", "timestamp": "1"}
    status["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    wish = {"wa_id": phone.person, "value": "stop", "timestamp": "1", "detail": "x"}
    echo = {"id": "e1", "to": phone.person, "timestamp": "2", "text": {"body": "x"}}
    for value in (
        {"messages": [phone.message("image", {"id": "1", "caption": "c"})]},
        {"messages": [phone.message("edit", {**about, "message": new})]},
        {"messages": [phone.message("revoke", about)]},
        {"messages": [phone.message("reaction", {"message_id": "1", "emoji": "x"})]},
        {"statuses": [{**status, "recipient_id": phone.person}]},
        {"user_preferences": [wish]},
        {"message_echoes": [echo]},
    ):
        await phone.change(**value)


async def _messenger(phone: Phone) -> None:
    picture = [{"type": "image", "payload": {"url": "https://x"}}]
    for content in (
        {"message": {"mid": "1", "attachments": picture}},
        {"message": {"mid": "1", "is_deleted": True}},
        {"message": {"mid": "1", "is_echo": True, "app_id": 1, "text": "x"}},
        {"message_edit": {"mid": "1", "text": "x", "num_edit": 1}},
        {"postback": {"mid": "1", "payload": "x", "title": "x"}},
        {"reaction": {"mid": "1", "emoji": "x"}},
        {"delivery": {"mids": ["1"], "watermark": 1}},
        {"read": {"watermark": 1}},
        {"pass_thread_control": {"new_owner_app_id": "1"}},
    ):
        await phone.event(phone.from_customer(**content))
    await phone.event(phone.message(text="x"), kind="standby")


async def _slack(phone: Phone) -> None:
    said = phone.message("one")
    changed = {"message": {**said, "text": "two"}, "previous_message": said}
    gone = {"previous_message": said, "deleted_ts": said["ts"]}
    item = {"type": "message", "channel": phone.channel, "ts": said["ts"]}
    for event in (
        phone.message("", files=[{"id": "F1", "mimetype": "image/png"}]),
        phone.message("", subtype="message_changed", **changed),
        phone.message("", subtype="message_deleted", **gone),
        {"type": "reaction_added", "user": "U7", "reaction": "x", "item": item},
    ):
        await phone.event(event)


async def _sms(phone: Phone) -> None:
    picture = {"MediaUrl0": "https://x", "MediaContentType0": "image/png"}
    await phone.post(phone.message("x", NumMedia="1", **picture))
    await phone.post(phone.message("STOP", OptOutType="STOP"))
    report = {"MessageSid": "SM2", "To": phone.person, "From": "+1"}
    await phone.post({**report, "MessageStatus": "undelivered", "ErrorCode": "3"})


async def _webhook(phone: Phone) -> None:
    for fields in (
        {"text": "x", "name": "Ada", "at": "2026-11-23T09:30:00Z"},
        {"media": [{"kind": "image", "url": "https://x"}]},
        {"type": "edit", "about": "m1", "text": "x"},
        {"type": "receipt", "about": "m1", "state": "dead", "failure": "x"},
        {"type": "agent", "text": "x"},
    ):
        await phone.post(phone.letter(**fields))


async def _email(phone: Phone) -> None:
    letter = phone.letter("x", References="<1@x> <2@x>", Date="Mon, 23 Nov 2026")
    letter.add_attachment(b"x", maintype="image", subtype="png")
    await phone.post(letter)


MORE: Mapping[str, Callable[[Phone], Awaitable[None]]] = {
    "telegram": _telegram,
    "whatsapp": _whatsapp,
    "messenger": _messenger,
    "instagram": _messenger,
    "slack": _slack,
    "sms": _sms,
    "webhook": _webhook,
    "email": _email,
}


async def letters_of(channel: str) -> list[Any]:
    """Return one body of every kind that a provider sends."""
    recorder = Recorder()
    phone = KITS[channel][1](recorder)
    await phone.say("hello")
    if hasattr(phone, "press"):
        await phone.press("a-token")
    await MORE[channel](phone)
    return [_readable(channel, body) for body in recorder.bodies]


def _readable(channel: str, body: Any) -> Any:
    if not isinstance(body, bytes) or channel == "email":
        return body
    if body.startswith(b"payload="):
        return {"payload": json.loads(parse_qs(body.decode())["payload"][0])}
    return json.loads(body)


async def post(channel: str, phone: Phone, body: Any) -> httpx.Response:
    """Post a body as its provider would: signed, whatever it holds."""
    if channel == "slack" and isinstance(body, dict):
        if set(body) == {"payload"}:
            form = urlencode({"payload": json.dumps(body["payload"])}).encode()
            answer = await phone.post(form, "application/x-www-form-urlencoded")
        else:
            answer = await phone.post(json.dumps(body).encode(), "application/json")
    elif channel == "sms":
        form = {k: str(v).encode(errors="replace").decode() for k, v in body.items()}
        answer = await phone.post(form)
    else:
        answer = await phone.post(body)
    found: httpx.Response = answer
    return found


@st.composite
def changed(draw: st.DrawFn, bodies: list[Any]) -> Any:
    """One of the bodies, with up to three places left out or filled otherwise."""
    body = draw(st.sampled_from(bodies))
    if isinstance(body, bytes | EmailMessage):
        return _torn(draw, bytes(body))
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        places = list(places_in(body))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            holder[key] = draw(JUNK)
        else:
            del holder[key]
    return body


def _torn(draw: st.DrawFn, raw: bytes) -> bytes:
    """Return a letter in which some bytes became others."""
    at = draw(st.integers(0, len(raw)))
    length = draw(st.integers(0, 40))
    return raw[:at] + draw(st.binary(max_size=40)) + raw[at + length :]


def places_in(body: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a body: what holds it, and under which key."""
    keys = body if isinstance(body, dict) else range(len(body))
    for key in keys:
        yield body, key
        if isinstance(body[key], dict | list):
            yield from places_in(body[key])
