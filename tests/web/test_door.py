"""The engine's door: what its failures mean for a message."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.messages.inbox import Work
from tests.web.conftest import serving
from web.door import TURN, Door, DoorClosed, DoorFailed, DoorRefused

WORK = Work(
    message_id="m1",
    conversation_id="c1",
    customer_id="u1",
    channel="web",
    text="hello",
    payload=None,
    owner="bot",
    owner_version=3,
    attempts=0,
    accepted_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
)


@asynccontextmanager
async def door(status: int, body: str, heard: list[bytes]) -> AsyncIterator[Door]:
    async def turn(request: Request) -> Response:
        heard.append(await request.body())
        return Response(body, status)

    app = Starlette(routes=[Route(TURN, turn, methods=["POST"])])
    async with serving(app) as url:
        client = Door(url, "key")
        yield client
        await client.close()


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, DoorRefused),
        (401, DoorClosed),
        (403, DoorClosed),
        (404, DoorClosed),
        (413, DoorRefused),
        (429, DoorFailed),
        (500, DoorFailed),
        (502, DoorFailed),
        (503, DoorClosed),
    ],
)
async def test_turn_tells_failures_apart(status: int, failure: type[Exception]) -> None:
    async with door(status, "{}", []) as client:
        with pytest.raises(failure):
            await client.turn(WORK)


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"replies": [5]}', "null"])
async def test_turn_fails_on_nonsense(body: str) -> None:
    async with door(200, body, []) as client:
        with pytest.raises(DoorFailed):
            await client.turn(WORK)


async def test_turn_finds_nobody() -> None:
    client = Door("http://127.0.0.1:1", "key")
    with pytest.raises(DoorClosed):
        await client.turn(WORK)
    assert not await client.is_open()
    await client.close()


async def test_turn_sends_what_engine_needs() -> None:
    heard: list[bytes] = []
    async with door(200, '{"replies": [{"text": "hi"}]}', heard) as client:
        (said,) = await client.turn(WORK)
    assert said.text == "hi"
    assert json.loads(heard[0]) == {
        "message_id": "m1",
        "conversation_id": "c1",
        "customer_id": "u1",
        "channel": "web",
        "owner_version": 3,
        "at": "2026-11-23T09:00:00+00:00",
        "text": "hello",
    }
