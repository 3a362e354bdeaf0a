"""Twilio's side: its Messages resource as published, and its signed forms."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from tests.web.channels.provider import Bad, Provider

ACCOUNT, TOKEN, NUMBER = "AC123", "auth token", "+15005550006"
URL = "https://shop.example/channels/sms"


@dataclass
class Twilio(Provider):
    """POST Messages.json, as strict as the real one."""

    stopped: bool = False
    ids: Any = field(default_factory=lambda: count(1))

    @property
    def app(self) -> Starlette:
        path = "/2010-04-01/Accounts/{account}/Messages.json"
        return Starlette(routes=[Route(path, self.call, methods=["POST"])])

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {
            "COACH_SMS_ACCOUNT_SID": ACCOUNT,
            "COACH_SMS_TOKEN": TOKEN,
            "COACH_SMS_FROM": NUMBER,
            "COACH_SMS_URL": URL,
            "COACH_SMS_API": url,
        }

    async def call(self, request: Request) -> Response:
        if "authorization" not in request.headers:
            return self.error(401, 20003, "Authenticate")
        if fault := await self.fault():
            return fault
        form = {key: str(value) for key, value in (await request.form()).items()}
        if self.stopped:
            return self.error(400, 21610, "Attempt to send to unsubscribed recipient")
        try:
            check(form)
        except Bad as bad:
            code, why = bad.args
            return self.error(400, code, why)
        self.taken.append({**form, "text": form["Body"]})
        return JSONResponse({"sid": f"SM{next(self.ids)}", "status": "queued"}, 201)

    def error(self, status: int, code: int, why: str) -> Response:
        self.refused.append(why)
        return JSONResponse({"code": code, "message": why, "status": status}, status)

    def choices(self, number: int) -> list[tuple[str, str]]:
        del number
        return []


def check(form: dict[str, str]) -> None:
    if not form.get("To", "").startswith("+"):
        raise Bad(21211, "Invalid 'To' Phone Number")
    if not form.get("From") and not form.get("MessagingServiceSid"):
        raise Bad(21603, "A 'From' phone number is required")
    if not form.get("Body"):
        raise Bad(21602, "Message body is required")
    if len(form["Body"]) > 1600:
        raise Bad(21617, "The concatenated message body exceeds the 1600 limit")


@dataclass
class Phone:
    """One telephone."""

    http: httpx.AsyncClient
    secret: str = TOKEN
    person: str = "+15551234567"
    numbers: Any = field(default_factory=lambda: count(1))

    async def post(self, form: dict[str, str]) -> httpx.Response:
        signature = RequestValidator(self.secret).compute_signature(URL, form)
        headers = {"x-twilio-signature": signature}
        return await self.http.post("/channels/sms", data=form, headers=headers)

    def message(self, text: str, **fields: str) -> dict[str, str]:
        return {
            "MessageSid": f"SMin{next(self.numbers)}",
            "AccountSid": ACCOUNT,
            "From": self.person,
            "To": NUMBER,
            "Body": text,
            "NumMedia": "0",
            "ToCity": "",
            **fields,
        }

    async def say(self, text: str, times: int = 1) -> list[httpx.Response]:
        message = self.message(text)
        return [await self.post(message) for _ in range(times)]
