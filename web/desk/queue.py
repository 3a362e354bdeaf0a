"""The first page: who waits for a person, and whom the bot talks with."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from journey.agents import Role
from web.desk.gate import Me, allows
from web.desk.pages import show


@allows(Role.AGENT)
async def show_desk(request: Request, me: Me) -> Response:
    """Show the desk."""
    return show(request, "desk.html", {"me": me})


ROUTES = [Route("/", show_desk)]
