"""Telegram's side: its Bot API as published, and the updates that it sends."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.channels.provider import Bad, Provider, json_of

TOKEN = "123456:telegram-token"
SECRET = "secret_token-1"
FIELDS = {
    "chat_id",
    "text",
    "reply_markup",
    "business_connection_id",
    "parse_mode",
    "link_preview_options",
}


@dataclass
class Telegram(Provider):
    """The Bot API, as strict as the real one."""

    calls: list[str] = field(default_factory=list)
    blocked: bool = False
    hook: dict[str, Any] = field(default_factory=dict)
    last_error: str | None = None
    ids: Any = field(default_factory=lambda: count(1000))

    @property
    def app(self) -> Starlette:
        path = "/bot{token:str}/{method:str}"
        return Starlette(routes=[Route(path, self.call, methods=["POST"])])

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {
            "COACH_TELEGRAM_TOKEN": TOKEN,
            "COACH_TELEGRAM_SECRET": SECRET,
            "COACH_TELEGRAM_API": url,
        }

    def choices(self, number: int) -> list[tuple[str, str]]:
        rows = self.taken[number].get("reply_markup", {}).get("inline_keyboard", ())
        return [(b["text"], b["callback_data"]) for row in rows for b in row]

    def broken(self, status: int, headers: dict[str, str]) -> Response:
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": "x"}
        if "retry-after" in headers:
            body["parameters"] = {"retry_after": int(headers["retry-after"])}
        return JSONResponse(body, status)

    async def call(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return self.broken(401, {})
        self.calls.append(request.path_params["method"])
        fault = await self.fault()
        if fault:
            return fault
        if self.blocked:
            return self._refuse(403, "Forbidden: bot was blocked by the user")
        body = await json_of(request)
        answer = self._about_webhook(request.path_params["method"], body)
        if answer is not None:
            return JSONResponse({"ok": True, "result": answer})
        try:
            return self._sent(body)
        except Bad as error:
            return self._refuse(400, f"Bad Request: {error}")

    def _about_webhook(self, method: str, body: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": 1, "is_bot": True, "username": "hale_bot"}
        if method == "setWebhook":
            self.hook = {**body, "last_error_message": self.last_error}
            return True
        if method == "deleteWebhook":
            self.hook = {}
            return True
        return self.hook if method == "getWebhookInfo" else None

    def _refuse(self, status: int, why: str) -> Response:
        self.refused.append(why)
        body = {"ok": False, "error_code": status, "description": why}
        return JSONResponse(body, status)

    def _sent(self, body: dict[str, Any]) -> Response:
        check(body)
        self.taken.append(body)
        result = {
            "message_id": next(self.ids),
            "date": 1,
            "chat": {"id": body["chat_id"], "type": "private"},
            "text": body["text"],
        }
        return JSONResponse({"ok": True, "result": result})


def check(body: dict[str, Any]) -> None:
    """Refuse what sendMessage refuses."""
    if unknown := set(body) - FIELDS:
        raise Bad(f"unknown fields {unknown}")
    if not isinstance(body.get("chat_id"), int):
        raise Bad("chat_id is empty")
    text = body.get("text", "")
    if not text.strip():
        raise Bad("message text is empty")
    if len(text) > 4096:
        raise Bad("message is too long")
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        check_button(button)
    if sum(len(row) for row in rows) > 100:
        raise Bad("reply markup is too long")


def check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise Bad("text buttons are unallowed in the inline keyboard")
    if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
        raise Bad("BUTTON_DATA_INVALID")


@dataclass
class Phone:
    """One person's Telegram: writes, presses, edits, blocks."""

    http: httpx.AsyncClient
    person: int = 7
    secret: str = SECRET
    updates: Any = field(default_factory=lambda: count(1))
    messages: Any = field(default_factory=lambda: count(1))

    async def post(self, update: dict[str, Any]) -> httpx.Response:
        headers = {"x-telegram-bot-api-secret-token": self.secret}
        return await self.http.post("/channels/telegram", json=update, headers=headers)

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        update = self.message(text=text)
        return [await self.post(update) for _ in range(times)]

    async def press(self, token: str) -> httpx.Response:
        message = {"message_id": 1, "chat": self.chat, "date": 1, "text": "shown"}
        query: dict[str, Any] = {"id": f"q{next(self.messages)}", "from": self.me}
        query["data"] = token
        query["message"] = message
        return await self.post(self.update(callback_query=query))

    def message(self, kind: str = "message", **fields: Any) -> dict[str, Any]:
        number = next(self.messages)
        content = {
            "message_id": number,
            "from": self.me,
            "chat": self.chat,
            "date": 1_795_426_200 + number,
            **fields,
        }
        return self.update(**{kind: content})

    def update(self, **content: Any) -> dict[str, Any]:
        return {"update_id": next(self.updates), **content}

    @property
    def me(self) -> dict[str, Any]:
        return {"id": self.person, "is_bot": False, "first_name": "Ada"}

    @property
    def chat(self) -> dict[str, Any]:
        return {"id": self.person, "type": "private", "first_name": "Ada"}
