"""Other ways than the chat: an e-mail or a call by a person, kept as a promise."""

import re
from datetime import datetime
from enum import Enum
from functools import partial

from sqlalchemy.orm import Session

from journey.desk import handoffs, speaking
from journey.desk.handoffs import State
from journey.language.clock import read_time
from journey.language.days import read_day
from journey.language.words import Language
from journey.orders.policies import People
from journey.owner.help import Help
from journey.promises.promises import make_promise
from journey.store.tables import Conversation, Handoff

EMAIL, CALL = "desk:way:email", "desk:way:call_back"
"""A press on a button that asks for another way stands for one of these."""
CARRY_ON = "web:carry_on"
"""The payload of the button that takes a request for a person back."""
KINDS = {EMAIL: "email", CALL: "call_back"}
OTHERS: speaking.Buttons = (("by_email", EMAIL), ("by_call", CALL))
CHOICES: speaking.Buttons = (*OTHERS, ("carry_on", CARRY_ON))
BESIDE = -2
"""The number of a notice on a message that stays for somebody else to answer."""
KEEPER = "support agent"
ADDRESS = re.compile(r"[^\s@<>(),;:\"']+@[^\s@<>(),;:\"']+\.[^\W\d_]{2,}")
NUMBER = re.compile(r"(?:\+|\b)\d[\d\s()/.-]{5,22}\d\b")
DIGITS = range(7, 16)
"""How many digits a telephone number has (ITU-T E.164: 15 at most)."""


class Taken(Enum):
    """What became of a message: not about this, not readable, or agreed on."""

    NOT = "not"
    UNCLEAR = "unclear"
    YES = "yes"


def hear(
    session: Session,
    conversation: Conversation,
    text: str,
    payload: str | None,
    *,
    message_id: str,
    help: Help,
    now: datetime,
) -> Taken:
    """Take up what a waiting customer says about another way.

    The caller holds the conversation. What is agreed becomes a promise; the request
    for a person stays open.
    """
    handoff = handoffs.open_one(session, conversation.id)
    if handoff is None or handoff.state != State.REQUESTED:
        return Taken.NOT
    language = speaking.language_of(help.languages, conversation)
    say = partial(speaking.tell, session, conversation, language, now=now)
    if payload in KINDS:
        handoff.way, handoff.reach = KINDS[payload], None
        key, answers = f"ask_{handoff.way}", (message_id, 0)
        say(key, values=_hours(help.people), answers=answers)
        return Taken.YES
    if handoff.way is None or handoff.reach is not None:
        return Taken.NOT
    handoff.reach = read_reach(handoff.way, text)
    if handoff.reach is None:
        # Asked once: what comes after it is for the person to read.
        key, handoff.way = f"unclear_{handoff.way}", None
        say(key, choices=CHOICES, answers=(message_id, BESIDE))
        return Taken.UNCLEAR
    due = _due(handoff, text, language, help, now)
    _promise(session, conversation, handoff, due, now)
    values = {"reach": handoff.reach, **_moment(due, language, help.people)}
    key, choices = f"agreed_{handoff.way}", CHOICES[-1:]
    say(key, values=values, choices=choices, answers=(message_id, 0))
    return Taken.YES


def read_reach(way: str, text: str) -> str | None:
    """Return the e-mail address or the telephone number that a text holds."""
    if way == KINDS[EMAIL]:
        found = ADDRESS.search(text)
        return found.group() if found else None
    for found in NUMBER.finditer(text):
        if sum(sign.isdigit() for sign in found.group()) in DIGITS:
            return found.group().strip()
    return None


def _due(
    handoff: Handoff, text: str, language: Language, help: Help, now: datetime
) -> datetime:
    """Return by when it is done: when the customer said, within opening hours."""
    people, usual = help.people, help.rules.email_within_days
    if handoff.way == KINDS[EMAIL]:
        return people.closing(now, usual)
    said = text.replace(handoff.reach or "", " ")
    here = people.here(now)
    day = read_day(said, here.date(), language.calendar)
    at = read_time(said)
    if day is None and at is None:
        return people.closing(now, usual)
    wanted = datetime.combine(day or here.date(), at or people.closes, here.tzinfo)
    if wanted < here:
        return people.closing(now, usual)
    return people.within(wanted)


def _promise(
    session: Session,
    conversation: Conversation,
    handoff: Handoff,
    due: datetime,
    now: datetime,
) -> None:
    make_promise(
        session,
        handoff.way or "",
        customer_id=conversation.customer_id,
        due_at=due,
        now=now,
        keeper=KEEPER,
        conversation_id=conversation.id,
        about={"handoff": handoff.id},
    )


def _moment(due: datetime, language: Language, people: People) -> dict[str, str]:
    here = people.here(due)
    return {
        "day": language.day(here),
        "time": here.strftime("%H:%M"),
        "city": people.city,
    }


def _hours(people: People) -> dict[str, str]:
    return {
        "opens": people.opens.strftime("%H:%M"),
        "closes": people.closes.strftime("%H:%M"),
        "city": people.city,
    }
