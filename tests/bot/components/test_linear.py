from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.components.linear import LinearHead, Ngrams

TEXTS = ["where is my order", "send it back", "good morning", "café ☕ please"]


@pytest.mark.parametrize("intents", [1, 2, 3])
def test_head_learns_separable_intents(intents: int) -> None:
    labels = np.repeat(np.arange(intents), 4)
    features = np.eye(3, dtype=np.float32)[labels]
    head = LinearHead.fit(features, labels, intents, strength=20)
    chances = head(features)
    assert chances.shape == (len(labels), intents)
    assert (chances.argmax(axis=1) == labels).all()
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("intents", [1, 2, 3])
def test_head_learns_from_counts(intents: int) -> None:
    labels = np.repeat(np.arange(intents), 4)
    features = csr_matrix(np.eye(3, dtype=np.float32)[labels])
    head = LinearHead.fit_counts(features, labels, intents, strength=30)
    chances = head(features)
    assert chances.shape == (len(labels), intents)
    assert (chances.argmax(axis=1) == labels).all()
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)


def test_head_goes_on_from_another() -> None:
    labels = np.repeat(np.arange(3), 4)
    features = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32)
    first = LinearHead.fit(features, labels, 3, strength=20)
    again = LinearHead.fit(features, labels, 3, strength=20, start=first)
    assert np.allclose(first(features), again(features), atol=0.01)


def test_ngrams_read_what_they_saved(tmp_path: Path) -> None:
    ngrams = Ngrams.fit(TEXTS)
    ngrams.save(tmp_path / "ngrams.json")
    again = Ngrams.load(tmp_path / "ngrams.json")
    said = ["wher is my odrer", "☕"]
    assert np.allclose(ngrams(said).toarray(), again(said).toarray(), atol=1e-6)


def test_ngrams_share_what_a_typo_leaves() -> None:
    ngrams = Ngrams.fit(TEXTS)
    right, typo, other = ngrams(["order", "ordr", "morning"]).toarray()
    assert right @ typo > right @ other
