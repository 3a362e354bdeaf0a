"""Moves that several stages make."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from journey.needs.schema import Question
from journey.proactive.wishes import zone_of
from journey.store.tables import Customer
from journey.turn import Move, Turn

REFLECT = "utter_reflect"
ASK = {"open_question": "utter_ask_open", "closed_question": "utter_ask_closed"}
Button = tuple[str, str]
PRESSED = ("answer", "choice", "fact", "feedback", "policy")
"""Entities that only a button brings: its title is not what the customer said."""


def button(title: str, intent: str, **entities: Any) -> Button:
    """Return a button that means an intent with entities."""
    meaning = json.dumps(entities, ensure_ascii=False) if entities else ""
    return title, f"/{intent}{meaning}"


def labelled(turn: Turn, label: str, intent: str, **entities: Any) -> Button:
    """Return a button whose title is written in the language file."""
    return button(says(turn)[f"button_{label}"], intent, **entities)


def says(turn: Turn) -> Mapping[str, str]:
    """Return the small words of the conversation's language."""
    return turn.knowledge.language(turn.heard.language).says


def zone(turn: Turn) -> ZoneInfo:
    """Return where the customer's clock is."""
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    return zone_of(customer, turn.knowledge.policies.people.timezone)


def day(turn: Turn, moment: datetime) -> str:
    """Return the day of an instant on the customer's clock, as it is said."""
    here = moment.astimezone(zone(turn))
    return turn.knowledge.language(turn.heard.language).day(here)


def delivery_day(turn: Turn, evening: datetime) -> str:
    """Return the day of a delivery, on the clock of where parcels leave."""
    policy = turn.knowledge.policies.delivery
    here = policy.workdays.here(evening)
    return turn.knowledge.language(turn.heard.language).day(here)


def reflect(text: str) -> Move:
    """Give back what the customer said."""
    return Move(REFLECT, {"reflection": text})


def ask(question: Question) -> Move:
    """Put a coaching question, with its answers as buttons."""
    buttons = tuple(
        button(a.title, "give_preference", answer=f"{question.question}.{a.answer}")
        for a in question.answers
    )
    return Move(ASK[question.miti], {"question": question.text}, buttons=buttons)


def said(turn: Turn, fallback: str) -> str:
    """Return the customer's words, or what a pressed button stood for."""
    return turn.heard.text or fallback
