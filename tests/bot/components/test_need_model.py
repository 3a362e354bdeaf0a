from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.need_model import Heard, NeedModel

NEEDS = (["sleep"], ["water"], [])


@pytest.fixture(scope="module")
def texts() -> list[Heard]:
    draw = np.random.default_rng(0)
    vectors = np.eye(8)[np.arange(36) % 3] + draw.normal(size=(36, 8)) * 0.2
    words = ("bed", "tap", "bus")
    return [Heard([words[n % 3], "my"], {}, vector) for n, vector in enumerate(vectors)]


@pytest.fixture(scope="module")
def model(texts: list[Heard]) -> NeedModel:
    return NeedModel.fit(texts, [NEEDS[n % 3] for n in range(36)], seed=7)


@pytest.mark.parametrize(("number", "need"), [(0, "sleep"), (1, "water")])
def test_need_is_heard_by_vector_alone(
    model: NeedModel, number: int, need: str
) -> None:
    chances = model.probabilities(Heard([], {}, np.eye(8)[number]))
    assert max(chances, key=chances.__getitem__) == need
    assert chances[need] > 0.5


def test_text_of_no_need_speaks_of_none(model: NeedModel) -> None:
    chances = model.probabilities(Heard(["bus"], {}, np.eye(8)[2]))
    assert max(chances.values()) < 0.5


def test_model_hears_the_same_once_saved(
    model: NeedModel, texts: list[Heard], tmp_path: Path
) -> None:
    model.save(tmp_path)
    again = NeedModel.load(tmp_path)
    for text in texts[:6]:
        told = model.probabilities(text)
        assert again.probabilities(text) == pytest.approx(told, abs=1e-3)


def test_need_of_few_texts_may_be_missing_from_a_fold(texts: list[Heard]) -> None:
    labels = [["sleep"] if n < 5 else ["water"] for n in range(36)]
    model = NeedModel.fit(texts, labels, seed=7)
    assert set(model.probabilities(texts[0])) == {"sleep", "water"}
