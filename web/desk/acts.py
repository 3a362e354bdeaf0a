"""What an agent does with a conversation; the core decides whether it may be done."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from journey.desk import (
    agents,
    canned,
    ending,
    owed,
    presence,
    snoozing,
    taking,
    writing,
)
from journey.desk.agents import Role
from journey.desk.handoffs import NoHandoff, NotYours, Unseen, Who
from journey.messages.cleaning import Empty, TooLong
from journey.owner.ownership import WrongMove
from web.desk.conversation import conversation_page
from web.desk.gate import Me, allows, read_form
from web.desk.pages import PRIVATE
from web.edge import Refusal, read_number
from web.service import Service


class Misread(ValueError):
    """A form names something that does not exist."""


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


Form = dict[str, str]
Work = Callable[[Session, Service, Me, str, Form], str | None]
"""One act in one transaction; it may return what the agent should know."""


def act(work: Work, *, sends: bool = True) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of an act: done, told to everybody, or refused in words."""

    @allows(Role.AGENT)
    async def endpoint(request: Request, me: Me) -> Response:
        service, conversation_id = Service.of(request), request.path_params["id"]
        given = await read_form(request)
        form = {key: one for key, one in given.items() if isinstance(one, str)}
        try:
            told = await service.store.write(
                lambda session: work(session, service, me, conversation_id, form)
            )
        except NoResultFound:
            raise HTTPException(404) from None
        except REFUSED as error:
            return await _refuse(request, me, FAULTS.get(type(error)) or str(error))
        if sends:
            await service.sender.send(conversation_id)
            service.worker.nudge()
        await service.desk.watch.look()
        if _is_script(request):
            return JSONResponse({"told": told}, headers=PRIVATE)
        return RedirectResponse(_there(request), 303, PRIVATE)

    return endpoint


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


def take(
    session: Session, service: Service, me: Me, conversation_id: str, _form: Form
) -> str | None:
    """Take a conversation over."""
    taking.take(
        session,
        conversation_id,
        by=me.who,
        languages=service.desk.help.languages,
        now=service.clock(),
    )
    return None


def assign(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """Give it to a colleague (`agent:name`) or to a team (`team:name`)."""
    kind, _, name = form.get("to", "").partition(":")
    given: dict[str, Any] = {
        "by": me.who,
        "languages": service.desk.help.languages,
        "now": service.clock(),
    }
    if kind == "team" and name in service.desk.help.rules.teams:
        taking.pass_on(session, conversation_id, team=name, **given)
        return f"Passed to team {name}."
    colleague = agents.find(session, name) if kind == "agent" else None
    if colleague is None or not colleague.active:
        raise Misread("Choose a colleague or a team.")
    to = Who(colleague.name, colleague.shown_as)
    taking.assign(session, conversation_id, to=to, **given)
    return f"Assigned to {colleague.shown_as}."


def snooze(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """Put it aside."""
    people = service.desk.help.people
    zone = ZoneInfo(people.timezone)
    until = read_until(form, service.clock().astimezone(zone), people.opens)
    snoozing.snooze(session, conversation_id, by=me.who, until=until)
    return "Put aside."


def read_until(form: Form, now: datetime, opens: time) -> datetime | None:
    """Return when something comes back; None is when the customer writes.

    Raises:
        Misread: the time cannot be read, or it is over.
    """
    until = form.get("until", "")
    if not until:
        return None
    if until in ("1h", "3h"):
        return now + timedelta(hours=int(until[0]))
    if until == "tomorrow":
        return datetime.combine(now.date() + timedelta(days=1), opens, now.tzinfo)
    try:
        at = datetime.fromisoformat(form.get("at", "")).replace(tzinfo=now.tzinfo)
    except ValueError:
        raise Misread("Choose a time until which it is put aside.") from None
    if at <= now:
        raise Misread("That time is over already.")
    return at


def resolve(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """End it as solved; the customer is asked how it was."""
    ending.resolve(
        session,
        conversation_id,
        by=me.who,
        seen=_seen(form),
        help=service.desk.help,
        now=service.clock(),
        outcome=form.get("outcome", "").strip(),
    )
    return "Resolved. The customer is asked how it was."


def give_back(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """Hand it back to the bot with one line on how it ended."""
    outcome = form.get("outcome", "").strip()
    if not outcome:
        raise Misread("Say in one line how it ended.")
    meant = ending.give_back(
        session,
        conversation_id,
        by=me.who,
        outcome=outcome,
        seen=_seen(form),
        help=service.desk.help,
        now=service.clock(),
        due=_due(form),
    )
    if meant.is_promise and meant.due:
        kind = meant.kind.replace("_", " ")
        return f"Back with the bot. Kept as a promise: {kind} by {meant.due:%a %d %b}."
    return "Back with the bot."


def _due(form: Form) -> date | None:
    given = form.get("due", "")
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Misread("The day cannot be read.") from None


def reopen(
    session: Session, service: Service, me: Me, conversation_id: str, _form: Form
) -> str | None:
    """Take up again what was closed."""
    ending.reopen(
        session,
        conversation_id,
        by=me.who,
        languages=service.desk.help.languages,
        now=service.clock(),
    )
    return None


def write(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """Write to the customer; the same `once` is written once."""
    text, now = form.get("text", ""), service.clock()
    canned.check_filled(text)
    once = form.get("once") or None
    writing.answer(session, conversation_id, text, by=me.who, now=now, once=once)
    presence.stops_typing(session, conversation_id, me.agent.name)
    return None


def leave_note(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """Leave a note for colleagues."""
    now = service.clock()
    writing.note(session, conversation_id, form.get("text", ""), by=me.who, now=now)
    return None


def keep_promise(
    session: Session, service: Service, me: Me, promise_id: str, _form: Form
) -> str | None:
    """Note that a call or an e-mail that was promised is done."""
    state = owed.keep(session, promise_id, by=me.who, now=service.clock())
    return "Noted: done in time." if state == "kept" else "Noted: done, but late."


def be_here(
    session: Session, service: Service, me: Me, conversation_id: str, form: Form
) -> str | None:
    """Note that the agent looks, types (`typing`) or goes (`gone`)."""
    now, who = service.clock(), me.agent.name
    if form.get("gone"):
        presence.leaves(session, conversation_id, who)
        return None
    if form.get("typing"):
        presence.types(session, conversation_id, who, now)
    presence.saw(session, conversation_id, who, _seen(form), now)
    return None


def _seen(form: Form) -> int:
    try:
        return read_number(form.get("seen") or None) or 0
    except Refusal as refusal:
        raise Misread(refusal.values["reason"]) from None


ACTS: dict[str, Work] = {
    "take": take,
    "assign": assign,
    "snooze": snooze,
    "resolve": resolve,
    "back": give_back,
    "reopen": reopen,
    "write": write,
    "note": leave_note,
}
ROUTES = [
    Route(f"/conversations/{{id}}/{name}", act(work), methods=["POST"])
    for name, work in ACTS.items()
]
ROUTES.append(
    Route("/promises/{id}/kept", act(keep_promise, sends=False), methods=["POST"])
)
ROUTES.append(
    Route("/conversations/{id}/here", act(be_here, sends=False), methods=["POST"])
)
