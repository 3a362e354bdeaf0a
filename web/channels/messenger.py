"""Messenger and Instagram: Meta's Messenger platform."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from journey.desk.writing import AGENT
from journey.messages.capabilities import capability
from journey.messages.dispatches import Load, State
from journey.messages.threads import Origin, is_open
from web.channels.base import Setting
from web.channels.faults import WindowClosed
from web.channels.incoming import Incoming, Kind, Raw, instant
from web.channels.meta import SETTINGS, Meta, entries

OURS = "coach"
"""The metadata of what we send: an echo that carries it is our own."""
AGENTS = timedelta(days=7)
"""How long a person may answer after a customer's last message."""
BEGIN = "GET_STARTED"
MEDIA = {
    "image": "image",
    "audio": "voice",
    "video": "video",
    "file": "file",
    "location": "location",
    "sticker": "sticker",
    "ig_reel": "video",
    "reel": "video",
    "share": "unknown",
    "story_mention": "image",
}
Event = Mapping[str, Any]


class Messenger(Meta):
    """One Facebook page."""

    name: ClassVar[str] = "messenger"
    left: ClassVar[str] = (
        "In Meta's app dashboard, Messenger > Webhooks: callback {url}, verify "
        "token {verify_token}, and subscribe your page to messages, "
        "messaging_postbacks, message_echoes, message_edits, message_reads, "
        "message_deliveries, message_reactions, messaging_handovers and "
        "standby."
    )
    about: ClassVar[str] = "page"
    """What Meta calls the object that webhooks are about."""
    mark: ClassVar[Mapping[str, str]] = {"metadata": OURS}
    """What we put on a message to know its echo."""
    settings = (
        *SETTINGS,
        Setting("app_id", "your app's id: what it did not write, a person wrote"),
    )

    def parts(self, raw: Raw) -> Iterator[tuple[str, Event]]:
        """Yield the events that were sent, each with the field it stood in."""
        for entry in entries(raw.json(), self.about):
            for field in ("messaging", "standby"):
                yield from ((field, event) for event in entry.get(field, ()))

    def read(self, part: tuple[str, Event], now: datetime) -> Iterator[Incoming]:
        """Return what an event says."""
        field, event = part
        if field == "standby":
            # Another app, or a person in the inbox, has this conversation.
            return self._standby(event, now)
        return self._event(event, now)

    def _standby(self, event: Event, now: datetime) -> Iterator[Incoming]:
        for one in self._event(event, now):
            if one.kind in (Kind.TEXT, Kind.MEDIA, Kind.PRESS):
                # A moment earlier: what is said then is a person's to answer.
                before = one.at - timedelta(milliseconds=1)
                yield Incoming(
                    Kind.TAKEN, f"standby:{one.provider_id}", one.origin, before
                )
            yield one

    def _event(self, event: Event, now: datetime) -> Iterator[Incoming]:
        at = _at(event, now)
        if message := event.get("message"):
            yield from self._message(event, message, at)
        elif edit := event.get("message_edit"):
            number = f"{edit['mid']}:{edit.get('num_edit', event.get('timestamp'))}"
            yield Incoming(
                Kind.EDIT,
                f"edit:{number}",
                _origin(event["sender"]),
                at,
                edit.get("text") or "",
                about=edit["mid"],
            )
        elif postback := event.get("postback"):
            yield _postback(event, postback, at)
        elif reaction := event.get("reaction"):
            yield Incoming(
                Kind.REACTION,
                f"reaction:{reaction['mid']}:{event.get('timestamp')}",
                _origin(event["sender"]),
                at,
                str(reaction.get("emoji") or reaction.get("reaction") or ""),
                about=reaction["mid"],
            )
        else:
            yield from _receipts(event, now)
            yield from self._control(event, at)

    def _message(
        self, event: Event, message: Event, at: datetime
    ) -> Iterator[Incoming]:
        mid, text = message["mid"], message.get("text") or ""
        if message.get("is_echo"):
            if not self._is_ours(message):
                origin = _origin(event["recipient"])
                yield Incoming(Kind.PERSON, mid, origin, at, text)
            return
        origin = _origin(event["sender"])
        media = tuple(_medium(x) for x in message.get("attachments", ()))
        if message.get("is_deleted"):
            yield Incoming(Kind.DELETION, f"deletion:{mid}", origin, at, about=mid)
        elif reply := message.get("quick_reply"):
            token = str(reply.get("payload", ""))
            yield Incoming(Kind.PRESS, mid, origin, at, text, token=token)
        elif media or message.get("is_unsupported"):
            media = media or ({"kind": "unknown"},)
            yield Incoming(Kind.MEDIA, mid, origin, at, text, media=media)
        elif text:
            yield Incoming(Kind.TEXT, mid, origin, at, text)

    def _is_ours(self, message: Event) -> bool:
        own = message.get("metadata") == OURS
        return own or str(message.get("app_id")) == self.setting("app_id")

    def _control(self, event: Event, at: datetime) -> Iterator[Incoming]:
        """Yield who has the conversation now, when that moved."""
        for move, owner in (
            ("pass_thread_control", "new_owner_app_id"),
            ("take_thread_control", "new_owner_app_id"),
        ):
            if moved := event.get(move):
                ours = str(moved.get(owner)) == self.setting("app_id")
                kind = Kind.GIVEN_BACK if ours else Kind.TAKEN
                number = f"control:{event.get('timestamp')}"
                yield Incoming(kind, number, _origin(event["sender"]), at)

    async def probe(self) -> str:
        """Return the name of the page or the account."""
        return str((await self.look("me?fields=name")).get("name"))

    async def send(self, load: Load, now: datetime) -> str | None:
        """Send one message with its quick replies."""
        message: dict[str, Any] = {"text": load.part.text, **self.mark}
        if load.part.choices:
            message["quick_replies"] = [
                {"content_type": "text", "title": c.title, "payload": c.token}
                for c in load.part.choices
            ]
        body = {
            "recipient": {"id": load.address["id"]},
            "message": message,
            **self._type(load, now),
        }
        answer = await self.call("me/messages", body)
        return str(answer["message_id"])

    def _type(self, load: Load, now: datetime) -> Event:
        if is_open(capability(self.name), load.heard_at, now):
            return {"messaging_type": "RESPONSE"}
        if load.author == AGENT and load.heard_at and now < load.heard_at + AGENTS:
            return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        raise WindowClosed("the customer wrote more than 24 hours ago")


class Instagram(Messenger):
    """One professional account of Instagram."""

    name = "instagram"
    left: ClassVar[str] = (
        "In Meta's app dashboard, Instagram > Webhooks: callback {url}, verify "
        "token {verify_token}, and subscribe to messages, messaging_postbacks, "
        "messaging_seen and message_reactions."
    )
    about = "instagram"
    mark: ClassVar[Mapping[str, str]] = {}


def _postback(event: Event, postback: Event, at: datetime) -> Incoming:
    mid = postback.get("mid") or f"postback:{event.get('timestamp')}"
    token, title = str(postback.get("payload", "")), postback.get("title") or ""
    kind = Kind.START if token == BEGIN else Kind.PRESS
    return Incoming(kind, mid, _origin(event["sender"]), at, title, token=token)


def _receipts(event: Event, now: datetime) -> Iterator[Incoming]:
    origin = _origin(event["sender"])
    for mid in (event.get("delivery") or {}).get("mids", ()):
        number = f"delivery:{mid}"
        delivered = State.DELIVERED
        yield Incoming(Kind.RECEIPT, number, origin, now, about=mid, state=delivered)
    if read := event.get("read"):
        watermark = read.get("watermark")
        seen = instant(watermark / 1000, now) if watermark else now
        yield Incoming(
            Kind.RECEIPT,
            f"read:{event.get('timestamp')}",
            origin,
            seen,
            about=read.get("mid"),
            state=State.READ,
        )


def _medium(attachment: Event) -> Mapping[str, Any]:
    payload = attachment.get("payload") or {}
    kind = MEDIA.get(str(attachment.get("type")), "unknown")
    return {"kind": "sticker" if "sticker_id" in payload else kind}


def _at(event: Event, now: datetime) -> datetime:
    return instant(event["timestamp"] / 1000, now) if event.get("timestamp") else now


def _origin(who: Event) -> Origin:
    person = str(who["id"])
    return Origin(person, person, {"id": person})
