"""Where the shop's own system calls: believed, taken once, and only then answered."""

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.shop import notices
from journey.shop.platform import Forged
from web.edge import Refusal
from web.service import Service

logger = logging.getLogger(__name__)


async def receive(request: Request) -> Response:
    """Take what the shop's system tells of an order or a product."""
    service = Service.of(request)
    platform = service.platform
    if platform is None or platform.name != request.path_params["platform"]:
        raise Refusal(404, "not_found")
    body = await request.body()
    try:
        notice = platform.read_notice(request.headers, body)
    except Forged as error:
        logger.warning("a notice of %s is refused: %s", platform.name, error)
        return JSONResponse({"error": "forged"}, 401)
    except ValueError as error:
        # Without what it says: that is a customer's order.
        kind = type(error).__name__
        logger.error("%s sent what cannot be read (%s)", platform.name, kind)
        raise Refusal(400, "bad_request", reason="it cannot be read") from None
    if notice is None:
        return JSONResponse({"taken": False})
    now, name = service.clock(), platform.name
    workdays = (await service.desk.knowledge()).policies.delivery.workdays
    taken = await service.store.write(
        lambda s: notices.take(s, name, notice, workdays, now)
    )
    return JSONResponse({"taken": taken})


ROUTES = [Route("/shop/{platform}", receive, methods=["POST"])]
