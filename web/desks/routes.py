"""Where the company's desk calls: believed, taken over, and only then answered."""

import logging
from functools import partial

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.store.tables import DeskCall
from journey.theirs.answers import Answers, Wrote
from journey.theirs.changing import Change, Changed
from journey.theirs.following import Follower
from journey.theirs.rewriting import Rewriting
from web.channels.faults import Forged, Unreadable
from web.channels.incoming import Raw
from web.channels.posting import send_ready
from web.desks.calls import Call, place_of, read_call
from web.desks.chatwoot import DELIVERY, NAME, SIGNATURE
from web.edge import Refusal
from web.service import Service

logger = logging.getLogger(__name__)


async def hear(request: Request) -> Response:
    """Take what Chatwoot tells us."""
    service = Service.of(request)
    if service.theirs is None:
        raise Refusal(404, "not_found")
    raw, now = await Raw.of(request), service.clock()
    try:
        service.theirs.desk.check(raw, now)
        body = raw.json()
        call = read_call(body, now) if _is_ours(service, body) else None
    except Forged as error:
        logger.warning("%s refused: %s", NAME, error)
        return JSONResponse({"error": "forged"}, error.status)
    except Unreadable as error:
        logger.error("%s sent what cannot be read: %s", NAME, error)
        raise Refusal(400, "bad_request", reason=str(error)) from error
    if call is not None:
        await _take(service, _delivery(raw), call)
    return Response(status_code=200)


def _is_ours(service: Service, body: object) -> bool:
    assert service.theirs
    assert isinstance(body, dict)
    return service.theirs.desk.is_ours(*place_of(body))


def _delivery(raw: Raw) -> str:
    """Return the number of a call, the same when it is repeated."""
    number = raw.headers.get(DELIVERY) or raw.headers.get(SIGNATURE, "")
    return f"{NAME}:{number}"[:200]


async def _take(service: Service, delivery: str, call: Call) -> None:
    follower = Follower(NAME, await service.desk.knowledge())
    work = partial(
        taken, service=service, follower=follower, delivery=delivery, call=call
    )
    try:
        touched = await service.store.write(work, first=True)
    except IntegrityError:
        # The same call twice at once, or two first answers.
        touched = await service.store.write(work, first=True)
    if touched:
        assert service.theirs
        service.courier.nudge()
        service.worker.nudge()
        service.theirs.carrier.nudge()
        await service.hub.look([touched])


def taken(
    session: Session,
    *,
    service: Service,
    follower: Follower,
    delivery: str,
    call: Call,
) -> str | None:
    """Take a call over once, in one transaction; return the conversation."""
    now = service.clock()
    if session.get(DeskCall, delivery):
        return None
    session.add(DeskCall(id=delivery, at=now))
    session.flush()

    def send(conversation_id: str) -> None:
        send_ready(session, conversation_id, service.texts, now=now)

    heard = (session, follower, send, now)
    if isinstance(call, Changed):
        return Change(*heard).take(call)
    if isinstance(call, Wrote):
        return Answers(*heard).wrote(call)
    return Rewriting(*heard).rewrote(call)


ROUTES = [Route(f"/desks/{NAME}", hear, methods=["POST"])]
