"""The sample shop's page, the one-line embed, and the health of the process."""

from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from journey.messages import inbox
from journey.messages.inbox import State
from journey.store.tables import Inbox, Product
from journey.store.tables import Message as Said
from web.service import Service

HERE = Path(__file__).parent
WIDGET = HERE / "static" / "dist" / "widget.js"
templates = Jinja2Templates(HERE / "templates")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # Pictures of an imported catalogue stand where the shop has them.
        "img-src 'self' data: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SHELF, MOST_TILES = 24, 600
"""So many products of a category are on the page, and so many of all."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class Headers:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)


async def show_shop(request: Request) -> Response:
    """Show what the shop sells, with the chat at hand."""
    service = Service.of(request)
    shelves = await service.store.read(_shelves)
    context = {"shop": service.settings.shop, "shelves": shelves}
    return templates.TemplateResponse(request, "shop.html", context)


def _shelves(session: Session) -> list[dict[str, Any]]:
    """Return the products by category, each category a shelf."""
    place = func.row_number().over(
        partition_by=Product.category, order_by=(Product.price, Product.id)
    )
    ranked = select(Product.id, place.label("place")).where(Product.active).subquery()
    query = select(Product).join(ranked, ranked.c.id == Product.id)
    query = query.where(ranked.c.place <= SHELF).order_by(Product.category)
    products = session.scalars(query.order_by(Product.price).limit(MOST_TILES)).all()
    return [
        {
            "id": category,
            "name": category.replace("-", " "),
            "products": [_tile(product) for product in shelf],
        }
        for category, shelf in groupby(products, key=lambda p: p.category)
    ]


def _tile(product: Product) -> dict[str, Any]:
    return {
        "name": product.name,
        "brand": product.brand,
        "price": f"{product.price:.2f}",
        "unit": product.unit,
        "stock": product.stock,
        "image": _picture(product.image),
        "about": product.about,
    }


def _picture(image: str | None) -> str | None:
    """Return where a picture is: ours, or where an imported catalogue has it."""
    if image is None or image.startswith("https://"):
        return image
    return f"/static/products/{image}"


async def give_widget(_request: Request) -> Response:
    """Return the chat as one script, for any page."""
    return FileResponse(
        WIDGET,
        media_type="text/javascript",
        headers={
            "cache-control": "no-cache",
            "cross-origin-resource-policy": "cross-origin",
        },
    )


async def tell_health(request: Request) -> Response:
    """Tell whether messages are taken, answered, and how long the oldest waits."""
    service = Service.of(request)
    now = service.clock()
    try:
        oldest, failed = await service.store.read(_backlog)
    except SQLAlchemyError as error:
        down = {"status": "down", "database": type(error).__name__}
        return JSONResponse(down, 503)
    engine = await service.door.is_open()
    body: dict[str, Any] = {
        "status": "ok" if engine else "degraded",
        "engine": "ok" if engine else "down",
        "waiting_seconds": round((now - oldest).total_seconds(), 1) if oldest else 0,
        "failed_messages": failed,
    }
    return JSONResponse(body)


def _backlog(session: Session) -> tuple[Any, int]:
    query = (
        select(func.min(Said.created_at))
        .join(Inbox, Inbox.message_id == Said.id)
        .where(Inbox.state == State.NEW)
    )
    return session.scalar(query), inbox.count(session, State.FAILED)


ROUTES = [
    Route("/", show_shop),
    Route("/embed.js", give_widget),
    Route("/health", tell_health),
]
