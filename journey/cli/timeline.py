"""One customer's story as a timeline in the terminal."""

from itertools import groupby
from typing import Any

from rich.console import Console
from rich.text import Text
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.log import story
from journey.store.tables import Customer, Event, Journey, Message

STYLES = {"recognize": "cyan", "request": "yellow", "respond": "green"}


def print_timeline(console: Console, session: Session, customer: Customer) -> None:
    """Print the journey log of a customer, day by day, with the words said."""
    events = story(session, customer.id)
    words = _words(session, events)
    console.print(Text(f"{customer.name or 'Customer'} {customer.id}", style="bold"))
    for journey in session.scalars(
        select(Journey).where(Journey.customer_id == customer.id)
    ):
        console.print(Text(_headline(journey), style="bold blue"))
    for day, group in groupby(events, key=lambda event: event.at.date()):
        console.print(Text(f"\n{day:%A, %d %B %Y}", style="bold"))
        for event in group:
            console.print(_line(event, words))


def _headline(journey: Journey) -> str:
    need = journey.need or "need not known yet"
    outcome = f", {journey.outcome}" if journey.outcome else ""
    return (
        f"journey {journey.id[:8]}: {need}, {journey.stage}, {journey.state}{outcome}"
    )


def _line(event: Event, words: dict[str, str]) -> Text:
    line = Text(f"{event.at:%H:%M:%S}  ")
    line.append(f"{event.stage or '':10}", style=STYLES.get(event.stage or "", "dim"))
    line.append(f"{event.kind.replace('_', ' ')}", style="bold")
    if event.kind == "message_heard" and event.message_id in words:
        line.append(f"  “{words[event.message_id]}”", style="italic")
    line.append(f"  {_told(event)}")
    line.append(f"  [{event.decided_by}]", style="dim")
    return line


def _told(event: Event) -> str:
    if event.kind != "shortlist_shown":
        return _brief(event.payload)
    return ", ".join(
        f"{option['rank']}. {option['product']} ({option['propensity']:.0%})"
        for option in event.payload["options"]
    )


def _brief(payload: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {_value(value)}" for key, value in payload.items())


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_value(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{key}={_value(item)}" for key, item in value.items())
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _words(session: Session, events: list[Event]) -> dict[str, str]:
    ids = {event.message_id for event in events if event.message_id}
    rows = session.execute(select(Message.id, Message.text).where(Message.id.in_(ids)))
    return {row.id: row.text for row in rows}
