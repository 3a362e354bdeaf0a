"""What an agent does with a conversation; the core decides whether it may be done."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

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
from journey.desk.handoffs import Who
from web.desk.act import Act, Work, act
from web.desk.forms import Misread, read_due, read_outcome, read_seen, read_until


def owning(move: Callable[..., object]) -> Work:
    """Return the act that makes a conversation the agent's own."""

    def own(act: Act) -> None:
        languages = act.help.languages
        move(act.session, act.id, by=act.me.who, languages=languages, now=act.now)

    return own


def assign(act: Act) -> str:
    """Give it to a colleague (`agent:name`) or to a team (`team:name`)."""
    kind, _, name = act.form.get("to", "").partition(":")
    given: dict[str, Any] = {
        "by": act.me.who,
        "languages": act.help.languages,
        "now": act.now,
    }
    if kind == "team" and name in act.help.rules.teams:
        taking.pass_on(act.session, act.id, team=name, **given)
        return f"Passed to team {name}."
    colleague = agents.find(act.session, name) if kind == "agent" else None
    if colleague is None or not colleague.active:
        raise Misread("Choose a colleague or a team.")
    to = Who(colleague.name, colleague.shown_as)
    taking.assign(act.session, act.id, to=to, **given)
    return f"Assigned to {colleague.shown_as}."


def snooze(act: Act) -> str:
    """Put it aside."""
    people = act.help.people
    there = act.now.astimezone(ZoneInfo(people.timezone))
    until = read_until(act.form, there, people.opens)
    snoozing.snooze(act.session, act.id, by=act.me.who, until=until)
    return "Put aside."


def resolve(act: Act) -> str:
    """End it as solved; the customer is asked how it was."""
    ending.resolve(
        act.session,
        act.id,
        by=act.me.who,
        seen=read_seen(act.form),
        help=act.help,
        now=act.now,
        outcome=read_outcome(act.form),
    )
    return "Resolved. The customer is asked how it was."


def give_back(act: Act) -> str:
    """Hand it back to the bot with one line on how it ended."""
    outcome = read_outcome(act.form)
    if not outcome:
        raise Misread("Say in one line how it ended.")
    meant = ending.give_back(
        act.session,
        act.id,
        by=act.me.who,
        outcome=outcome,
        seen=read_seen(act.form),
        help=act.help,
        now=act.now,
        due=read_due(act.form),
    )
    if meant.is_promise and meant.due:
        kind = meant.kind.replace("_", " ")
        return f"Back with the bot. Kept as a promise: {kind} by {meant.due:%a %d %b}."
    return "Back with the bot."


def write(act: Act) -> None:
    """Write to the customer; the same `once` is written once."""
    text, once = act.form.get("text", ""), act.form.get("once") or None
    canned.check_filled(text)
    writing.answer(act.session, act.id, text, by=act.me.who, now=act.now, once=once)
    presence.stops_typing(act.session, act.id, act.me.agent.name)


def leave_note(act: Act) -> None:
    """Leave a note for colleagues."""
    text = act.form.get("text", "")
    writing.note(act.session, act.id, text, by=act.me.who, now=act.now)


def keep_promise(act: Act) -> str:
    """Note that a call or an e-mail that was promised is done."""
    state = owed.keep(act.session, act.id, by=act.me.who, now=act.now)
    return "Noted: done in time." if state == "kept" else "Noted: done, but late."


def be_here(act: Act) -> None:
    """Note that the agent looks, types (`typing`) or goes (`gone`)."""
    who = act.me.agent.name
    if act.form.get("gone"):
        presence.leaves(act.session, act.id, who)
        return
    if act.form.get("typing"):
        presence.types(act.session, act.id, who, act.now)
    presence.saw(act.session, act.id, who, read_seen(act.form), act.now)


ACTS: dict[str, Work] = {
    "take": owning(taking.take),
    "assign": assign,
    "snooze": snooze,
    "resolve": resolve,
    "back": give_back,
    "reopen": owning(ending.reopen),
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
