import numpy as np
import pytest

from journey.learning.linear import fit_huber, fit_logistic, sigmoid


def make_rows(size: int = 4000) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(size, 3)) * [1, 10, 0.1] + [0, 5, 0]


def test_logistic_finds_the_weights() -> None:
    rows = make_rows()
    chance = sigmoid(rows @ [1.0, -0.2, 0.0] + 0.5)
    found = fit_logistic(rows, chance, ridge=1e-6)
    assert found.weights == pytest.approx([1.0, -0.2, 0.0], abs=1e-3)
    assert found.intercept == pytest.approx(0.5, abs=1e-3)


def test_logistic_stands_features_that_say_the_same() -> None:
    rows = make_rows()
    twice = np.hstack([rows, rows, np.ones((len(rows), 1))])
    wanted = (rows[:, 0] > 0).astype(float)
    assert np.isfinite(fit_logistic(twice, wanted).weights).all()


def test_huber_is_not_moved_by_few_far_off() -> None:
    rows = make_rows()
    wanted = rows @ np.array([2.0, 0.5, 0.0]) + 1
    wanted[:200] += 1000
    found = fit_huber(rows, wanted, size=np.ones(len(rows)), ridge=1e-6)
    assert found.weights[:2] == pytest.approx([2.0, 0.5], abs=0.05)
