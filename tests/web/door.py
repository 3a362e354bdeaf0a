"""A stand-in for the engine's door: a real HTTP server that can fail in every way."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "test-key"
Replies = list[dict[str, Any]]
Answer = Callable[[dict[str, Any]], Replies | Awaitable[Replies]]


def echo(letter: dict[str, Any]) -> Replies:
    """Answer with what was said."""
    return [{"text": f"re: {letter.get('text') or letter['payload']}"}]


class FakeDoor:
    """Answers each message id once, in memory; `plan` says what goes wrong first."""

    def __init__(self, answer: Answer = echo) -> None:
        self.answer = answer
        self.plan: list[int | float] = []
        self.heard: dict[str, list[str]] = defaultdict(list)
        self.letters: list[dict[str, Any]] = []
        self.forgotten: list[str] = []
        self.delay = 0.0
        self.held: asyncio.Event | None = None
        self._enough = 0
        self._said: dict[str, asyncio.Future[Replies]] = {}
        self.app = Starlette(
            routes=[
                Route("/webhooks/door/health", self.health),
                Route("/webhooks/door/turn", self.turn, methods=["POST"]),
                Route(
                    "/webhooks/door/conversations/{id}", self.forget, methods=["DELETE"]
                ),
            ]
        )

    def hold(self, *, until: int = 0) -> asyncio.Event:
        """Answer nobody before the event is set; it is when `until` are waiting."""
        self.held, self._enough = asyncio.Event(), until
        return self.held

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ready"})

    async def turn(self, request: Request) -> Response:
        """Do the next of the plan: an int is a status, a float a wait in seconds."""
        assert request.headers["x-door-key"] == KEY
        letter = await request.json()
        self.letters.append(letter)
        step = self.plan.pop(0) if self.plan else self.delay
        if isinstance(step, int):
            return JSONResponse({"error": "planned"}, step)
        await asyncio.sleep(step)
        if self.held:
            if len(self.letters) == self._enough:
                self.held.set()
            await self.held.wait()
        return JSONResponse({"replies": await self._once(letter)})

    async def _once(self, letter: dict[str, Any]) -> Replies:
        known = self._said.get(letter["message_id"])
        if known is None:
            said = letter.get("text") or letter["payload"]
            self.heard[letter["conversation_id"]].append(said)
            known = asyncio.ensure_future(self._think(letter))
            self._said[letter["message_id"]] = known
        return await asyncio.shield(known)

    async def _think(self, letter: dict[str, Any]) -> Replies:
        replies = self.answer(letter)
        return replies if isinstance(replies, list) else await replies

    async def forget(self, request: Request) -> Response:
        self.forgotten.append(request.path_params["id"])
        return JSONResponse({"events": 0})
