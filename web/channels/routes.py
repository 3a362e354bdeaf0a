"""Where providers call: believed, stored, and only then answered."""

import logging
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from web.channels.base import Channel
from web.channels.faults import UNREADABLE, Forged, reason_of
from web.channels.incoming import Incoming, Raw, checked
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
    except Forged as error:
        logger.warning("%s refused: %s", channel.name, error)
        return JSONResponse({"error": "forged"}, error.status)
    told, reasons = _read(channel, raw, now)
    if reasons:
        logger.error("%s sent what cannot be read: %s", channel.name, reasons)
    if reasons and not told:
        raise Refusal(400, "bad_request", reason=reasons[0])
    await service.arrivals.keep(channel.name, told)
    return JSONResponse({"refused": reasons}) if reasons else channel.acknowledge(raw)


def _read(
    channel: Channel, raw: Raw, now: datetime
) -> tuple[list[Incoming], list[str]]:
    """Return what a request says, and why the rest of it could not be read."""
    told: list[Incoming] = []
    try:
        parts = list(channel.parts(raw))
    except UNREADABLE as error:
        return [], [reason_of(error)]
    reasons = []
    for part in parts:
        try:
            told += [checked(one) for one in channel.read(part, now)]
        except UNREADABLE as error:
            reasons.append(reason_of(error))
    return told, reasons


ROUTES = [Route("/channels/{channel}", receive, methods=["GET", "POST"])]
