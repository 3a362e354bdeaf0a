"""How a person ended a handoff: one line, read so that the bot can go on from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from journey.language.days import read_day
from journey.language.words import Language, place, split
from journey.orders.policies import People


class Kind(StrEnum):
    """What was done or is still to come."""

    LOOK_INTO = "look_into"
    REPLACEMENT = "replacement"
    REFUND = "refund"
    REPAIR = "repair"
    CALL_BACK = "call_back"
    EMAIL = "email"
    DELIVERY = "delivery"
    SOLVED = "solved"
    OTHER = "other"


PROMISED = frozenset(Kind) - {Kind.SOLVED, Kind.OTHER}
"""With a day, these are promises."""
KEPT_BY_AGENT = frozenset({Kind.CALL_BACK, Kind.EMAIL, Kind.LOOK_INTO})


@dataclass(frozen=True)
class Outcome:
    """What an agent's line means; `due` is when it must have happened."""

    kind: Kind
    due: datetime | None = None

    @property
    def is_promise(self) -> bool:
        """Tell whether somebody must still do something, by a day that we know."""
        return self.kind in PROMISED and self.due is not None

    @property
    def says(self) -> str:
        """Return the key of the text that tells the customer."""
        return f"back_{self.kind}_by" if self.is_promise else f"back_{self.kind}"


def read_outcome(
    line: str,
    language: Language,
    people: People,
    now: datetime,
    due: date | None = None,
) -> Outcome:
    """Read an agent's line; a day that the agent set apart outweighs the line's."""
    zone = ZoneInfo(people.timezone)
    today = now.astimezone(zone).date()
    kind = next(_kinds(line, language), Kind.OTHER)
    day = due or read_day(line, today, language.calendar)
    if day is None:
        return Outcome(kind)
    ends = people.closes if kind in KEPT_BY_AGENT else time(20)
    return Outcome(kind, datetime.combine(day, ends, tzinfo=zone))


def _kinds(line: str, language: Language) -> Iterator[Kind]:
    said = split(line)
    if _names(language.hears["outcome_refused"], said):
        return
    for kind in Kind:
        if kind != Kind.OTHER and _names(language.hears[f"outcome_{kind}"], said):
            yield kind


def _names(phrases: tuple[str, ...], said: tuple[str, ...]) -> bool:
    return any(place(split(phrase), said) is not None for phrase in phrases)
