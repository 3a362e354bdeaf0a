"""Slack's side: its Web API as published, and the events that it sends."""

import html
import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.channels.provider import Bad, Provider, json_of

TOKEN = "xoxb-token"
SECRET = "slack signing secret"
FIELDS = {"channel", "text", "thread_ts", "blocks", "mrkdwn", "unfurl_links"}


@dataclass
class Slack(Provider):
    """chat.postMessage, as strict as the real one."""

    stamps: Any = field(default_factory=lambda: count(1_700_000_000))

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{method}", self.call, methods=["POST"])])

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {
            "COACH_SLACK_TOKEN": TOKEN,
            "COACH_SLACK_SIGNING_SECRET": SECRET,
            "COACH_SLACK_API": url,
        }

    async def call(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        if fault := await self.fault():
            return fault
        if request.path_params["method"] != "chat.postMessage":
            return JSONResponse({"ok": False, "error": "unknown_method"})
        body = await json_of(request)
        try:
            check(body)
        except Bad as error:
            self.refused.append(str(error))
            return JSONResponse({"ok": False, "error": str(error)})
        self.taken.append(body)
        stamp = f"{next(self.stamps)}.000100"
        return JSONResponse({"ok": True, "channel": body["channel"], "ts": stamp})

    def texts(self) -> list[str]:
        return [html.unescape(message["text"]) for message in self.taken]

    def choices(self, number: int) -> list[tuple[str, str]]:
        return [
            (button["text"]["text"], button["value"])
            for block in self.taken[number].get("blocks", ())
            for button in [*block.get("elements", ()), block.get("accessory")]
            if button
        ]


def check(body: dict[str, Any]) -> None:
    """Refuse what chat.postMessage refuses, with its error codes."""
    if unknown := set(body) - FIELDS:
        raise Bad(f"invalid_arguments {unknown}")
    if not str(body.get("channel", "")).startswith(("D", "C", "G")):
        raise Bad("channel_not_found")
    if not body.get("text") and not body.get("blocks"):
        raise Bad("no_text")
    if len(body.get("text", "")) > 40_000:
        raise Bad("msg_too_long")
    blocks = body.get("blocks", [])
    if len(blocks) > 50:
        raise Bad("invalid_blocks")
    for block in blocks:
        check_block(block)


def check_block(block: dict[str, Any]) -> None:
    if block["type"] == "section" and not 1 <= len(block["text"]["text"]) <= 3000:
        raise Bad("invalid_blocks")
    elements = block.get("elements", [])
    if block["type"] == "actions" and not 1 <= len(elements) <= 25:
        raise Bad("invalid_blocks")
    names = [button["action_id"] for button in elements]
    if len(set(names)) != len(names):
        raise Bad("invalid_blocks")
    for button in [*elements, *filter(None, [block.get("accessory")])]:
        fits = 1 <= len(button["text"]["text"]) <= 75
        if not fits or len(button["value"]) > 2000 or len(button["action_id"]) > 255:
            raise Bad("invalid_blocks")


@dataclass
class Phone:
    """One member of a workspace, in a direct message to the app."""

    http: httpx.AsyncClient
    secret: str = SECRET
    age: int = 0
    channel: str = "D7"
    user: str = "U7"
    numbers: Any = field(default_factory=lambda: count(1))

    async def post(self, body: bytes, kind: str) -> httpx.Response:
        stamp = str(int(time.time()) - self.age)
        signer = SignatureVerifier(self.secret)
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": str(
                signer.generate_signature(timestamp=stamp, body=body)
            ),
        }
        return await self.http.post("/channels/slack", content=body, headers=headers)

    async def event(self, event: dict[str, Any]) -> httpx.Response:
        body = {
            "type": "event_callback",
            "team_id": "T1",
            "event_id": f"Ev{next(self.numbers)}",
            "event": event,
        }
        return await self.post(json.dumps(body).encode(), "application/json")

    def message(self, text: str, **fields: Any) -> dict[str, Any]:
        return {
            "type": "message",
            "channel": self.channel,
            "channel_type": "im",
            "user": self.user,
            "text": text,
            "ts": f"{1_795_426_200 + next(self.numbers)}.000200",
            **fields,
        }

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        message = self.message(text)
        return [await self.event(message) for _ in range(times)]

    async def press(self, token: str) -> httpx.Response:
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": self.user},
            "channel": {"id": self.channel},
            "message": {"ts": "1.0"},
            "actions": [{"action_ts": f"{next(self.numbers)}.5", "value": token}],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.post(body, "application/x-www-form-urlencoded")
