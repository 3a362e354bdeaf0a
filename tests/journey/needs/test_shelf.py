import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.knowledge import Knowledge
from journey.needs.schema import Limit
from journey.needs.shelf import best, breaks, change

rows = st.lists(st.integers(0, 30), max_size=4, unique=True).map(tuple)


@given(rows, rows)
def test_change_lies_between_nothing_and_everything(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    assert -1e-9 <= change(one, other) <= 1
    assert change(one, one) == pytest.approx(0)


def test_first_place_counts_most() -> None:
    assert change((1, 2, 3, 4), (9, 2, 3, 4)) > change((1, 2, 3, 4), (1, 2, 3, 9))


def test_every_value_lies_between_0_and_1(knowledge: Knowledge) -> None:
    catalogue, shelf = knowledge.catalogue, knowledge.shelf
    names = [*catalogue.categories, *catalogue.attributes]
    values = np.concatenate([shelf.column(name) for name in names])
    assert values.min() >= 0
    assert values.max() <= 1


def test_better_end_of_a_number_is_1(knowledge: Knowledge) -> None:
    shelf = knowledge.shelf
    weights = shelf.column("weight")
    stated = [p.attributes.get("weight", np.inf) for p in shelf.products]
    assert weights[int(np.argmin(stated))] == 1


def test_limit_does_not_speak_about_products_without_the_attribute(
    knowledge: Knowledge,
) -> None:
    limit = Limit(attribute="fits_tall", op="==", value=True)
    lamp = next(p for p in knowledge.shelf.products if p.category == "desk-lamp")
    assert not breaks(limit, lamp)


def test_best_leaves_out_what_breaks_a_limit_or_fits_nothing() -> None:
    scores = np.array([3.0, 2.0, 1.0, 0.0])
    broken = np.array([True, False, False, False])
    assert best(scores, broken) == (1, 2)
