"""Telegram's updates: what each kind of them says."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from journey.messages.threads import Origin
from web.channels.incoming import Incoming, Kind, instant

MEDIA = {
    "photo": "image",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "document": "file",
}
LEFT = frozenset({"kicked", "left"})
Update = Mapping[str, Any]


def read_update(update: Update, now: datetime) -> Iterator[Incoming]:
    readers = {
        "callback_query": _press,
        "message": _message,
        "business_message": _message,
        "edited_message": _edit,
        "edited_business_message": _edit,
        "message_reaction": _reaction,
        "my_chat_member": _member,
    }
    for name, reader in readers.items():
        found = update.get(name)
        if found is not None:
            incoming = reader({**found, "update_id": update["update_id"]}, now)
            if incoming:
                yield incoming
    if deleted := update.get("deleted_business_messages"):
        yield from _deletions(deleted, now)


def _message(message: Update, now: datetime) -> Incoming | None:
    if not _is_private(message) or message.get("sender_business_bot"):
        return None
    origin, at = _origin(message), instant(message.get("date"), now)
    provider_id = id_of(message["chat"]["id"], message["message_id"])
    text = message.get("text") or message.get("caption") or ""
    if _is_from_owner(message):
        return Incoming(Kind.PERSON, provider_id, origin, at, text)
    media = _media(message)
    if media:
        return Incoming(Kind.MEDIA, provider_id, origin, at, text, media=media)
    if not text:
        return None
    if text.partition(" ")[0] == "/start":
        code = text.partition(" ")[2].strip() or None
        return Incoming(Kind.START, provider_id, origin, at, token=code)
    return Incoming(Kind.TEXT, provider_id, origin, at, text)


def _press(query: Update, now: datetime) -> Incoming | None:
    message = query.get("message")
    if not message or not _is_private(message):
        return None
    origin = _origin({**message, "from": query["from"]})
    return Incoming(
        Kind.PRESS, f"press:{query['id']}", origin, now, token=query.get("data", "")
    )


def _edit(message: Update, now: datetime) -> Incoming | None:
    if not _is_private(message) or _is_from_owner(message):
        return None
    return Incoming(
        Kind.EDIT,
        f"edit:{message['update_id']}",
        _origin(message),
        instant(message.get("edit_date"), now),
        message.get("text") or message.get("caption") or "",
        about=id_of(message["chat"]["id"], message["message_id"]),
    )


def _reaction(reaction: Update, now: datetime) -> Incoming | None:
    if not _is_private(reaction) or "user" not in reaction:
        return None
    shown = [str(x.get("emoji", "")) for x in reaction.get("new_reaction", ())]
    return Incoming(
        Kind.REACTION,
        f"reaction:{reaction['update_id']}",
        _origin({**reaction, "from": reaction["user"]}),
        instant(reaction.get("date"), now),
        "".join(shown),
        about=id_of(reaction["chat"]["id"], reaction["message_id"]),
    )


def _member(member: Update, now: datetime) -> Incoming | None:
    if not _is_private(member) or member["new_chat_member"]["status"] not in LEFT:
        return None
    provider_id = f"member:{member['update_id']}"
    at = instant(member.get("date"), now)
    return Incoming(Kind.BLOCKED, provider_id, _origin(member), at)


def _deletions(deleted: Update, now: datetime) -> Iterator[Incoming]:
    origin = _origin({**deleted, "from": deleted["chat"]})
    for number in deleted["message_ids"]:
        about = id_of(deleted["chat"]["id"], number)
        yield Incoming(Kind.DELETION, f"deletion:{about}", origin, now, about=about)


def _is_private(message: Update) -> bool:
    return bool(message["chat"].get("type", "private") == "private")


def _is_from_owner(message: Update) -> bool:
    """Tell whether the owner of a business account wrote this, in their own app."""
    if "business_connection_id" not in message:
        return False
    return bool(message["from"]["id"] != message["chat"]["id"])


def _origin(message: Update) -> Origin:
    """Return who writes; in a business chat the customer is the chat itself."""
    chat, connection = message["chat"], message.get("business_connection_id")
    who = chat if connection else message["from"]
    address = {"chat_id": chat["id"]}
    key = str(chat["id"])
    if connection:
        address["business_connection_id"] = connection
        key = f"{connection}:{key}"
    return Origin(key, str(who["id"]), address, who.get("first_name"))


def _media(message: Update) -> tuple[Mapping[str, Any], ...]:
    for name, kind in MEDIA.items():
        if found := message.get(name):
            # A photo comes in several sizes, the largest last.
            one = found[-1] if isinstance(found, list) else found
            return ({"kind": kind, "id": one.get("file_id")},)
    return ()


def id_of(chat: Any, message: Any) -> str:
    return f"{chat}:{message}"
