from random import Random

import numpy as np
import pytest
from sqlalchemy.orm import Session

from journey.learning.offpolicy import Drawn, evaluate, exploring, read_draws
from journey.learning.refit import GROUPS
from journey.store.tables import Option, Shortlist
from tests.factories import NOW
from tests.journey.learning.acts import Person

SIZE = 1 + len(GROUPS)


def draws(seed: int, count: int = 1500) -> tuple[list[Drawn], list[np.ndarray]]:
    """Shown by score, taken by the second amount; and the true chances of each."""
    random, found, true = np.random.default_rng(seed), [], []
    for n in range(count):
        amounts = random.normal(0, 1, (6, SIZE))
        chances = 1 / (1 + np.exp(1 - amounts[:, 1]))
        told = exploring(amounts[:, 0])
        shown = int(random.choice(6, p=told))
        taken = float(random.random() < chances[shown])
        found.append(Drawn(f"c{n % 300}", "x", amounts, told, shown, taken))
        true.append(chances)
    return found, true


def by_second(drawn: Drawn) -> np.ndarray:
    return exploring(drawn.amounts[:, 1])


def test_estimates_come_near_what_another_policy_earns() -> None:
    misses = []
    for seed in range(8):
        found, true = draws(seed)
        worth = np.mean([by_second(x) @ t for x, t in zip(found, true, strict=True)])
        told = evaluate(found, by_second)
        misses.append([told[x].value - worth for x in ("IPS", "SNIPS", "DR")])
    spread = np.std(misses, axis=0) / len(misses) ** 0.5
    assert np.all(np.abs(np.mean(misses, axis=0)) < 4 * spread + 0.01)


def test_the_interval_holds_the_truth_of_the_same_policy() -> None:
    found, true = draws(3)
    worth = np.mean([x.propensities @ t for x, t in zip(found, true, strict=True)])
    told = evaluate(found, lambda drawn: drawn.propensities)
    assert told["IPS"].low < worth < told["IPS"].high
    assert told["IPS"].value == pytest.approx(told["as it was"].value)


def test_a_model_of_the_reward_narrows_the_interval() -> None:
    told = evaluate(draws(5)[0], by_second)
    width = {name: x.high - x.low for name, x in told.items()}
    assert width["DR"] < width["IPS"]


def test_draws_come_from_the_log(session: Session) -> None:
    person, random = Person(session), Random(1)
    shortlist = Shortlist(journey_id=person.journey.id, decided_by="x", at=NOW)
    session.add(shortlist)
    session.flush()
    option = {"rank": 4, "price": 1, "reason": "", "drawback": "", "propensity": 0.9}
    session.add(
        Option(
            shortlist_id=shortlist.id,
            journey_id=person.journey.id,
            product_id="b",
            choice="chosen",
            **option,
        )
    )
    session.flush()
    contenders = [
        {
            "product": x,
            "propensity": p,
            "terms": [["learned", "taste", random.random()]],
        }
        for x, p in (("b", 0.9), ("c", 0.1))
    ]
    person.sees("a", "b", shortlist=shortlist.id, contenders=contenders)
    (found,) = read_draws(session)
    assert (found.shown, found.taken) == (0, 1.0)
    assert found.propensities.tolist() == [0.9, 0.1]
