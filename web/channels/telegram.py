"""Telegram: the Bot API over its webhook."""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
from starlette.responses import JSONResponse, Response

from journey.messages.dispatches import Load
from journey.messages.rendering import Choice
from web.channels.base import Channel, Setting, seconds
from web.channels.faults import Forged, Gone, Later, Refused
from web.channels.incoming import Incoming, Raw
from web.channels.telegram_updates import Update, id_of, read_update

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

    def read(self, part: Update, now: datetime) -> Iterator[Incoming]:
        """Return what an update says; kinds that nobody asked for say nothing."""
        return read_update(part, now)

    def acknowledge(self, raw: Raw) -> Response:
        """Stop the spinner on a pressed button, in the answer itself."""
        query = raw.json().get("callback_query")
        if not isinstance(query, dict) or "id" not in query:
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
        return id_of(load.address["chat_id"], result["message_id"])

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

    async def unregister(self) -> str:
        """Delete the webhook."""
        await self.call("deleteWebhook", {})
        return "Telegram calls nobody now."

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


def _rows(choices: Sequence[Choice]) -> list[list[dict[str, str]]]:
    return [[{"text": c.title, "callback_data": c.token}] for c in choices]
