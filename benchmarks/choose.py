"""Choosing 4 of 100,000 products for a customer, all state from SQLite.

    .venv/bin/python -m benchmarks.choose [--products 100000] [--turns 300] [--runs 4]

The catalogue is multiplied from the sample; customers have ordered, chosen and
refused; some have a price under which thousands fit, 48 (the most of which all are
looked at) or 40. Timed is what a turn does to choose: what was learned is recalled, the
shelf narrowed, the rest read, checked, scored and picked. Writing the shortlist down is
not.
See benchmarks/yardstick.py for how the time is told.
"""

import argparse
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from benchmarks.yardstick import Spent, least
from journey.catalogue.load import Catalogue
from journey.catalogue.products import store_products
from journey.coach.shortlist.offering import learned_for
from journey.curate.pick import pick
from journey.curate.search import search
from journey.curate.shortlist import rank
from journey.knowledge import Knowledge, load_knowledge
from journey.learning.contest import read_seen
from journey.learning.kinds import Baskets, Due
from journey.learning.promotion import promote
from journey.needs.schema import Need
from journey.shop.embedded import EmbeddedShop
from journey.store.engine import open_engine, open_sessions, reading
from journey.store.tables import Base, Constraint, Journey
from journey.turn import Turn
from tests.factories import NOW, make_heard
from tests.journey.learning.acts import Person

ORDERS = 12


def multiplied(catalogue: Catalogue, count: int) -> Catalogue:
    """Return a catalogue of so many products, each a sample's with another price."""
    random, samples = Random(1), list(catalogue.products.values())
    products = {}
    for number in range(count):
        one = samples[number % len(samples)]
        price = round(float(one.price) * random.uniform(0.5, 2), 2)
        name = f"{one.product}-{number}"
        products[name] = one.model_copy(
            update={"product": name, "price": price, "stock": 50}
        )
    return replace(catalogue, products=products)


def live(session: Session, knowledge: Knowledge, people: int) -> list[Person]:
    """Let customers order, choose and refuse."""
    random, names, found = Random(2), list(knowledge.catalogue.products), []
    for _ in range(people):
        person = Person(session, need=random.choice(sorted(knowledge.needs)))
        own = random.sample(names, 8)
        for number in range(ORDERS):
            items = random.sample(own, 3)
            person.sees(*own[:3], random.choice(names))
            person.does("option_chosen", product=own[0])
            person.orders(number, *items, days=-10 * (ORDERS - number))
        person.does("option_refused", product=own[7], why="itself")
        found.append(person)
    return found


def choose(turn: Turn, journey: Journey) -> int:
    """Choose at most four products, as a turn does."""
    learned = learned_for(turn, journey)
    found = search(turn, journey, learned.likely)
    return len(pick(rank(turn, journey, found, learned), turn.random).picked)


def times(
    knowledge: Knowledge, session: Session, people: list[Person], turns: int
) -> Spent:
    """Time choices, every one in a fresh session's eyes; the first ones are warm-up."""
    random, spent = Random(3), Spent()
    for number in range(turns):
        person = random.choice(people)
        session.expunge_all()
        journey = session.get_one(Journey, person.journey.id)
        heard = make_heard(person.conversation, at=NOW)
        turn = Turn(
            session=session,
            heard=heard,
            knowledge=knowledge,
            random=random,
            shop=EmbeddedShop(),
        )
        with (spent if number >= turns // 10 else Spent()).timed():
            count = choose(turn, journey)
        assert count == 4
    return spent


def bound(session: Session, knowledge: Knowledge, people: list[Person]) -> None:
    """Give customers a price that they will not go over: many fit, or few."""
    for number, person in enumerate(people):
        if person.journey.need and number % 4:
            prices = _prices(knowledge, knowledge.needs[person.journey.need])
            most = (60.0 + number, prices[39], prices[47])[number % 4 - 1]
            session.add(
                Constraint(
                    journey_id=person.journey.id,
                    attribute="price",
                    op="<=",
                    value={"value": most},
                    said=f"under {most}",
                    at=NOW - timedelta(minutes=1),
                )
            )


def _prices(knowledge: Knowledge, need: Need) -> list[float]:
    """Return the prices of what serves a need, the least first."""
    kinds = [name for name, fit in need.serves.categories.items() if fit > 0]
    columns = knowledge.columns
    rows = [columns.kinds[name] for name in kinds if name in columns.kinds]
    return sorted(float(x) for part in rows for x in columns.price[part])


def main() -> None:
    """Print the median and the 99th percentile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=300)
    parser.add_argument("--customers", type=int, default=60)
    parser.add_argument("--runs", type=int, default=4)
    given = parser.parse_args()
    plain = load_knowledge()
    knowledge = plain.selling(multiplied(plain.catalogue, given.products))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/choose.db")
        Base.metadata.create_all(engine)
        with open_sessions(engine).begin() as session:
            store_products(session, knowledge.catalogue)
            people = live(session, knowledge, given.customers)
            bound(session, knowledge, people)
            for kind in (Baskets(), Due()):
                data = kind.fit(read_seen(session).past)
                promote(session, kind.name, weights={}, report={}, now=NOW, data=data)
        with reading(engine) as session:
            runs = [
                times(knowledge, session, people, given.turns)
                for _ in range(given.runs)
            ]
        engine.dispose()
    print(f"4 of {given.products:,}: {least(runs).told()}")


if __name__ == "__main__":
    main()
