"""Where providers call: believed, stored, and only then answered."""

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from web.channels.faults import Forged, Unreadable
from web.channels.incoming import Raw, checked
from web.edge import Refusal
from web.service import Service

logger = logging.getLogger(__name__)


async def receive(request: Request) -> Response:
    """Take what a provider tells us."""
    service = Service.of(request)
    channel = service.channels.get(request.path_params["channel"])
    if channel is None:
        raise Refusal(404, "not_found")
    raw, now = await Raw.of(request), service.clock()
    greeting = channel.greet(raw)
    if greeting is not None:
        return greeting
    if raw.method != "POST":
        raise Refusal(405, "bad_request", reason="send POST")
    try:
        channel.check(raw, now)
        incoming = [checked(one) for one in channel.read(raw, now)]
        answer = channel.acknowledge(raw)
    except Forged as error:
        logger.warning("%s refused: %s", channel.name, error)
        return JSONResponse({"error": "forged"}, error.status)
    except Unreadable as error:
        logger.error("%s sent what cannot be read: %s", channel.name, error)
        raise Refusal(400, "bad_request", reason=str(error)) from error

    await service.arrivals.keep(channel.name, incoming)
    return answer


ROUTES = [Route("/channels/{channel}", receive, methods=["GET", "POST"])]
