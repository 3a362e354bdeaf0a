"""The stream: what comes after a position, as it comes, to every tab."""

import json
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.messages import conversations
from journey.messages.conversations import Pulse
from web.edge import read_number
from web.hub import Listener
from web.service import Service

PING = 15
TRY_AGAIN = 3000
"""Milliseconds after which a browser asks again when a stream broke off."""


async def stream_events(request: Request) -> Response:
    """Stream what comes after a position, as it comes."""
    service = Service.of(request)
    visitor = service.signer.visitor(request)
    last = request.headers.get("last-event-id") or request.query_params.get("after")
    events = _events(service, visitor.conversation_id, read_number(last) or 0)
    return EventSourceResponse(events, ping=PING, ping_message_factory=_beat)


async def _events(
    service: Service, conversation_id: str, position: int
) -> AsyncIterator[ServerSentEvent]:
    with service.hub.listening(conversation_id) as listener:
        await service.hub.look([conversation_id])
        yield ServerSentEvent(event="ready", data="{}", retry=TRY_AGAIN)
        async for event in _news(service, conversation_id, listener, position):
            yield event
    yield ServerSentEvent(event="gone", data="{}")


async def _news(
    service: Service, conversation_id: str, listener: Listener, position: int
) -> AsyncIterator[ServerSentEvent]:
    """Yield messages by position, who comes in, and who begins or ends to write."""
    told, looked_at = Pulse(), -1
    while listener.pulse.position or not position:
        listener.bell.clear()
        pulse = listener.pulse
        for row in await _unseen(service, conversation_id, position, pulse):
            position = row["position"]
            yield _event("message", row, str(position))
        if (told.working, told.typist) != (pulse.working, pulse.typist):
            on = pulse.working or pulse.typist is not None
            yield _event("typing", {"on": on, "who": pulse.typist})
        if told.person != pulse.person:
            yield _event("person", {"on": pulse.person})
        told = pulse
        if position >= pulse.position or pulse.position == looked_at:
            await listener.bell.wait()
        looked_at = pulse.position


async def _unseen(
    service: Service, conversation_id: str, position: int, pulse: Pulse
) -> list[dict[str, Any]]:
    if position >= pulse.position:
        return []
    rows = await service.store.read(
        lambda session: conversations.after(session, conversation_id, position)
    )
    return [conversations.shown(row) for row in rows]


def _event(kind: str, data: Any, position: str | None = None) -> ServerSentEvent:
    text = json.dumps(data, separators=(",", ":"))
    return ServerSentEvent(event=kind, data=text, id=position)


def _beat() -> ServerSentEvent:
    # A comment would keep the connection open too, but a page cannot hear one.
    return ServerSentEvent(event="beat", data="{}")


ROUTES = [Route("/chat/events", stream_events)]
