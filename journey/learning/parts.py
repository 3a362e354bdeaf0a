"""The population's sums of a part of the log, drawn from files without a database.

A part holds all events of its customers, oldest first. Its lessons are the ones that
serve; the sums of parts add up (`journey.learning.state.merge`) to those of the log.
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.learning.lessons import DELETIONS, LESSONS, OWN, drawn
from journey.learning.past import CHOICES, EVIDENCE, Act
from journey.learning.purchases import products_in
from journey.learning.state import State
from journey.learning.sums import Sum
from journey.people.consent import Purpose
from journey.store.tables import Base, Consent, Event

CONSENT = "consent"
"""The kind of a line that tells a customer's word on learning."""
BATCH = 5000
KINDS = frozenset({*LESSONS, *DELETIONS, *EVIDENCE})


class Told(NamedTuple):
    """One event as a line of a file tells it."""

    number: int
    at: datetime
    customer_id: str
    journey_id: str | None
    need: str | None
    kind: str
    payload: Mapping[str, Any]


@dataclass
class Story:
    """What one customer did so far."""

    words: list[tuple[datetime, bool]] = field(default_factory=list)
    orders: list[Told] = field(default_factory=list)
    taken: dict[str, datetime] = field(default_factory=dict)
    confirmed: list[Told] = field(default_factory=list)
    journeys: dict[str | None, list[Told]] = field(
        default_factory=lambda: defaultdict(list)
    )


class HeldPast:
    """The past of customers whose events are taken in one after another."""

    def __init__(self) -> None:
        """Know nobody."""
        self._stories = defaultdict[str, Story](Story)

    def willing(self, event: Act) -> bool:
        """Tell whether the customer let us learn at that instant."""
        said = [x for x in self._of(event).words if x[0] <= event.at]
        return (
            max(enumerate(said), key=lambda x: (x[1][0], x[0]))[1][1] if said else True
        )

    def orders(self, event: Act) -> Iterator[Told]:
        """Yield the orders before, the last first."""
        yield from reversed(self._of(event).orders)

    def last_order(self, event: Act) -> Told | None:
        """Return the order before."""
        return next(self.orders(event), None)

    def taken(self, event: Act, products: Sequence[str]) -> Mapping[str, datetime]:
        """Return when each of some products was last ordered."""
        known = self._of(event).taken
        return {product: known[product] for product in products if product in known}

    def choices(self, event: Act) -> Iterable[Told]:
        """Return what was chosen and ordered before in the event's journey."""
        here = self._of(event).journeys[event.journey_id] if event.journey_id else ()
        return [x for x in here if x.kind in CHOICES]

    def evidence(self, event: Act) -> Sequence[Told]:
        """Return the signs of the event's journey, and every confirmed need."""
        story = self._of(event)
        here = story.journeys[event.journey_id] if event.journey_id else ()
        found = [x for x in here if x.kind in EVIDENCE]
        return sorted([*found, *story.confirmed], key=lambda x: x.number)

    def consents(self, customer: str, at: datetime, granted: bool) -> None:
        """Take in a customer's word on learning."""
        self._stories[customer].words.append((at, granted))

    def take(self, event: Told) -> None:
        """Take in an event after its lesson."""
        story = self._of(event)
        if event.kind == "order_placed":
            story.orders.append(event)
            for product in products_in(event) if self.willing(event) else ():
                before = story.taken.get(product, event.at)
                story.taken[product] = max(before, event.at)
        elif event.kind == "summary_confirmed":
            story.confirmed.append(event)
        elif event.kind in DELETIONS:
            story.taken.pop(event.payload.get("product", ""), None)
        if event.kind in CHOICES or event.kind in EVIDENCE:
            story.journeys[event.journey_id].append(event)

    def _of(self, event: Act) -> Story:
        return self._stories[str(event.customer_id)]


def learn_part(path: Path) -> State:
    """Return the population's sums of the events in a file."""
    past, state = HeldPast(), State()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            at = datetime.fromisoformat(told["at"])
            if told["kind"] == CONSENT:
                past.consents(told["customer_id"], at, told["granted"])
                continue
            event = Told(**{**told, "at": at})
            if event.kind in LESSONS:
                _add(state, drawn(past, event))
            past.take(event)
    return {
        table: {key: row for key, row in rows.items() if any(row.values())}
        for table, rows in state.items()
    }


def _add(state: State, sums: Iterable[Sum]) -> None:
    for one in sums:
        if one.table in OWN:
            continue
        keys, amounts = _columns(one.table)
        rows: Any = state.setdefault(one.table.__tablename__, {})
        key = tuple([one.key[name] for name in keys])
        if key not in rows:
            rows[key] = dict.fromkeys(amounts, 0)
        row = rows[key]
        for name, amount in one.amounts.items():
            row[name] += amount


@cache
def _columns(table: type[Base]) -> tuple[list[str], list[str]]:
    """Return the names of a table's key, and of what is added up in it."""
    columns = table.__table__.columns
    keys = [column.name for column in columns if column.primary_key]
    return keys, [column.name for column in columns if not column.primary_key]


def write_parts(session: Session, folder: Path, parts: int) -> list[Path]:
    """Write what the log teaches into so many files, all of a customer in one."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"events-{number:04}.jsonl" for number in range(parts)]
    with ExitStack() as stack:
        files = [
            stack.enter_context(path.open("w", encoding="utf-8")) for path in paths
        ]
        for line in _lines(session):
            part = zlib.crc32(line["customer_id"].encode()) % parts
            files[part].write(json.dumps(line, ensure_ascii=False) + "\n")
    return paths


def _lines(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every word on learning, then every event that lessons look at."""
    words = select(Consent.customer_id, Consent.at, Consent.granted).where(
        Consent.purpose == Purpose.LEARNING
    )
    for customer, at, granted in session.execute(words.order_by(Consent.number)):
        said = {"customer_id": customer, "at": at.isoformat(), "granted": granted}
        yield {"kind": CONSENT, **said}
    columns = [getattr(Event, name) for name in Told._fields]
    taught = Event.kind.in_(KINDS), Event.customer_id.is_not(None)
    query = select(*columns).where(*taught).order_by(Event.number)
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        yield {**row._mapping, "at": row.at.isoformat()}
