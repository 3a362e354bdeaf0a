"""The lists: who waits for a person, who has whom, whom the bot talks with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.desk import audit, lists
from journey.desk.agents import Role, all_agents
from journey.desk.lists import Line
from journey.desk.owed import Owed, owed
from journey.desk.search import search
from web.desk.gate import Me, allows
from web.desk.pages import show
from web.service import Service


@dataclass(frozen=True)
class Board:
    """What an agent sees at a glance."""

    waiting: list[Line]
    mine: list[Line]
    colleagues: list[Line]
    snoozed: list[Line]
    live: list[Line]
    closed: list[Line]
    owed: Sequence[Owed]

    @property
    def customers(self) -> set[str]:
        """Whom these lists show something of."""
        every = (
            *self.waiting,
            *self.mine,
            *self.colleagues,
            *self.snoozed,
            *self.live,
            *self.closed,
        )
        listed = {line.conversation.customer_id for line in every}
        return listed | {row.conversation.customer_id for row in self.owed}


def read_board(session: Session, me: Me, now: datetime) -> Board:
    """Return the lists as one agent sees them."""
    taken = lists.taken(session)
    own = [x for x in taken if x.handoff and x.handoff.agent == me.agent.name]
    return Board(
        waiting=lists.queue(session),
        mine=own,
        colleagues=[line for line in taken if line not in own],
        snoozed=lists.snoozed(session),
        live=lists.live(session, now=now),
        closed=lists.closed(session),
        owed=owed(session),
    )


def shown_names(session: Session) -> dict[str, str]:
    """Return what each account is shown as."""
    return {agent.name: agent.shown_as for agent in all_agents(session)}


async def board_of(request: Request, me: Me) -> dict[str, Any]:
    """Return what the lists' template needs; what is shown goes on record."""
    service = Service.of(request)
    now = service.clock()
    board, names = await service.store.read(
        lambda session: (read_board(session, me, now), shown_names(session))
    )
    await note(service, me, board.customers, "list")
    reasons = service.desk.help.rules.reasons
    return {
        "me": me,
        "now": now,
        "board": board,
        "names": names,
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
