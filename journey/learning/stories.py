"""Stories: what customers ordered, by kind, and the needs that they confirmed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.learning.histories import MOST, Bought, Histories, day_of
from journey.learning.latent import Story
from journey.learning.ranges import Prices
from journey.people.consent import Purpose, unwilling
from journey.store.tables import Event

KIND, NEED = "kind:", "need:"
"""What a thing's name begins with: a kind of product that is taken, or a need."""
CONFIRMED = "summary_confirmed"


@dataclass(frozen=True)
class Past:
    """What a model is fitted to: who ordered what when, and what things cost.

    `needs` has the needs that customers confirmed, with their days.
    """

    histories: Histories
    prices: Prices
    needs: Mapping[str, Story] = field(default_factory=dict)

    def before(self, day: float) -> "Past":
        """Return what was before a day."""
        needs = {x: [n for n in known if n[0] < day] for x, known in self.needs.items()}
        return Past(self.histories.before(day), self.prices, needs)

    def stories(self) -> dict[str, Story]:
        """Return the kinds that each customer took and the needs that they had."""
        kinds = {item: kind for item, (kind, _) in self.prices.items()}
        customers = sorted({*self.histories.of, *self.needs})
        told = {
            x: story_of(self.histories.of.get(x, ()), self.needs.get(x, ()), kinds)
            for x in customers
        }
        return {name: story for name, story in told.items() if story}


def story_of(bought: Bought, needs: Story, kinds: Mapping[str, str]) -> Story:
    """Return what one customer took, by kind, and the needs that they confirmed."""
    taken = {
        (day, KIND + kinds[item])
        for day, items in bought
        for item in items
        if item in kinds
    }
    return sorted(taken | {(day, NEED + need) for day, need in needs})


def read_needs(
    session: Session, customer_id: str | None = None
) -> dict[str, list[tuple[float, str]]]:
    """Return which needs were confirmed on which day, oldest first, by customer.

    Everybody's who lets us learn, or only one customer's.
    """
    query = select(Event.customer_id, Event.at, Event.need).where(
        Event.kind == CONFIRMED, Event.customer_id.is_not(None)
    )
    if customer_id is not None:
        query = query.where(Event.customer_id == customer_id)
    refused = unwilling(session, Purpose.LEARNING)
    found = defaultdict[str, list[tuple[float, str]]](list)
    newest = session.execute(query.order_by(Event.number.desc()).limit(MOST)).all()
    for customer, at, need in reversed(newest):
        if customer and need and customer not in refused:
            found[customer].append((day_of(at), need))
    return dict(found)
