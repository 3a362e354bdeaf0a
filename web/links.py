"""Going on elsewhere: a code, a link and a picture of it for another channel."""

import io
from typing import Annotated

import segno
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.messages import conversations
from journey.people import linking
from web.edge import Refusal, read_body
from web.service import Service
from web.session import CHANNEL


class Elsewhere(BaseModel):
    """The channel on which a customer wants to go on."""

    model_config = ConfigDict(extra="forbid")

    channel: Annotated[str, Field(max_length=50)]


async def make_link(request: Request) -> Response:
    """Return a code that makes its bearer on another channel the same customer."""
    service = Service.of(request)
    visitor = service.signer.visitor(request)
    service.rate.count(visitor.conversation_id)
    wanted = await read_body(request, Elsewhere)
    channel = service.channels.get(wanted.channel)
    if channel is None:
        raise Refusal(404, "not_found")
    now = service.clock()

    def issue(session: Session) -> str:
        conversations.opened(
            session,
            visitor.conversation_id,
            customer_id=visitor.customer_id,
            channel=CHANNEL,
            now=now,
        )
        return linking.issue(session, visitor.customer_id, now=now)

    code = await service.store.write(issue)
    url = channel.invite(code)
    body = {"code": code, "url": url, "qr": picture(url) if url else None}
    return JSONResponse(body, headers={"cache-control": "no-store"})


def picture(url: str) -> str:
    """Return the QR code of an address as SVG."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", xmldecl=False, omitsize=True)
    return out.getvalue().decode()


ROUTES = [Route("/chat/links", make_link, methods=["POST"])]
