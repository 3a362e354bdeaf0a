"""Meta's side: the Graph API as its three channels use it, and its webhooks."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.channels.provider import Bad, Provider, json_of

TOKEN, SECRET, VERIFY = "graph-token", "app secret", "our word"
NUMBER, APP = "106540352242922", "4242"
START = int(time.time()) - 60


def environ_of(channel: str, url: str) -> dict[str, str]:
    prefix = f"COACH_{channel.upper()}"
    return {
        f"{prefix}_TOKEN": TOKEN,
        f"{prefix}_APP_SECRET": SECRET,
        f"{prefix}_VERIFY_TOKEN": VERIFY,
        f"{prefix}_API": url,
    }


@dataclass
class Graph(Provider):
    """POST /{version}/{node}/messages; each channel has its own rules."""

    channel: str = ""
    check: Callable[[dict[str, Any]], None] = lambda _: None
    closed: bool = False
    """Whether the window is over, as the provider counts it."""
    ids: Any = field(default_factory=lambda: count(1))

    @property
    def app(self) -> Starlette:
        path = "/{version}/{node}/messages"
        return Starlette(routes=[Route(path, self.call, methods=["POST"])])

    def broken(self, status: int, headers: dict[str, str]) -> Response:
        return error(status, 131000, "Something went wrong", headers)

    async def call(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return error(401, 190, "Invalid OAuth access token")
        if fault := await self.fault():
            return fault
        body = await json_of(request)
        try:
            self.check(body)
        except Bad as bad:
            self.refused.append(str(bad))
            return error(400, 100, f"Invalid parameter: {bad}")
        return self.answered(body)

    def answered(self, body: dict[str, Any]) -> Response:
        raise NotImplementedError


def error(
    status: int, code: int, message: str, headers: dict[str, str] | None = None
) -> Response:
    body = {"error": {"message": message, "type": "OAuthException", "code": code}}
    return JSONResponse(body, status, headers)


@dataclass
class WhatsApp(Graph):
    channel: str = "whatsapp"

    def __post_init__(self) -> None:
        self.check = check_whatsapp

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {
            **environ_of("whatsapp", url),
            "COACH_WHATSAPP_PHONE_NUMBER_ID": NUMBER,
            "COACH_WHATSAPP_TEMPLATE": "please_write",
            "COACH_WHATSAPP_TEMPLATE_LANGUAGE": "en_GB",
        }

    def answered(self, body: dict[str, Any]) -> Response:
        if self.closed and body["type"] != "template":
            return error(400, 131047, "Re-engagement message")
        self.taken.append(body)
        found = {"messages": [{"id": f"wamid.{next(self.ids)}"}]}
        return JSONResponse({"messaging_product": "whatsapp", **found})

    def texts(self) -> list[str]:
        return [text_of(message) for message in self.taken]

    def choices(self, number: int) -> list[tuple[str, str]]:
        action = self.taken[number].get("interactive", {}).get("action", {})
        buttons = [button["reply"] for button in action.get("buttons", ())]
        rows = [row for part in action.get("sections", ()) for row in part["rows"]]
        return [(one["title"], one["id"]) for one in [*buttons, *rows]]


def text_of(message: dict[str, Any]) -> str:
    if message["type"] == "template":
        return f"template {message['template']['name']}"
    if message["type"] == "text":
        return str(message["text"]["body"])
    return str(message["interactive"]["body"]["text"])


def check_whatsapp(body: dict[str, Any]) -> None:
    if body.get("messaging_product") != "whatsapp":
        raise Bad("messaging_product")
    if bool(body.get("to")) == bool(body.get("recipient")):
        raise Bad("to")
    kind = body["type"]
    if kind == "text" and not 1 <= len(body["text"]["body"]) <= 4096:
        raise Bad("text.body")
    if kind == "interactive":
        check_interactive(body["interactive"])
    if kind == "template" and not body["template"].get("language", {}).get("code"):
        raise Bad("template.language.code")


def check_interactive(shown: dict[str, Any]) -> None:
    if not 1 <= len(shown["body"]["text"]) <= 1024:
        raise Bad("interactive.body.text")
    action = shown["action"]
    if shown["type"] == "button":
        titles = [button["reply"]["title"] for button in action["buttons"]]
        ids = [button["reply"]["id"] for button in action["buttons"]]
        most, longest = 3, 20
    else:
        rows = [row for section in action["sections"] for row in section["rows"]]
        titles, ids = [row["title"] for row in rows], [row["id"] for row in rows]
        most, longest = 10, 24
        if not 1 <= len(action["button"]) <= 20:
            raise Bad("interactive.action.button")
    if not 1 <= len(titles) <= most or len(set(titles)) != len(titles):
        raise Bad("interactive.action")
    if any(not 1 <= len(title) <= longest for title in titles):
        raise Bad("title")
    if any(len(one) > 200 for one in ids) or len(set(ids)) != len(ids):
        raise Bad("id")


@dataclass
class Messenger(Graph):
    channel: str = "messenger"
    longest: int = 2000
    fields: tuple[str, ...] = ("text", "quick_replies", "metadata")

    def __post_init__(self) -> None:
        self.check = self.check_message

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {**environ_of("messenger", url), "COACH_MESSENGER_APP_ID": APP}

    def check_message(self, body: dict[str, Any]) -> None:
        message = body["message"]
        if not body["recipient"].get("id") or set(message) - set(self.fields):
            raise Bad("message")
        size = len(message["text"].encode())
        if not 1 <= len(message["text"]) or size > self.longest:
            raise Bad("message.text")
        replies = message.get("quick_replies", [])
        if len(replies) > 13 or any(len(r["title"]) > 20 for r in replies):
            raise Bad("quick_replies")
        if body.get("messaging_type") not in ("RESPONSE", "MESSAGE_TAG"):
            raise Bad("messaging_type")

    def answered(self, body: dict[str, Any]) -> Response:
        if self.closed and body.get("tag") != "HUMAN_AGENT":
            return error(400, 2018278, "outside of allowed window")
        self.taken.append(body)
        mid = f"m_{next(self.ids)}"
        return JSONResponse(
            {"recipient_id": body["recipient"]["id"], "message_id": mid}
        )

    def texts(self) -> list[str]:
        return [str(body["message"]["text"]) for body in self.taken]

    def choices(self, number: int) -> list[tuple[str, str]]:
        replies = self.taken[number]["message"].get("quick_replies", ())
        return [(reply["title"], reply["payload"]) for reply in replies]


@dataclass
class Instagram(Messenger):
    channel: str = "instagram"
    longest: int = 1000
    fields: tuple[str, ...] = ("text", "quick_replies")

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {**environ_of("instagram", url), "COACH_INSTAGRAM_APP_ID": APP}


@dataclass
class Phone:
    """One person; `channel` says which of Meta's webhooks tells about them."""

    http: httpx.AsyncClient
    channel: str = "whatsapp"
    secret: str = SECRET
    person: str = "16505551234"
    numbers: Any = field(default_factory=lambda: count(1))

    async def post(self, body: dict[str, Any]) -> httpx.Response:
        content = json.dumps(body).encode()
        digest = hmac.new(self.secret.encode(), content, hashlib.sha256).hexdigest()
        headers = {"x-hub-signature-256": f"sha256={digest}"}
        return await self.http.post(
            f"/channels/{self.channel}", content=content, headers=headers
        )


@dataclass
class OnWhatsApp(Phone):
    async def change(self, field: str = "messages", **value: Any) -> httpx.Response:
        metadata = {"display_phone_number": "1555", "phone_number_id": NUMBER}
        whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        change = {"field": field, "value": whole}
        entry = {"id": "1", "changes": [change]}
        return await self.post(
            {"object": "whatsapp_business_account", "entry": [entry]}
        )

    def message(self, kind: str, content: Any) -> dict[str, Any]:
        number = next(self.numbers)
        return {
            "from": self.person,
            "id": f"wamid.in.{number}",
            "timestamp": str(START + number),
            "type": kind,
            kind: content,
        }

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        contact = {"profile": {"name": "Ada"}, "wa_id": self.person}
        message = self.message("text", {"body": text})
        value = {"contacts": [contact], "messages": [message]}
        return [await self.change(**value) for _ in range(times)]

    async def press(self, token: str) -> httpx.Response:
        reply = {"type": "button_reply", "button_reply": {"id": token, "title": "x"}}
        return await self.change(messages=[self.message("interactive", reply)])


@dataclass
class OnMessenger(Phone):
    channel: str = "messenger"
    about: str = "page"

    async def event(self, *events: dict[str, Any], kind: str = "messaging") -> Any:
        entry = {"id": "page", "time": START * 1000, kind: list(events)}
        return await self.post({"object": self.about, "entry": [entry]})

    def from_customer(self, **content: Any) -> dict[str, Any]:
        number = next(self.numbers)
        ends = {"sender": {"id": self.person}, "recipient": {"id": "page"}}
        return {**ends, "timestamp": (START + number) * 1000, **content}

    def message(self, **content: Any) -> dict[str, Any]:
        mid = f"m_in_{next(self.numbers)}"
        return self.from_customer(message={"mid": mid, **content})

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        message = self.message(text=text)
        return [await self.event(message) for _ in range(times)]

    async def press(self, token: str) -> httpx.Response:
        answer: httpx.Response = await self.event(
            self.message(text="x", quick_reply={"payload": token})
        )
        return answer


@dataclass
class OnInstagram(OnMessenger):
    channel: str = "instagram"
    about: str = "instagram"
