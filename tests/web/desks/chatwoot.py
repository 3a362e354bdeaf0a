"""Chatwoot as it is described in public: strict, with agents, and with faults."""

import hashlib
import hmac
import json
from collections.abc import Callable
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
from tests.web.desks import contract
from tests.web.desks.contract import BOT, ERRORS, USER, Operation

ACCOUNT, INBOX = 3, 9
SECRET, BOT_SECRET = "inbox-secret", "bot-secret"
KEYS = {"user-token": USER, "bot-token": BOT}
KIM = {"id": 7, "name": "Kim", "email": "kim@shop.example", "type": "user"}
LEE = {"id": 8, "name": "Lee", "email": "lee@shop.example", "type": "user"}
ROBOT = {"id": 2, "name": "Hale", "type": "agent_bot"}
NUMBERS = {"incoming": 0, "outgoing": 1}
LOST = -1
"""In a plan: do what is asked, and lose the answer."""


def sign(body: bytes, stamp: str, secret: str = SECRET) -> str:
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


@dataclass
class Chatwoot(Provider):
    """Keeps contacts, conversations and messages; calls back as it would."""

    contacts: dict[int, dict[str, Any]] = field(default_factory=dict)
    conversations: dict[int, dict[str, Any]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    callback: str = ""
    channel: str = "Channel::Api"
    bot: dict[str, Any] | None = field(default_factory=lambda: dict(ROBOT))
    numbers: Any = field(default_factory=lambda: count(100))
    ahead: timedelta = timedelta(0)
    """How much time went by at Chatwoot, for who reads and thinks there."""
    http: httpx.AsyncClient | None = None

    @property
    def app(self) -> Starlette:
        base = f"/api/v1/accounts/{ACCOUNT}"
        conversation = f"{base}/conversations/{{key:int}}"
        routes = [
            ("GET", f"{base}/contacts/search", contract.READ, self.search),
            ("POST", f"{base}/contacts", contract.CONTACT_CREATE, self.add_contact),
            (
                "GET",
                f"{base}/contacts/{{key:int}}/conversations",
                contract.READ,
                self.conversations_of,
            ),
            ("DELETE", f"{base}/contacts/{{key:int}}", contract.DELETE, self.forget),
            (
                "POST",
                f"{base}/conversations",
                contract.CONVERSATION_CREATE,
                self.add_conversation,
            ),
            (
                "POST",
                f"{conversation}/messages",
                contract.MESSAGE_CREATE,
                self.add_message,
            ),
            ("GET", f"{conversation}/messages", contract.READ, self.list_messages),
            (
                "POST",
                f"{conversation}/toggle_status",
                contract.STATUS_TOGGLE,
                self.toggle,
            ),
            (
                "POST",
                f"{conversation}/custom_attributes",
                contract.ATTRIBUTES_UPDATE,
                self.describe,
            ),
            ("GET", f"{base}/inboxes/{INBOX}", contract.READ, self.show_inbox),
            ("GET", f"{base}/inboxes/{INBOX}/agent_bot", contract.READ, self.show_bot),
        ]
        return Starlette(
            routes=[
                Route(path, self.guarded(operation, work), methods=[method])
                for method, path, operation, work in routes
            ]
        )

    @staticmethod
    def environ(url: str) -> dict[str, str]:
        return {
            "COACH_CHATWOOT_URL": url,
            "COACH_CHATWOOT_ACCOUNT": str(ACCOUNT),
            "COACH_CHATWOOT_INBOX": str(INBOX),
            "COACH_CHATWOOT_USER_TOKEN": "user-token",
            "COACH_CHATWOOT_BOT_TOKEN": "bot-token",
            "COACH_CHATWOOT_SECRET": SECRET,
            "COACH_CHATWOOT_BOT_SECRET": BOT_SECRET,
        }

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, seconds: float = 5) -> None:
        """Let time go by for who reads and thinks."""
        self.ahead += timedelta(seconds=seconds)

    # --- what we may call ---

    def guarded(self, operation: Operation, work: Any) -> Any:
        async def answer(request: Request) -> Response:
            self.calls.append(f"{request.method} {request.url.path.split('/', 5)[-1]}")
            lost = bool(self.plan) and self.plan[0] == LOST
            if lost:
                self.plan.pop(0)
            elif fault := await self.fault():
                return fault
            given = await self._answer(request, operation, work)
            return Response(status_code=502) if lost else given

        return answer

    async def _answer(
        self, request: Request, operation: Operation, work: Any
    ) -> Response:
        key = KEYS.get(request.headers.get("api_access_token", ""))
        if key not in operation.keys:
            return self.refuse(401, f"{request.url.path} with {key}")
        body: dict[str, Any] = {}
        if request.method == "POST":
            body = await request.json()
            if faults := operation.faults(body):
                return self.refuse(422, "; ".join(faults))
        number = request.path_params.get("key")
        kept = self.contacts if "/contacts/" in request.url.path else self.conversations
        if number is not None and number not in kept:
            return self.refuse(404, None)
        answered: Response = await work(request, body)
        return answered

    def refuse(self, status: int, why: str | None) -> Response:
        if why:
            self.refused.append(why)
        return JSONResponse({"error": ERRORS.get(status, why)}, status)

    async def search(self, request: Request, _body: Any) -> Response:
        words = request.query_params["q"]
        found = [x for x in self.contacts.values() if words in x["identifier"]]
        return JSONResponse({"meta": {"count": len(found)}, "payload": found})

    async def add_contact(self, _request: Request, body: Any) -> Response:
        if any(x["identifier"] == body["identifier"] for x in self.contacts.values()):
            return self.refuse(422, "Identifier has already been taken")
        number = next(self.numbers)
        contact = {"id": number, "name": "", "email": None, **body}
        self.contacts[number] = contact
        inbox = {"source_id": str(number), "inbox": {"id": INBOX}}
        return JSONResponse({"payload": {"contact": contact, "contact_inbox": inbox}})

    async def conversations_of(self, request: Request, _body: Any) -> Response:
        who = request.path_params["key"]
        every = self.conversations.values()
        found = [self.of_conversation(None, x) for x in every if x["contact_id"] == who]
        return JSONResponse({"payload": found})

    async def forget(self, request: Request, _body: Any) -> Response:
        who = request.path_params["key"]
        del self.contacts[who]
        for number, one in list(self.conversations.items()):
            if one["contact_id"] == who:
                del self.conversations[number]
        return Response(status_code=200)

    async def add_conversation(self, _request: Request, body: Any) -> Response:
        number = next(self.numbers)
        # An inbox with an active bot: whatever status was asked for.
        one = {
            "custom_attributes": {},
            **body,
            "id": number,
            "account_id": ACCOUNT,
            "status": "pending",
            "assignee": None,
            "snoozed_until": None,
            "updated_at": self.clock(),
        }
        self.conversations[number] = one
        shown = {key: one[key] for key in ("id", "account_id", "inbox_id")}
        return JSONResponse(shown)

    async def add_message(self, request: Request, body: Any) -> Response:
        bot = request.headers["api_access_token"] == "bot-token"
        kind = body.get("message_type", "outgoing")
        contact = {"id": 1, "name": "a customer", "type": "contact"}
        sender = contact if kind == "incoming" else (ROBOT if bot else KIM)
        key = request.path_params["key"]
        one = self.keep(key, body["content"], kind, body.get("private", False), sender)
        self.taken.append({"text": one["content"], "key": key, "kind": self.kind(one)})
        if kind == "incoming" and self.conversations[key]["status"] == "snoozed":
            await self.become(key, status="open")
        await self.call(self.of_message("message_created", one))
        return JSONResponse(self.shown(one))

    async def list_messages(self, request: Request, _body: Any) -> Response:
        key = request.path_params["key"]
        found = [self.shown(x) for x in self.messages if x["key"] == key][-20:]
        return JSONResponse({"meta": {}, "payload": found})

    async def toggle(self, request: Request, body: Any) -> Response:
        key = request.path_params["key"]
        await self.become(key, status=body["status"])
        payload = {"success": True, "current_status": body["status"]}
        return JSONResponse(
            {"meta": {}, "payload": {**payload, "conversation_id": key}}
        )

    async def describe(self, request: Request, body: Any) -> Response:
        one = self.conversations[request.path_params["key"]]
        one["custom_attributes"] = body["custom_attributes"]
        return JSONResponse({"custom_attributes": body["custom_attributes"]})

    async def show_inbox(self, _request: Request, _body: Any) -> Response:
        shown = {"id": INBOX, "name": "Coach", "channel_type": self.channel}
        return JSONResponse({**shown, "webhook_url": self.callback or None})

    async def show_bot(self, _request: Request, _body: Any) -> Response:
        return JSONResponse({"agent_bot": self.bot} if self.bot else {})

    # --- what agents do there ---

    async def reply(
        self, key: int, text: str, agent: Any = KIM, *, files: int = 0, **how: Any
    ) -> httpx.Response | None:
        one = self.keep(key, text, "outgoing", False, agent)
        one["attachments"] = [{"id": n, "file_type": "image"} for n in range(files)]
        return await self.call(self.of_message("message_created", one), **how)

    async def write_note(self, key: int, text: str) -> None:
        one = self.keep(key, text, "outgoing", True, KIM)
        await self.call(self.of_message("message_created", one))

    async def delete(self, one: dict[str, Any]) -> None:
        one["content"], one["content_attributes"] = "deleted", {"deleted": True}
        await self.call(self.of_message("message_updated", one))

    async def become(self, key: int, *, how: Any = None, **fields: Any) -> Any:
        """Change a conversation, and call back about it, as often as Chatwoot does."""
        one = self.conversations[key]
        events = ["conversation_updated"]
        if fields.get("status", one["status"]) != one["status"]:
            events.insert(0, "conversation_status_changed")
        one.update(fields, updated_at=self.clock())
        return [
            await self.call(self.of_conversation(event, one), **(how or {}))
            for event in events
        ]

    # --- how it calls back ---

    def keep(
        self, key: int, text: str, kind: str, private: bool, sender: Any
    ) -> dict[str, Any]:
        one = {
            "id": next(self.numbers),
            "key": key,
            "content": text,
            "message_type": kind,
            "private": private,
            "sender": sender,
            "created_at": self.clock(),
            "attachments": [],
            "content_attributes": {},
        }
        self.messages.append(one)
        return one

    def of_message(self, event: str, one: dict[str, Any]) -> dict[str, Any]:
        given = {k: one[k] for k in ("id", "content", "message_type", "private")}
        files = {"attachments": one["attachments"]} if one["attachments"] else {}
        return {
            **given,
            **files,
            "event": event,
            "content_type": "text",
            "content_attributes": one["content_attributes"],
            "created_at": one["created_at"].isoformat(),
            "source_id": None,
            "sender": one["sender"],
            "inbox": {"id": INBOX, "name": "Coach"},
            "account": {"id": ACCOUNT, "name": "Shop"},
            "conversation": self.of_conversation(None, self.conversations[one["key"]]),
        }

    def of_conversation(self, event: str | None, one: dict[str, Any]) -> dict[str, Any]:
        until = one["snoozed_until"]
        return {
            **({"event": event, "changed_attributes": []} if event else {}),
            "id": one["id"],
            "account_id": ACCOUNT,
            "inbox_id": INBOX,
            "channel": self.channel,
            "can_reply": True,
            "status": one["status"],
            "messages": [],
            "labels": [],
            "meta": {"sender": {"id": 1}, "assignee": one["assignee"], "team": None},
            "custom_attributes": one["custom_attributes"],
            "snoozed_until": until.isoformat() if until else None,
            "timestamp": int(one["updated_at"].timestamp()),
            "updated_at": one["updated_at"].timestamp(),
        }

    async def call(
        self,
        payload: dict[str, Any],
        *,
        times: int = 1,
        age: timedelta = timedelta(0),
        secret: str = SECRET,
        same: bool = True,
    ) -> httpx.Response | None:
        """Call back; `times` with the same number of delivery, unless not `same`."""
        if self.http is None:
            return None
        answer = None
        number = f"delivery-{next(self.numbers)}"
        for again in range(times):
            body = json.dumps(payload).encode()
            stamp = str(int((datetime.now(UTC) - age).timestamp()))
            headers = {
                "content-type": "application/json",
                "x-chatwoot-signature": sign(body, stamp, secret),
                "x-chatwoot-timestamp": stamp,
                "x-chatwoot-delivery": number if same else f"{number}-{again}",
            }
            answer = await self.http.post(
                "/desks/chatwoot", content=body, headers=headers
            )
        return answer

    # --- for tests ---

    async def until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so; the machine may have much to do."""
        await super().until(done, seconds)

    def shown(self, one: dict[str, Any]) -> dict[str, Any]:
        kinds = {"user": "User", "agent_bot": "AgentBot", "contact": "Contact"}
        return {
            "id": one["id"],
            "content": one["content"],
            "message_type": NUMBERS[one["message_type"]],
            "private": one["private"],
            "sender_type": kinds[one["sender"]["type"]],
            "conversation_id": one["key"],
            "created_at": int(one["created_at"].timestamp()),
        }

    def kind(self, one: dict[str, Any]) -> str:
        return "note" if one["private"] else str(one["message_type"])

    def of_kind(self, kind: str) -> list[str]:
        return [x["text"] for x in self.taken if x["kind"] == kind]

    @property
    def only(self) -> int:
        """Return the number of the one conversation that there is."""
        (number,) = self.conversations
        return number

    @property
    def status(self) -> str:
        return str(self.conversations[self.only]["status"])
