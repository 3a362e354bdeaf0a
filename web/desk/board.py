"""The lists: who waits for a person, who has whom, whom the bot talks with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.desk import audit
from journey.desk.agents import Role
from journey.desk.glance import Glance
from journey.desk.lists import MOST_LIVE, Line
from journey.desk.owed import Owed
from journey.desk.search import search
from web.desk.gate import Me, allows
from web.desk.pages import show
from web.service import Service


@dataclass(frozen=True)
class Board:
    """The lists as one agent sees them."""

    waiting: Sequence[Line]
    mine: Sequence[Line]
    colleagues: Sequence[Line]
    snoozed: Sequence[Line]
    live: Sequence[Line]
    closed: Sequence[Line]
    owed: Sequence[Owed]


def board_for(name: str, seen: Glance) -> Board:
    """Return the lists as one agent sees them."""
    mine = seen.taken_by(name)
    return Board(
        waiting=seen.waiting,
        mine=mine,
        colleagues=[line for line in seen.taken if line not in mine],
        snoozed=seen.snoozed,
        live=seen.live,
        closed=seen.closed,
        owed=seen.owed,
    )


async def board_of(request: Request, me: Me) -> dict[str, Any]:
    """Return what the lists' template needs; what is shown goes on record."""
    service = Service.of(request)
    seen = await service.desk.glance()
    await note(service, me, seen.customers, "list")
    reasons = service.desk.help.rules.reasons
    return {
        "me": me,
        "now": service.clock(),
        "board": board_for(me.agent.name, seen),
        "most_live": MOST_LIVE,
        "names": seen.names,
        "reasons": {name: reason.says for name, reason in reasons.items()},
        "zone": service.desk.help.people.timezone,
        "coach": service.texts.say("coach"),
    }


async def note(service: Service, me: Me, customers: set[str], what: str) -> None:
    """Put on record that an agent looks at customers."""
    given: dict[str, Any] = {"agent_id": me.agent.id, "now": service.clock()}
    new = await service.store.read(
        lambda session: audit.unnoted(session, customers, what, **given)
    )
    if new:
        await service.store.write(
            lambda session: audit.note_reads(session, new, what, **given)
        )


@allows(Role.AGENT)
async def show_desk(request: Request, me: Me) -> Response:
    """Show the desk with no conversation open."""
    return show(request, "desk.html", await board_of(request, me))


@allows(Role.AGENT)
async def show_board(request: Request, me: Me) -> Response:
    """Return the lists alone; `here` is the conversation that is open."""
    context = await board_of(request, me)
    context["here"] = request.query_params.get("here")
    return show(request, "parts/board.html", context)


@allows(Role.AGENT)
async def show_search(request: Request, me: Me) -> Response:
    """Show the conversations that fit some words."""
    service, words = Service.of(request), request.query_params.get("q", "")[:200]
    now = service.clock()
    found = await service.store.read(lambda session: search(session, words, now))
    await note(service, me, {x.conversation.customer_id for x in found}, "search")
    context = {"found": found, "words": words, **await board_of(request, me)}
    return show(request, "search.html", context)


ROUTES = [
    Route("/", show_desk),
    Route("/search", show_search),
    Route("/board", show_board),
]
