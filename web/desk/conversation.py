"""One conversation on the screen: what was said, who has it, and the packet."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.desk import canned, speaking
from journey.desk.agents import Role
from journey.desk.lists import Line
from journey.store.base import new_id
from web.desk.board import board_of, note
from web.desk.gate import Me, allows
from web.desk.pages import PRIVATE, show, templates
from web.desk.shown import hint_for, owner_of, people_in, read_conversation
from web.edge import read_number
from web.service import Service


async def context_of(
    request: Request, me: Me, *, after: int | None = None, before: int | None = None
) -> dict[str, Any]:
    """Return what the templates of a conversation need; the look goes on record.

    Raises:
        HTTPException: 404, there is no such conversation.
    """
    service = Service.of(request)
    conversation_id, now = request.path_params["id"], service.clock()
    knowledge = await service.desk.knowledge()
    shown = await service.store.read(
        lambda session: read_conversation(
            session, conversation_id, knowledge, now, after=after, before=before
        )
    )
    if shown is None:
        raise HTTPException(404)
    line, help = shown.line, service.desk.help
    await note(service, me, {line.conversation.customer_id}, "conversation")
    names = {agent.name: agent.shown_as for agent in shown.colleagues}
    owner = owner_of(shown, me, names)
    name = line.name or f"Customer {line.conversation.customer_id[:4]}"
    return {
        "me": me,
        "now": now,
        "zone": help.people.timezone,
        "coach": service.texts.say("coach"),
        "line": line,
        "name": name,
        "here": conversation_id,
        "owner": owner,
        "mine": owner["kind"] == "mine",
        "hint": hint_for(owner["kind"], name),
        "reopens": shown.last is not None and shown.last.closed_at is not None,
        "messages": shown.messages,
        "delivered": shown.delivered,
        "position": line.conversation.position,
        "notes": shown.notes,
        "people": people_in(shown, me, names, now),
        "colleagues": shown.colleagues,
        "names": names,
        "teams": help.rules.teams,
        "opens": f"{help.people.opens:%H:%M}",
        "packet": shown.packet,
        "why": help.rules.reasons.get(shown.packet.reason),
        "steps": shown.steps,
    }


@allows(Role.AGENT)
async def show_conversation(request: Request, me: Me) -> Response:
    """Show a conversation, with the lists and all that is known beside it."""
    return await conversation_page(request, me)


async def conversation_page(
    request: Request, me: Me, fault: str = "", status: int = 200
) -> Response:
    """Return the page of a conversation, with what went wrong."""
    before = read_number(request.query_params.get("before"))
    context = await context_of(request, me, before=before)
    service = Service.of(request)
    messages = context["messages"]
    first = messages[0].position if messages else 0
    context |= await board_of(request, me)
    context |= {
        "fault": fault,
        "here": request.path_params["id"],
        "replies": await _replies(service, me, context["line"]),
        "once": new_id(),
        "first": first,
        "more": first > 1,
    }
    return show(request, "conversation.html", context, status)


async def _replies(service: Service, me: Me, line: Line) -> list[dict[str, str]]:
    """Return the canned replies, filled for this customer."""
    conversation = line.conversation
    language = speaking.language_of(service.desk.help.languages, conversation)
    values = await service.store.read(
        lambda session: canned.values_for(
            session,
            conversation.customer_id,
            agent=me.agent.shown_as,
            shop=service.settings.shop,
            language=language,
        )
    )
    return [
        {"title": reply.title, "text": canned.fill(reply.text, values)}
        for reply in service.desk.replies
    ]


@allows(Role.AGENT)
async def show_parts(request: Request, me: Me) -> Response:
    """Return what is new since a position, part by part, for the open page."""
    after = read_number(request.query_params.get("after")) or 0
    context = await context_of(request, me, after=after)
    messages = context["messages"]
    parts = {
        part: templates.get_template(f"parts/{part}.html").render(context)
        for part in ("head", "messages", "people", "side")
    }
    position = messages[-1].position if messages else after
    given = {key: context[key] for key in ("mine", "hint")}
    body = {**parts, **given, "position": position}
    return JSONResponse(body, headers=PRIVATE)


ROUTES = [
    Route("/conversations/{id}", show_conversation),
    Route("/conversations/{id}/parts", show_parts),
]
