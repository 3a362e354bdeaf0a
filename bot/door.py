"""The only way into Rasa: one turn in, its replies out, exactly once."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.endpoint import TurnFailed
from bot.history import Conflict
from bot.letters import Letter, Refused, read_letter, reply
from bot.tracker_store import WindowedTrackerStore
from bot.turns import PayloadRefused, Silent, Turns, pressed, typed

logger = logging.getLogger(__name__)

KEY_VARIABLE = "COACH_DOOR_KEY"
MAX_BODY = 200_000
ATTEMPTS = 3

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


class Door(InputChannel):  # type: ignore[misc]
    """Rasa input channel `bot.door.Door`, under /webhooks/door."""

    def __init__(self, key: str) -> None:
        """Take the key that every request but the health check must carry."""
        self.key = key.encode()
        self.turns: Turns | None = None
        self.processor: Any = None
        self.running: set[asyncio.Task[Any]] = set()

    @classmethod
    def name(cls) -> str:
        return "door"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Door:
        """Return the door with the key of COACH_DOOR_KEY.

        Raises:
            RasaException: there is none.
        """
        key = (credentials or {}).get("key") or os.environ.get(KEY_VARIABLE)
        if not key:
            raise RasaException(f"Set {KEY_VARIABLE}: the door does not open without")
        return cls(str(key))

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """Return the routes; Rasa's own handler of messages is not used."""
        del on_new_message
        blueprint = Blueprint("door")
        conversation = "/conversations/<conversation_id:str>"
        blueprint.add_route(health, "/health", methods=["GET"])
        blueprint.add_route(guarded(self, self.post), "/turn", methods=["POST"])
        for method, handler in (("GET", self.export), ("DELETE", self.erase)):
            blueprint.add_route(
                guarded(self, handler), conversation, [method], unquote=True
            )
        blueprint.listener("before_server_stop")(self.close)
        return blueprint

    async def post(self, request: Request) -> HTTPResponse:
        """Answer one message; the same message again gets the same answer."""
        if len(request.body) > MAX_BODY:
            raise Refused(413, f"a request may have {MAX_BODY} bytes")
        letter = read_letter(request.body)
        task = asyncio.ensure_future(self.answer(ready(request.app), letter))
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        # A caller that hangs up does not undo the turn: its retry finds the answer.
        return json_response(await asyncio.shield(task), dumps=json.dumps)

    async def answer(self, agent: Agent, letter: Letter) -> dict[str, Any]:
        """Return the replies, out of the saved turn if there is one."""
        store = windowed(agent)
        async with agent.lock_store.lock(letter.conversation_id):
            for attempt in range(1, ATTEMPTS + 1):
                said = await store.replies(letter.conversation_id, letter.message_id)
                if said is not None:
                    return answered(letter, said, replayed=True)
                try:
                    new = await self.run(agent, store, letter)
                    return answered(letter, new, replayed=False)
                except Conflict:
                    if attempt == ATTEMPTS:
                        raise
        raise AssertionError("unreachable")

    async def run(
        self, agent: Agent, store: WindowedTrackerStore, letter: Letter
    ) -> list[dict[str, Any]]:
        """Run the dialogue and save the turn whole; return its events."""
        sender = letter.conversation_id
        tracker = await store.retrieve(sender) or store.init_tracker(sender)
        about = {
            "output_channel": Silent(letter.channel),
            "sender_id": sender,
            "input_channel": letter.channel,
            "message_id": letter.message_id,
            "metadata": letter.metadata(),
        }
        message = (
            typed(letter.text, **about)
            if letter.payload is None
            else pressed(letter.payload, agent.domain, **about)
        )
        await self.turns_of(agent).run(message, tracker)
        return await store.save(tracker, letter.message_id)

    def turns_of(self, agent: Agent) -> Turns:
        """Return the processor for the model that the agent has now."""
        if self.turns is None or self.processor is not agent.processor:
            self.turns, self.processor = Turns(agent), agent.processor
        return self.turns

    async def export(self, request: Request, conversation_id: str) -> HTTPResponse:
        """Return every event that is kept of a conversation."""
        pruned, events = await windowed(ready(request.app)).events(conversation_id)
        if not events:
            raise Refused(404, "no such conversation")
        body = {"conversation_id": conversation_id, "pruned": pruned, "events": events}
        return json_response(body, dumps=json.dumps)

    async def erase(self, request: Request, conversation_id: str) -> HTTPResponse:
        """Delete every trace of a conversation; one that is not there is erased."""
        agent = ready(request.app)
        async with agent.lock_store.lock(conversation_id):
            deleted = await windowed(agent).delete(conversation_id)
        return json_response({"conversation_id": conversation_id, "events": deleted})

    async def close(self, *_: Any) -> None:
        if self.turns:
            await self.turns.close()


async def health(request: Request) -> HTTPResponse:
    """Say which model answers."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return json_response({"status": "no model"}, status=503)
    metadata = agent.processor.model_metadata
    return json_response(
        {
            "status": "ready",
            "model": agent.processor.model_filename,
            "model_id": metadata.model_id,
            "trained_at": metadata.trained_at.isoformat(),
        }
    )


def guarded(door: Door, handler: Handler) -> Handler:
    """Return the handler behind the key; each failure is a status and a reason."""

    @wraps(handler)
    async def handle(request: Request, **path: str) -> HTTPResponse:
        given = request.headers.get("x-door-key", "").encode()
        if not hmac.compare_digest(given, door.key):
            return failed(401, "wrong X-Door-Key")
        try:
            return await handler(request, **path)
        except Refused as refused:
            return failed(refused.status, refused.reason)
        except PayloadRefused as refused:
            return failed(400, f"payload: {refused}")
        except Conflict:
            return failed(503, "another process writes to the conversation; try again")
        except TurnFailed as error:
            logger.error("Turn not saved: %s", error)
            return failed(502, str(error))
        except Exception as error:
            logger.exception("Turn not saved")
            return failed(500, type(error).__name__)

    return handle


def failed(status: int, reason: str) -> HTTPResponse:
    return json_response({"error": reason}, status=status)


def ready(app: Sanic) -> Agent:
    agent = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Refused(503, "no model is loaded")
    return agent


def windowed(agent: Agent) -> WindowedTrackerStore:
    """Return our store out of Rasa's wrapper, which hides failures and loses turns."""
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store
    if not isinstance(store, WindowedTrackerStore):
        raise Refused(503, "endpoints.yml does not name bot.tracker_store")
    return store


def answered(
    letter: Letter, events: list[dict[str, Any]], *, replayed: bool
) -> dict[str, Any]:
    return {
        "message_id": letter.message_id,
        "replayed": replayed,
        "replies": [reply(event) for event in events if event["event"] == "bot"],
    }
