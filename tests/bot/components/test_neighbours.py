from __future__ import annotations

import numpy as np
import pytest

from bot.components import neighbours
from bot.components.neighbours import Neighbours, chosen

LABELS = np.array([1, 0, 1, 0, 2])


@pytest.fixture()
def vectors() -> np.ndarray:
    spread = np.random.default_rng(0).normal(size=(5, 8)) * 0.1
    return (np.eye(8)[LABELS] + spread).astype(np.float32)


def test_texts_vote_for_their_own_intent(vectors: np.ndarray) -> None:
    votes, _ = Neighbours.fit(vectors, LABELS)(vectors)
    assert votes.argmax(axis=1).tolist() == LABELS.tolist()
    assert np.allclose(votes.sum(axis=1), 1, atol=1e-5)


def test_likeness_is_one_to_what_was_trained_on(vectors: np.ndarray) -> None:
    _, likeness = Neighbours.fit(vectors, LABELS)(vectors)
    assert likeness.shape == (5, 3)
    assert np.allclose(likeness[np.arange(5), LABELS], 1, atol=1e-5)


def test_neighbours_are_the_same_once_stored(vectors: np.ndarray) -> None:
    found = Neighbours.fit(vectors, LABELS)
    again = Neighbours.of(found.arrays())
    assert np.array_equal(found(vectors)[0], again(vectors)[0])


def test_one_text_is_its_own_neighbour() -> None:
    votes, _ = Neighbours.fit(np.ones((1, 4), np.float32), np.array([0]))(np.eye(4))
    assert votes.tolist() == [[1.0]] * 4


def test_chosen_keeps_some_of_each_intent_of_large_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbours, "MOST", 3)
    assert LABELS[chosen(LABELS)].tolist() == [0, 0, 1, 1, 2]
    monkeypatch.setattr(neighbours, "MOST", 2)
    assert LABELS[chosen(LABELS)].tolist() == [0, 1, 2]
