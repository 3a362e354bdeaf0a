"""What is believed, wished and known in a journey."""

from collections import defaultdict

from sqlalchemy import select

from journey.needs import beliefs
from journey.needs.questions import Situation
from journey.needs.schema import Limit
from journey.people import facts
from journey.store.tables import Asked, Constraint, Journey, Preference
from journey.turn import Turn


def situation_of(turn: Turn, journey: Journey) -> Situation:
    """Return the state on which the next question is chosen."""
    believed = beliefs.beliefs_of(turn, journey)
    return Situation(
        beliefs={need: beliefs.probability(b.log_odds) for need, b in believed.items()},
        prefers=prefers_of(turn, journey),
        limits=limits_of(turn, journey),
        asked=frozenset(row.question for row in asked_in(turn, journey)),
        known=frozenset(facts.known(turn, journey.who)),
    )


def asked_in(turn: Turn, journey: Journey) -> list[Asked]:
    """Return the questions put in a journey, in their order."""
    query = select(Asked).where(Asked.journey_id == journey.id)
    return list(turn.session.scalars(query.order_by(Asked.asked_at)))


def prefers_of(turn: Turn, journey: Journey) -> dict[str, float]:
    """Return the soft wishes for categories and attributes as such."""
    shelf = turn.knowledge.shelf
    wishes: defaultdict[str, float] = defaultdict(float)
    query = select(Preference).where(Preference.journey_id == journey.id)
    for row in turn.session.scalars(query):
        if not row.value and shelf.has(row.attribute):
            wishes[row.attribute] += row.weight
    return dict(wishes)


def limits_of(turn: Turn, journey: Journey) -> tuple[Limit, ...]:
    """Return the hard wishes about attributes that the catalogue knows."""
    attributes = turn.knowledge.catalogue.attributes
    query = select(Constraint).where(Constraint.journey_id == journey.id)
    return tuple(
        Limit.model_construct(
            attribute=row.attribute, op=row.op, value=row.value["value"]
        )
        for row in turn.session.scalars(query)
        if row.attribute in attributes and "value" in row.value
    )
