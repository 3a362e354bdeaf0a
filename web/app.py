"""The web process: `uvicorn web.app:create_app --factory`."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import httpx
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from journey.shop.settings import open_platform
from journey.theirs.following import Follower
from web import chat, events, links, page, shop
from web.channels import routes as channels
from web.channels.arrivals import Arrivals
from web.channels.courier import Courier
from web.channels.registry import connect
from web.desk.routes import desk_routes
from web.desk.service import DeskService, open_desk
from web.desks import routes as desks
from web.desks.carrier import Carrier
from web.desks.service import Theirs, connect_desk
from web.door import Door
from web.edge import BodyLimit, RateLimit, Refusal, refused
from web.erasing import Eraser
from web.hub import Hub
from web.page import Headers
from web.sender import Sender
from web.service import Service
from web.session import NoSession, Signer
from web.settings import Settings, read_settings
from web.store import Store
from web.texts import load_texts
from web.vouching import IdTokens
from web.worker import Worker
from web.yours import routes as yours

logger = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
PATIENCE = httpx.Timeout(15, connect=5)
Clock = Callable[[], datetime]


def create_app(
    settings: Settings | None = None, clock: Clock | None = None
) -> Starlette:
    """Return the application; by default as the environment says, on the real clock."""
    # At its usual level httpx logs addresses, and Telegram's hold the bot's token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = settings or read_settings(os.environ)
    texts = load_texts(settings.language)
    app = Starlette(
        routes=[
            *chat.ROUTES,
            *events.ROUTES,
            *channels.ROUTES,
            *desks.ROUTES,
            *links.ROUTES,
            *shop.ROUTES,
            *page.ROUTES,
            *yours.ROUTES,
            desk_routes(settings.secret),
            Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=settings.sites,
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type", "last-event-id"],
                expose_headers=["retry-after"],
            ),
            Middleware(Headers),
            Middleware(BodyLimit, texts=texts),
        ],
        exception_handlers={
            Refusal: _answer_refusal,
            NoSession: _answer_no_session,
            HTTPException: _answer_http,
            OperationalError: _answer_busy,
            PoolTimeout: _answer_busy,
            ClientDisconnect: _answer_nobody,
        },
        lifespan=partial(_lifespan, settings=settings, clock=clock or _now),
    )
    app.state.texts = texts
    return app


def _now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def _lifespan(
    app: Starlette, *, settings: Settings, clock: Clock
) -> AsyncIterator[None]:
    store = Store(settings.database_url)
    door = Door(settings.door_url, settings.door_key)
    hub, texts = Hub(store, clock), app.state.texts
    http = httpx.AsyncClient(timeout=PATIENCE, trust_env=False)
    connected = connect(settings.environ, http, texts.words, settings.channels)
    courier = Courier(store, connected, clock=clock, random=Random())
    sender = Sender(store, hub, courier, texts, clock)
    desk = open_desk(store, clock)
    worker = Worker(
        store, door, sender, hub, texts, desk.help, clock=clock, random=Random()
    )
    rate = RateLimit(clock)
    arrivals = Arrivals(store, worker, courier, hub, texts, rate, clock=clock)
    eraser = Eraser(store, door, hub, clock)
    theirs = _theirs(settings, store, http, desk, sender, clock)
    app.state.service = Service(
        settings=settings,
        store=store,
        hub=hub,
        door=door,
        sender=sender,
        worker=worker,
        courier=courier,
        arrivals=arrivals,
        channels=connected,
        eraser=eraser,
        signer=Signer(settings.secret, settings.site_secret),
        id_tokens=(
            IdTokens(settings.site_oidc, http, clock) if settings.site_oidc else None
        ),
        rate=rate,
        texts=texts,
        clock=clock,
        desk=desk,
        theirs=theirs,
        platform=open_platform(settings.environ),
    )
    loops = [
        worker.run(),
        worker.keep_leases(),
        sender.run(),
        courier.run(),
        arrivals.run(),
        hub.run(),
        eraser.run(),
        desk.watch.run(),
        *([theirs.carrier.run()] if theirs else ()),
    ]
    tasks = [asyncio.create_task(loop) for loop in loops]
    for task in tasks:
        task.add_done_callback(_die_with)
    # Else the first agent who opens a conversation waits for it.
    tasks.append(asyncio.create_task(desk.read_ahead()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await worker.stop()
        await courier.stop()
        if theirs:
            await theirs.carrier.stop()
        await http.aclose()
        await door.close()
        store.close()


def _theirs(
    settings: Settings,
    store: Store,
    http: httpx.AsyncClient,
    desk: DeskService,
    sender: Sender,
    clock: Clock,
) -> Theirs | None:
    """Return the company's own desk, when one is connected."""
    chatwoot = connect_desk(settings.environ, http, settings.channels)
    if chatwoot is None:
        return None

    async def follower() -> Follower:
        return Follower(chatwoot.name, await desk.knowledge())

    carrier = Carrier(store, chatwoot, follower, sender, clock=clock, random=Random())
    return Theirs(chatwoot, carrier)


def _die_with(task: "asyncio.Task[None]") -> None:
    """End the process when one of its loops ended: the supervisor starts it again.

    A web process that takes messages and no longer answers them would be worse.
    """
    if not task.cancelled():
        logger.critical("a loop ended", exc_info=task.exception())
        os.kill(os.getpid(), signal.SIGTERM)


async def _answer_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(request.app.state.texts, error)


async def _answer_no_session(request: Request, _error: Exception) -> Response:
    return refused(request.app.state.texts, Refusal(401, "no_session"))


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return refused(request.app.state.texts, Refusal(404, "not_found"))
    reason = Refusal(error.status_code, "bad_request", reason=error.detail)
    return refused(request.app.state.texts, reason)


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    # A browser that left in the midst of what it sent: no fault of ours.
    return Response(status_code=400)


async def _answer_busy(request: Request, error: Exception) -> Response:
    # Without the statement: its parameters are what a customer wrote.
    logger.error("the database does not keep up: %s", getattr(error, "orig", error))
    busy = Refusal(503, "busy")
    busy.headers["retry-after"] = "5"
    return refused(request.app.state.texts, busy)
