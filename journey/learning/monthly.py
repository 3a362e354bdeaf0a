"""Month by month: how many questions a need took until it was confirmed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.store.tables import Event

ASKED, CONFIRMED = "question_asked", "summary_confirmed"


@dataclass(frozen=True)
class Month:
    """A month ("2026-11"), the needs confirmed in it and the questions before them."""

    name: str
    needs: int
    questions: int

    @property
    def mean(self) -> float:
        """Questions per confirmed need."""
        return self.questions / self.needs


def by_month(session: Session) -> Iterator[Month]:
    """Yield the months in which needs were confirmed, oldest first.

    A need counts once for its journey, in the month of its first confirmation.
    """
    query = select(Event.journey_id, Event.kind, Event.at).where(
        Event.kind.in_([ASKED, CONFIRMED]), Event.journey_id.is_not(None)
    )
    asked, needs, questions = Counter[str](), Counter[str](), Counter[str]()
    done = set[str]()
    for journey, kind, at in session.execute(query.order_by(Event.number)):
        if not journey or journey in done:
            continue
        if kind == ASKED:
            asked[journey] += 1
            continue
        done.add(journey)
        month = f"{at:%Y-%m}"
        needs[month] += 1
        questions[month] += asked[journey]
    for month in sorted(needs):
        yield Month(month, needs[month], questions[month])
