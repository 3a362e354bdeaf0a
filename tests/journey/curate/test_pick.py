from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.curate.alike import alike
from journey.curate.pick import EXPLORE, POOL, SLOTS, pick
from journey.curate.score import Scored, Term, scored
from journey.store.tables import Product


def make_ranking(count: int) -> list[Scored]:
    return [
        scored(
            Product(id=f"p{n}", category="c", brand=f"b{n}", attributes={}),
            (Term("need", "category", 1 - n / 100),),
        )
        for n in range(count)
    ]


@given(st.integers(0, 30), st.integers())
def test_pick_at_most_four_different_ones(count: int, seed: int) -> None:
    picked = pick(make_ranking(count), Random(seed)).picked
    ids = [one.scored.product.id for one in picked]
    assert len(ids) == len(set(ids)) == min(count, SLOTS)
    assert all(0 < one.propensity <= 1 for one in picked)


def test_pick_shows_options_as_often_as_their_propensity_says() -> None:
    random, runs = Random(7), 20_000
    ranking, seen = make_ranking(20), Counter[str]()
    told: dict[str, float] = {}
    for _ in range(runs):
        last = pick(ranking, random).picked[-1]
        seen[last.scored.product.id] += 1
        told[last.scored.product.id] = last.propensity
    assert len(seen) == POOL + 1
    assert sum(told.values()) == pytest.approx(1)
    assert all(seen[x] / runs == pytest.approx(told[x], abs=0.01) for x in seen)


def test_pick_without_rest_explores_nothing() -> None:
    picked = pick(make_ranking(SLOTS), Random(0)).picked
    assert [one.propensity for one in picked] == [1.0] * SLOTS
    assert EXPLORE < 1


def test_pick_prefers_something_different_to_a_twin() -> None:
    twins = [
        scored(
            Product(id=f"t{n}", category="c", brand="b", attributes={"x": 1}),
            (Term("need", "category", 1.0),),
        )
        for n in range(5)
    ]
    other = scored(
        Product(id="other", category="d", brand="e", attributes={"y": 2}),
        (Term("need", "category", 0.8),),
    )
    picked = pick([*twins, other], Random(1)).picked
    assert other in [one.scored for one in picked[:2]]
    assert alike(twins[0].product, twins[1].product) == 1


@given(st.integers(5, 30), st.integers())
def test_contenders_hold_what_was_drawn(count: int, seed: int) -> None:
    found = pick(make_ranking(count), Random(seed))
    assert found.picked[-1] in found.contenders
    assert sum(x.propensity for x in found.contenders) == pytest.approx(1)
