"""One act of an agent: done in a transaction and told, or refused in words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from journey.desk import canned, owed
from journey.desk.agents import Role
from journey.desk.handoffs import NoHandoff, NotYours, Unseen
from journey.messages.cleaning import Empty, TooLong
from journey.owner.help import Help
from journey.owner.ownership import WrongMove
from web.desk.conversation import conversation_page
from web.desk.forms import Form, Misread
from web.desk.gate import Me, allows, read_form
from web.desk.pages import PRIVATE
from web.service import Service

FAULTS: dict[type[Exception], str] = {
    Misread: "",
    NotYours: "",
    NoHandoff: "",
    WrongMove: "",
    owed.NotOwed: "",
    Unseen: "The customer wrote in the meantime. Read that first, then try again.",
    Empty: "There is nothing in it to send.",
    TooLong: "That is more than 4,000 characters.",
    canned.Unfilled: "",
}
"""What is refused, with our words where the core's own are not for agents."""
REFUSED = tuple(FAULTS)


@dataclass(frozen=True)
class Act:
    """Who does something, to what, in which transaction; `form` says how."""

    session: Session
    service: Service
    me: Me
    id: str
    """Of the conversation, or of the promise."""
    form: Form
    now: datetime

    @property
    def help(self) -> Help:
        """Return the owner's rules for people."""
        return self.service.desk.help


Work = Callable[[Act], str | None]
"""What an act does; it may return what the agent should know."""


def act(work: Work, *, sends: bool = True) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of an act: done, told to everybody, or refused in words."""

    @allows(Role.AGENT)
    async def endpoint(request: Request, me: Me) -> Response:
        try:
            told = await _do(request, me, work, sends)
        except NoResultFound:
            raise HTTPException(404) from None
        except REFUSED as error:
            return await _refuse(request, me, FAULTS.get(type(error)) or str(error))
        await Service.of(request).desk.watch.look()
        if _is_script(request):
            return JSONResponse({"told": told}, headers=PRIVATE)
        return RedirectResponse(_there(request), 303, PRIVATE)

    return endpoint


async def _do(request: Request, me: Me, work: Work, sends: bool) -> str | None:
    service, about = Service.of(request), request.path_params["id"]
    given = await read_form(request)
    form = {key: one for key, one in given.items() if isinstance(one, str)}
    now = service.clock()

    def do(session: Session) -> str | None:
        return work(Act(session, service, me, about, form, now))

    if not sends:
        return await service.store.write(do)
    # An agent waits for it, and has it when the process dies the moment after.
    told = await service.sender.send_after(do, about, first=True)
    service.worker.nudge()
    return told


def _there(request: Request) -> str:
    """Return the page on which an act was done."""
    if "/conversations/" in request.url.path:
        return f"/desk/conversations/{request.path_params['id']}"
    return "/desk/"


async def _refuse(request: Request, me: Me, reason: str) -> Response:
    if _is_script(request):
        return JSONResponse({"error": reason}, 409, PRIVATE)
    return await conversation_page(request, me, reason, 409)


def _is_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
