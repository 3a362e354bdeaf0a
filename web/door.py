"""The client of the engine's one door."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from journey.messages.inbox import Work

TURN = "/webhooks/door/turn"
CONVERSATION = "/webhooks/door/conversations/{id}"
PATIENCE = httpx.Timeout(60, connect=2)
HEALTH = "/webhooks/door/health"
ABSENT = frozenset({401, 403, 404, 503})
LATER = frozenset({408, 409, 425, 429})


class Pressable(BaseModel):
    """A button as the bot means it."""

    title: str
    payload: str


class Said(BaseModel):
    """One message of the bot, as the door gives it."""

    model_config = ConfigDict(extra="ignore")

    text: str | None = None
    buttons: list[Pressable] | None = None
    custom: dict[str, Any] | None = None


class DoorClosed(Exception):
    """The engine is not there; the message cannot be at fault."""


class DoorFailed(Exception):
    """The engine took the message and gave no answer that can be used."""


class DoorRefused(Exception):
    """The engine will never take this message."""


SAID = TypeAdapter(list[Said])


class Door:
    """Talks to the engine; every call may be made again with the same effect."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"x-door-key": key},
            timeout=PATIENCE,
            limits=httpx.Limits(max_connections=64),
            trust_env=False,
        )

    async def turn(self, work: Work) -> Sequence[Said]:
        """Hand one message over and return what the bot says to it.

        Raises:
            DoorClosed: nobody listens, or our key is not theirs.
            DoorFailed: it broke off, took too long, or answered 5xx or nonsense.
            DoorRefused: it answered another 4xx.
        """
        response = await self._call("POST", TURN, _as_json(work))
        try:
            return SAID.validate_python(response.json()["replies"])
        except (ValueError, KeyError, TypeError, ValidationError) as error:
            raise DoorFailed(f"answered nonsense: {error}") from error

    async def forget(self, conversation_id: str) -> None:
        """Let the engine forget a conversation; one it never knew is forgotten too.

        Raises:
            DoorClosed, DoorFailed, DoorRefused: as `turn`.
        """
        await self._call("DELETE", CONVERSATION.format(id=conversation_id))

    async def is_open(self) -> bool:
        """Tell whether the engine has a model and answers."""
        try:
            response = await self._client.get(HEALTH, timeout=2)
        except httpx.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        try:
            response = await self._client.request(method, path, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DoorClosed(repr(error)) from error
        except httpx.HTTPError as error:
            raise DoorFailed(repr(error)) from error
        _check(response)
        return response


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status in ABSENT:
        raise DoorClosed(f"the door answered {status}")
    if status >= 500 or status in LATER:
        raise DoorFailed(f"the door answered {status}")
    if status >= 400:
        raise DoorRefused(f"the door answered {status}: {response.text[:200]}")


def _as_json(work: Work) -> dict[str, Any]:
    said = {"text": work.text} if work.payload is None else {"payload": work.payload}
    return {
        "message_id": work.message_id,
        "conversation_id": work.conversation_id,
        "customer_id": work.customer_id,
        "channel": work.channel,
        "owner_version": work.owner_version,
        "at": work.accepted_at.isoformat(),
        **said,
    }
