"""One conversation on the screen: what was said, who has it, and the packet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from journey.desk import (
    canned,
    handoffs,
    lists,
    packet,
    path,
    presence,
    speaking,
    writing,
)
from journey.desk.agents import Role, all_agents
from journey.desk.lists import Line
from journey.desk.packet import Packet
from journey.desk.path import Step
from journey.knowledge import Knowledge
from journey.messages import conversations, dispatches
from journey.owner.ownership import Owner
from journey.store.base import new_id
from journey.store.tables import Agent, Handoff, Message, Note, Presence
from web.desk.board import board_of, note
from web.desk.gate import Me, allows
from web.desk.pages import PRIVATE, show, templates
from web.edge import read_number
from web.service import Service

PAGE = 100


@dataclass(frozen=True)
class Shown:
    """All that the screen shows of one conversation."""

    line: Line
    last: Handoff | None
    messages: Sequence[Message]
    delivered: Mapping[str, str]
    """How far each message came on its way to a provider."""
    notes: Sequence[Note]
    present: Sequence[Presence]
    colleagues: Sequence[Agent]
    packet: Packet
    steps: Sequence[Step]


def read_conversation(
    session: Session,
    conversation_id: str,
    knowledge: Knowledge,
    now: datetime,
    *,
    after: int | None = None,
    before: int | None = None,
) -> Shown | None:
    """Return a conversation with its last messages, or with those after a position."""
    line = lists.one(session, conversation_id)
    if line is None:
        return None
    if after is None:
        messages = conversations.before(session, conversation_id, before, limit=PAGE)
    else:
        messages = conversations.after(session, conversation_id, after)
    return Shown(
        line=line,
        last=handoffs.last_one(session, conversation_id),
        messages=messages,
        delivered=dispatches.states(session, [message.id for message in messages]),
        notes=writing.notes(session, conversation_id),
        present=presence.present(session, conversation_id),
        colleagues=[agent for agent in all_agents(session) if agent.active],
        packet=packet.build(session, conversation_id, knowledge, now),
        steps=path.steps(session, line.conversation.customer_id),
    )


def owner_of(shown: Shown, me: Me, names: dict[str, str]) -> dict[str, str]:
    """Return who has a conversation: in one word for the page, in a sentence for us."""
    handoff, owner = shown.line.handoff, shown.line.conversation.owner
    if owner == Owner.REQUESTED and handoff:
        for_whom = f" for {names.get(handoff.agent, '')}" if handoff.agent else ""
        team = f" for team {handoff.team}" if handoff.team else ""
        return {"kind": "waiting", "says": f"Waits for a person{for_whom or team}"}
    if owner != Owner.HUMAN or handoff is None:
        return {"kind": "bot", "says": "The bot answers"}
    if handoff.agent == me.agent.name:
        aside = handoff.state == handoffs.State.SNOOZED
        says = "You put it aside" if aside else "You have it; the bot is silent"
        return {"kind": "mine", "says": says}
    name = names.get(handoff.agent or "", handoff.agent or "A colleague")
    return {"kind": "theirs", "says": f"{name} has it; the bot is silent"}


def people_in(shown: Shown, me: Me, names: dict[str, str], now: datetime) -> Any:
    """Return who reads and types beside the agent."""
    customer, others = None, []
    for row in shown.present:
        if row.who == presence.CUSTOMER:
            customer = row
        elif row.who != me.agent.name:
            others.append(row)
    typing = [x.who for x in others if x.typing_until and x.typing_until > now]
    here = [x.who for x in others if x.here_until and x.here_until > now]
    position = shown.line.conversation.position
    last = shown.line.last
    return {
        "customer_types": bool(
            customer and customer.typing_until and customer.typing_until > now
        ),
        "customer_read": bool(
            customer
            and customer.read >= position
            and last
            and last.author == writing.AGENT
        ),
        "typing": [names.get(who, who) for who in typing],
        "looking": [names.get(who, who) for who in here if who not in typing],
    }


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
    return {
        "me": me,
        "now": now,
        "zone": help.people.timezone,
        "coach": service.texts.say("coach"),
        "line": line,
        "name": line.name or f"Customer {line.conversation.customer_id[:4]}",
        "here": conversation_id,
        "owner": owner,
        "mine": owner["kind"] == "mine",
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
    body = {**parts, "position": position, "mine": context["mine"]}
    return JSONResponse(body, headers=PRIVATE)


ROUTES = [
    Route("/conversations/{id}", show_conversation),
    Route("/conversations/{id}/parts", show_parts),
]
