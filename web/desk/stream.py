"""The stream of an open desk: which part of the screen is behind."""

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.desk import signin
from journey.desk.agents import Role
from web.desk.gate import Me, allows
from web.service import Service
from web.waiting import wait_for_news

BEAT = 15
TRY_AGAIN = 2000
"""Milliseconds after which a browser asks again when a stream broke off."""


@allows(Role.AGENT)
async def stream_news(request: Request, me: Me) -> Response:
    """Say which part is behind, as it happens, for as long as the session lasts."""
    shown = request.query_params.get("conversation")
    return EventSourceResponse(_news(Service.of(request), me, shown), ping=BEAT)


async def _news(
    service: Service, me: Me, shown: str | None
) -> AsyncIterator[ServerSentEvent]:
    with service.desk.watch.listening(shown) as bell:
        # Looked at before the page reads anything: what comes later rings.
        await service.desk.watch.look()
        yield ServerSentEvent(event="ready", data="{}", retry=TRY_AGAIN)
        while await _is_in(service, me):
            await wait_for_news(bell.rings, BEAT)
            for part in sorted(bell.take()):
                yield ServerSentEvent(event=part, data="{}")
    yield ServerSentEvent(event="gone", data="{}")


async def _is_in(service: Service, me: Me) -> bool:
    now = service.clock()
    found = await service.store.read(lambda s: signin.signed_in(s, me.secret, now))
    return found is not None


ROUTES = [Route("/events", stream_news)]
