"""The page and its forms."""

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from journey.coach.mandates import page
from journey.knowledge import Knowledge
from journey.people.consent import Purpose
from journey.shop.embedded import EmbeddedShop
from journey.shop.remote import RemoteShop
from journey.store.base import new_id
from journey.store.tables import Conversation, Customer, Execution, Mandate
from journey.turn import Heard, Turn
from web.service import Service
from web.yours import gate
from web.yours.forms import Wanted, Wishes

T = TypeVar("T")
SAID = "on the page"
"""What stands in the log and the ledger where a customer's words would."""
RHYTHMS = (0, 7, 14, 28, 42, 56, 90, 180)
"""In days; 0 is when it is due."""


async def show(request: Request) -> Response:
    """Show the page."""
    me = gate.recognise(request)
    if me is None:
        return gate.close(request, 401)
    service = Service.of(request)
    knowledge = await service.desk.knowledge()

    def look(session: Session) -> page.Page | None:
        turn = _turn(session, service, knowledge, me)
        return page.show(turn) if turn else None

    shown = await service.store.read(look)
    if shown is None:
        return gate.close(request, 404)
    context: dict[str, Any] = {
        "shop": service.settings.shop,
        "page": shown,
        "csrf": me.csrf,
        "rhythms": RHYTHMS,
        "currency": knowledge.catalogue.currency,
    }
    return gate.templates.TemplateResponse(
        request, "yours.html", context, 200, gate.PRIVATE
    )


def _turn(
    session: Session, service: Service, knowledge: Knowledge, me: gate.Me
) -> Turn | None:
    """Return a turn that no message began; None for who never talked to us."""
    customer = session.get(Customer, me.customer_id)
    query = select(Conversation).where(Conversation.customer_id == me.customer_id)
    query = query.order_by(Conversation.active_at.desc()).limit(1)
    conversation = session.scalars(query).first()
    if customer is None or conversation is None:
        return None
    heard = Heard(
        message_id=f"page:{new_id()}",
        conversation_id=conversation.id,
        customer_id=customer.id,
        channel=conversation.channel,
        text=SAID,
        intent="page",
        confidence=1.0,
        at=service.clock(),
        owner_version=conversation.owner_version,
        language=conversation.language,
    )
    shop = RemoteShop(service.platform) if service.platform else EmbeddedShop()
    return Turn(session, heard, knowledge, Random(), shop)


async def _change(request: Request, me: gate.Me, work: Callable[[Turn], T]) -> T | None:
    """Do one thing in one transaction; return what came of it."""
    service = Service.of(request)
    knowledge = await service.desk.knowledge()

    def write(session: Session) -> T | None:
        turn = _turn(session, service, knowledge, me)
        return work(turn) if turn else None

    return await service.store.write(write, first=True)


@gate.changes
async def give(request: Request, me: gate.Me, form: FormData) -> Response:
    """Give a mandate, or change the terms of one."""
    wanted = Wanted.model_validate(dict(form))
    terms = page.read_terms(
        wanted.cap, wanted.days or None, wanted.notice, wanted.quantity, wanted.alike
    )
    given = await _change(request, me, lambda t: page.give(t, wanted.product, terms))
    if given is False:
        return gate.close(request, 400, "say_how_often")
    return RedirectResponse(gate.HOME, 303, gate.PRIVATE)


@gate.changes
async def set_state(request: Request, me: gate.Me, form: FormData) -> Response:
    """Pause a mandate, go on with it, or end it."""
    named, wish = request.path_params["id"], str(form.get("wish", ""))

    def change(turn: Turn) -> None:
        mandate = turn.session.get(Mandate, named, with_for_update=True)
        if mandate is not None and mandate.customer_id == me.customer_id:
            page.set_state(turn, mandate, wish)

    await _change(request, me, change)
    return RedirectResponse(gate.HOME, 303, gate.PRIVATE)


@gate.changes
async def take_back(request: Request, me: gate.Me, form: FormData) -> Response:
    """Skip an order that is to come, or cancel one that has not left."""
    del form
    named = request.path_params["id"]

    def undo(turn: Turn) -> bool:
        execution = turn.session.get(Execution, named, with_for_update=True)
        if execution is None or execution.customer_id != me.customer_id:
            return False
        return page.take_back(turn, execution)

    if not await _change(request, me, undo):
        return gate.close(request, 409, "not_taken_back")
    return RedirectResponse(gate.HOME, 303, gate.PRIVATE)


@gate.changes
async def agree(request: Request, me: gate.Me, form: FormData) -> Response:
    """Take over what may be written about, and when."""
    wanted = Wishes.model_validate(dict(form))
    ticked = {x for x in page.ASKED if form.get(x)}

    def keep(turn: Turn) -> None:
        page.agree(turn, {Purpose(x) for x in ticked})
        page.wish(turn, wanted.per_week, wanted.quiet_from, wanted.quiet_until)

    await _change(request, me, keep)
    return RedirectResponse(gate.HOME, 303, gate.PRIVATE)


ROUTES = [
    Route(gate.HOME, show),
    *gate.ROUTES,
    Route(f"{gate.HOME}/mandates", give, methods=["POST"]),
    Route(f"{gate.HOME}/mandates/{{id}}", set_state, methods=["POST"]),
    Route(f"{gate.HOME}/orders/{{id}}", take_back, methods=["POST"]),
    Route(f"{gate.HOME}/messages", agree, methods=["POST"]),
]
