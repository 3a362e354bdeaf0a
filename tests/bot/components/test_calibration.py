from __future__ import annotations

import numpy as np
import pytest

from bot.components.calibration import (
    accepting,
    calibration_error,
    fit_certainty,
    fit_temperature,
    refusing,
    warm,
    weigh,
)


def test_fit_temperature_cools_down_the_overconfident() -> None:
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 2, 500)
    shown = np.where(draw.random(500) < 0.7, labels, 1 - labels)
    chances = np.where(np.eye(2)[shown] == 1, 0.99, 0.01)
    warmed = warm(chances, fit_temperature(chances, labels))
    assert warmed.max(axis=1).mean() == pytest.approx(0.7, abs=0.04)


def test_warm_keeps_the_order() -> None:
    chances = np.array([[0.5, 0.3, 0.2]])
    assert warm(chances, 3.0).argsort().tolist() == chances.argsort().tolist()


@pytest.mark.parametrize(("confidence", "error"), [(1.0, 0.5), (0.5, 0.0)])
def test_calibration_error_compares_with_being_right(
    confidence: float, error: float
) -> None:
    right = np.array([True, False] * 10)
    found = calibration_error(np.full(20, confidence), right)
    assert found == pytest.approx(error)


def test_accepting_lets_the_share_through() -> None:
    scores = np.arange(100.0)
    assert (scores >= accepting(scores, 0.95)).mean() == pytest.approx(0.95)


def test_fit_certainty_rises_with_the_score() -> None:
    scores = np.linspace(-3, 3, 60)
    certainty = fit_certainty(scores, scores > 0)
    assert certainty is not None
    assert certainty(-2) < 0.3 < 0.7 < certainty(2)


@pytest.mark.parametrize("right", [True, False])
def test_fit_certainty_needs_both_outcomes(right: bool) -> None:
    assert fit_certainty(np.arange(5.0), np.full(5, right)) is None


def test_refusing_cuts_where_it_pays() -> None:
    scores = np.arange(100.0)
    outside = scores < 3
    right = ~outside
    cut = refusing(scores, right, outside, accepted=0.9)
    assert ((scores < cut) == outside).all()


def test_refusing_never_costs_the_wanted_share() -> None:
    scores = np.arange(100.0)
    cut = refusing(scores, np.zeros(100, bool), scores < 50, accepted=0.9)
    assert (scores[50:] >= cut).mean() >= 0.9


def test_weigh_learns_which_evidence_tells() -> None:
    draw = np.random.default_rng(0)
    inside = np.arange(200) % 2 == 0
    telling = np.where(inside, 1.0, -1.0) + draw.normal(size=200)
    weights = weigh(np.stack([telling, draw.normal(size=200)], axis=1), inside)
    assert weights[0] > 5 * abs(weights[1])
