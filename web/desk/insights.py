"""The owner's page: how people were helped, and what the bot should have known."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.desk import gaps, insights
from journey.desk.agents import Role, shown_names
from web.desk.board import note
from web.desk.gate import Me, allows
from web.desk.pages import show
from web.edge import read_number
from web.service import Service

DAYS = (7, 30, 90)


@allows(Role.LEAD)
async def show_insights(request: Request, me: Me) -> Response:
    """Show the last days; without naming a customer."""
    service = Service.of(request)
    given = read_number(request.query_params.get("days"))
    days, now = given if given in DAYS else DAYS[0], service.clock()
    since = now - timedelta(days=days)

    def read(session: Session) -> dict[str, Any]:
        return {
            "troubles": insights.troubles(session),
            "waiting": insights.waiting(session, since),
            "solved": insights.solved(session, since),
            "promised": insights.promised(session, since),
            "missed": gaps.missed(session, since),
            "questions": insights.questions(session, since),
            "names": shown_names(session),
        }

    context = await service.store.read(read)
    knowledge = await service.desk.knowledge()
    missed = context["missed"]
    context |= {"gaps": gaps.gaps(missed), "missed": missed[: gaps.MOST]}
    shown = {one.customer_id for one in context["missed"]}
    await note(service, me, shown, "insights")
    context |= {
        "me": me,
        "now": now,
        "zone": service.desk.help.people.timezone,
        "days": days,
        "choices": DAYS,
        "needs": {need: one.name for need, one in knowledge.needs.items()},
        "asks": {name: one.text for name, one in knowledge.by_question.items()},
        "reasons": service.desk.help.rules.reasons,
    }
    return show(request, "insights.html", context)


ROUTES = [Route("/insights", show_insights)]
