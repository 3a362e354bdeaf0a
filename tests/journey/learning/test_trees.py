import numpy as np
import pytest

from journey.learning.trees import fit_trees, grouped

Rows = tuple[np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def middle() -> Rows:
    """Of three options the one nearest to zero is taken: nothing that adds up."""
    rows = np.random.default_rng(0).normal(0, 1, (3 * 500, 2))
    nearest = np.abs(rows[:, 0]).reshape(-1, 3).argmin(1)
    taken = (np.arange(3) == nearest[:, None]).ravel().astype(float)
    return rows, taken


def test_trees_find_what_does_not_add_up(middle: Rows) -> None:
    rows, taken = middle
    trees = fit_trees(rows, grouped([3] * 500), taken, np.zeros(len(rows)), 60)
    found = trees.score(rows).reshape(-1, 3).argmax(1)
    assert np.mean(found == taken.reshape(-1, 3).argmax(1)) > 0.85


def test_the_first_trees_are_those_of_a_shorter_fit(
    middle: Rows,
) -> None:
    rows, taken = middle
    groups = grouped([3] * 500)
    whole = fit_trees(rows, groups, taken, np.zeros(len(rows)), 8)
    short = fit_trees(rows, groups, taken, np.zeros(len(rows)), 5)
    assert np.allclose(whole.first(5).score(rows), short.score(rows))


def test_probabilities_of_a_group_add_up_to_one() -> None:
    chances = grouped([1, 3, 2]).softmax(np.array([5.0, 0.0, 1.0, 2.0, -1.0, 700.0]))
    assert np.add.reduceat(chances, [0, 1, 4]) == pytest.approx([1, 1, 1])
