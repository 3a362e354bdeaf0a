"""The other side of the generic webhook: signs what it sends, checks what it gets."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.web.channels.provider import Provider

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()


def signature(letter: str, stamp: str, body: bytes, secret: str = SECRET) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{letter}.{stamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest.digest()).decode()


@dataclass
class Webhook(Provider):
    """Takes what it can prove to come from us."""

    ids: Any = field(default_factory=lambda: count(1))

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/in", self.take, methods=["POST"])])

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {"COACH_WEBHOOK_SECRET": SECRET, "COACH_WEBHOOK_URL": f"{url}/in"}

    def choices(self, number: int) -> list[tuple[str, str]]:
        return [(c["title"], c["token"]) for c in self.taken[number]["choices"]]

    async def take(self, request: Request) -> Response:
        body, headers = await request.body(), request.headers
        wanted = signature(headers["webhook-id"], headers["webhook-timestamp"], body)
        if headers["webhook-signature"] != wanted:
            self.refused.append("signature")
            return Response(status_code=401)
        fault = await self.fault()
        if fault:
            return fault
        self.taken.append(json.loads(body))
        return JSONResponse({"id": f"theirs-{next(self.ids)}"})


@dataclass
class Client:
    """One person behind the other side."""

    http: httpx.AsyncClient
    person: str = "ada"
    secret: str = SECRET
    path: str = "/channels/webhook"
    ids: Any = field(default_factory=lambda: count(1))

    async def post(
        self, body: Any, *, age: timedelta = timedelta(0), sign: str | None = None
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int((datetime.now(UTC) - age).timestamp()))
        letter = f"msg_{next(self.ids)}"
        headers = {
            "webhook-id": letter,
            "webhook-timestamp": stamp,
            "webhook-signature": sign or signature(letter, stamp, content, self.secret),
        }
        return await self.http.post(self.path, content=content, headers=headers)

    def letter(self, **fields: Any) -> dict[str, Any]:
        return {"id": f"m{next(self.ids)}", "from": self.person, **fields}

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        letter = self.letter(text=text)
        return [await self.post(letter) for _ in range(times)]

    async def press(self, token: str) -> httpx.Response:
        return await self.post(self.letter(choice=token))
