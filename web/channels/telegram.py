"""Telegram: the Bot API over its webhook."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from starlette.responses import JSONResponse, Response

from journey.messages.dispatches import Load
from journey.messages.rendering import Choice
from journey.messages.threads import Origin
from web.channels.base import Channel, Setting, seconds
from web.channels.faults import Forged, Gone, Later, Refused, Unreadable
from web.channels.incoming import Incoming, Kind, Raw, instant

API = "https://api.telegram.org"
HEADER = "x-telegram-bot-api-secret-token"
UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
)
"""What we ask to be told; reactions come only when they are asked for."""
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


class Telegram(Channel):
    """One bot; customers write to it in private chats, or to a business account."""

    name = "telegram"
    left = "Nothing is left to do: write to the bot."
    settings = (
        Setting("token", "the bot's token, as @BotFather gives it"),
        Setting(
            "secret",
            "the secret token that Telegram shows with every request",
            made=True,
        ),
        Setting(
            "name",
            "the bot's user name, for links and QR codes",
            secret=False,
            optional=True,
        ),
        Setting("api", "another server of the Bot API", secret=False, optional=True),
    )

    def check(self, raw: Raw, now: datetime) -> None:
        """Compare the secret token; Telegram signs no bodies and sends no time."""
        del now
        wanted, given = self.setting("secret"), raw.headers.get(HEADER, "")
        if not wanted or not hmac.compare_digest(wanted.encode(), given.encode()):
            raise Forged("the secret token does not fit")

    def read(self, raw: Raw, now: datetime) -> Sequence[Incoming]:
        """Return what an update says; kinds that nobody asked for say nothing."""
        update = raw.json()
        try:
            return list(_read(update, now))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise Unreadable(f"the update lacks {error}") from error

    def acknowledge(self, raw: Raw) -> Response:
        """Stop the spinner on a pressed button, in the answer itself."""
        query = raw.json().get("callback_query")
        if not query:
            return Response(status_code=200)
        call = {"method": "answerCallbackQuery", "callback_query_id": query["id"]}
        return JSONResponse(call)

    async def send(self, load: Load, now: datetime) -> str | None:
        """Send one message with its inline keyboard."""
        del now
        message = {**load.address, "text": load.part.text}
        if load.part.choices:
            message["reply_markup"] = {"inline_keyboard": _rows(load.part.choices)}
        result = await self.call("sendMessage", message)
        return _id(load.address["chat_id"], result["message_id"])

    def wait_of(self, response: httpx.Response) -> timedelta | None:
        """Return how long Telegram asks to wait: it says so in its JSON."""
        try:
            return seconds(response.json()["parameters"]["retry_after"])
        except (ValueError, KeyError, TypeError):
            return super().wait_of(response)

    def invite(self, code: str) -> str | None:
        """Return the deep link that starts the bot with a code."""
        name = self.setting("name")
        return f"https://t.me/{name}?start={code}" if name else None

    async def probe(self) -> str:
        """Return the bot's name."""
        me = await self.call("getMe", {})
        return f"@{me['username']}"

    async def register(self, url: str) -> str:
        """Set the webhook, with our secret and all that we want to be told."""
        body = {
            "url": url,
            "secret_token": self.setting("secret"),
            "allowed_updates": list(UPDATES),
        }
        await self.call("setWebhook", body)
        return await super().register(url)

    async def fault(self, url: str) -> str | None:
        """Return what Telegram says about its calls to us."""
        info = await self.call("getWebhookInfo", {})
        if info.get("url") != url:
            called = info.get("url") or "nobody"
            return (
                f"Telegram calls {called}, not {url}: run `coach channel add telegram`."
            )
        if why := info.get("last_error_message"):
            return f"Telegram's last call to us failed: {why}."
        return None

    async def call(self, method: str, body: Mapping[str, Any]) -> Any:
        """Call a method of the Bot API; return its result.

        Raises:
            Later, Refused, Gone: as the API says.
        """
        base = self.setting("api") or API
        url = f"{base}/bot{self.setting('token')}/{method}"
        response = await self.post(url, json=body)
        try:
            answer = response.json()
        except ValueError:
            raise Later(f"telegram answered {response.status_code}, no JSON") from None
        if answer.get("ok"):
            return answer["result"]
        why = f"telegram: {answer.get('description', response.status_code)}"
        raise Gone(why) if response.status_code == 403 else Refused(why)


def _read(update: Update, now: datetime) -> Iterator[Incoming]:
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
    provider_id = _id(message["chat"]["id"], message["message_id"])
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
        about=_id(message["chat"]["id"], message["message_id"]),
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
        about=_id(reaction["chat"]["id"], reaction["message_id"]),
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
        about = _id(deleted["chat"]["id"], number)
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


def _rows(choices: Sequence[Choice]) -> list[list[dict[str, str]]]:
    return [[{"text": c.title, "callback_data": c.token}] for c in choices]


def _id(chat: Any, message: Any) -> str:
    return f"{chat}:{message}"
