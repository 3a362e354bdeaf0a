from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.components.committee import HeadPlan, Judged
from bot.components.encoder import Reading
from bot.components.encoder_runtime import Encoder
from bot.components.encoder_tuning import TuningPlan, tune
from bot.components.intent_model import (
    UNTAUGHT,
    IntentModel,
    best_near,
    evidence,
    split,
)
from tests.bot.components.tiny import tiny_encoder

PLAN = HeadPlan(
    strengths={"tuned": 10.0, "sparse": 30.0},
    weights={"tuned": 1.0, "sparse": 0.5},
    near=(0.0, 0.8),
    tuning=TuningPlan(
        epochs=2,
        max_steps=4,
        learning_rate=1e-4,
        temperature=0.1,
        intents_a_batch=3,
        texts_an_intent=2,
        dropout=0.0,
        seed=1,
    ),
    rehearsal=0.25,
    rehearsal_most=1000,
    tune_twice_below=1000,
    accepted=0.95,
    spared=0.98,
    outside="out_of_scope",
)
TEXTS = {
    "greet": ["hello", "hi there", "good morning", "good evening", "hello there"],
    "track": ["where is my parcel", "track my order", "is it late", "my order is late"],
    "return": ["send it back", "i want to return this", "refund please", "return it"],
    "out_of_scope": [
        "tell me about football",
        "the weather",
        "a song please",
        "a song",
    ],
}
NAMES = [name for name, texts in TEXTS.items() for _ in texts]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tiny_encoder(tmp_path_factory.mktemp("encoder"))
    return Encoder(folder, quantized=False, longest=32)


def read(encoder: Encoder, *texts: str) -> list[Reading]:
    encoded = encoder.encode(texts)
    return [
        Reading((text,), (one,), encoder)
        for text, one in zip(texts, encoded, strict=True)
    ]


@pytest.fixture(scope="module")
def readings(encoder: Encoder) -> list[Reading]:
    return read(encoder, *(text for texts in TEXTS.values() for text in texts))


@pytest.fixture(scope="module")
def model(readings: list[Reading]) -> IntentModel:
    return IntentModel.fit(readings, NAMES, PLAN)


def test_model_knows_what_it_was_trained_on(
    model: IntentModel, readings: list[Reading]
) -> None:
    said = [model.intents[one.ranked()[0][0]] for one in model.decide(readings)]
    assert said == NAMES


def test_model_decides_the_same_once_saved(
    model: IntentModel, readings: list[Reading], tmp_path: Path
) -> None:
    model.save(tmp_path)
    again = IntentModel.load(tmp_path, PLAN)
    assert again.rehearsed == model.rehearsed
    for one, other in zip(model.decide(readings), again.decide(readings), strict=True):
        assert np.allclose(one.chances, other.chances, atol=1e-5)
        assert one.scope == pytest.approx(other.scope, abs=1e-5)


def test_model_is_the_same_under_a_seed(
    model: IntentModel, readings: list[Reading]
) -> None:
    again = IntentModel.fit(readings, NAMES, PLAN)
    for one, other in zip(model.decide(readings), again.decide(readings), strict=True):
        assert np.array_equal(one.chances, other.chances)


def test_model_averages_what_was_typed_and_corrected(
    model: IntentModel, encoder: Encoder
) -> None:
    (typed,), (mended,) = read(encoder, "odrer"), read(encoder, "my order is late")
    both = Reading(
        (*typed.texts, *mended.texts), (*typed.encoded, *mended.encoded), encoder
    )
    scores = [one.scope for one in model.decide([typed, both, mended])]
    assert scores[0] < scores[1] < scores[2]


@pytest.mark.parametrize("names", [["greet"] * len(NAMES), [*NAMES[:9], "rare"]])
def test_model_trains_on_odd_data(readings: list[Reading], names: list[str]) -> None:
    some = readings[: len(names)]
    model = IntentModel.fit(some, names, PLAN)
    assert len(model.decide(some)) == len(some)


def test_model_keeps_the_rehearsed_layers_of_large_data(
    readings: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def count(*given: Any, **more: Any) -> Any:
        calls.append(1)
        return tune(*given, **more)

    monkeypatch.setattr("bot.components.committee.tune", count)
    IntentModel.fit(readings, NAMES, replace(PLAN, tune_twice_below=5))
    assert calls == [1]


@dataclass
class Part:
    """A committee that is right on so many of three texts, by a weight."""

    right: dict[float, int]
    near: float = 0.0

    def counting(self, near: float) -> Part:
        return Part(self.right, near)

    def judge(self, _: Any) -> Judged:
        chances = np.eye(2)[[int(text < self.right[self.near]) for text in range(3)]]
        return Judged(chances, chances)


@pytest.mark.parametrize(
    ("right", "near"),
    [({0.0: 2, 0.4: 1, 0.8: 3}, 0.8), ({0.0: 3, 0.4: 2, 0.8: 3}, 0.0)],
)
def test_neighbours_count_as_much_as_was_right_most(
    right: dict[float, int], near: float
) -> None:
    part: Any = Part(right)
    assert best_near(part, part, np.ones(3, int), (0.8, 0.4, 0.0)) == near


def test_chances_of_a_decision_never_exceed_one(
    model: IntentModel, encoder: Encoder
) -> None:
    for one in model.decide(read(encoder, "table", "two weeks", "zzz", "hello order")):
        assert 0 < one.chances.sum() <= 1 + 1e-5


@pytest.mark.parametrize("share", [0.1, 0.25, 0.9])
def test_split_leaves_something_of_each_label(share: float) -> None:
    labels = np.array([0] * 8 + [1] * 2 + [2])
    held = split(labels, share, np.random.default_rng(0))
    assert set(np.delete(labels, held)) == {0, 1, 2}
    assert set(labels[held]) == {0, 1}


def test_scope_sinks_with_distance() -> None:
    judged = Judged(
        np.array([[0.9, 0.1], [0.9, 0.1]]), np.array([[0.8, 0.1], [0.2, 0.1]])
    )
    near, far = evidence(judged, np.array([True, True])) @ UNTAUGHT
    assert near > far


def test_scope_sinks_when_out_of_scope_is_likely() -> None:
    judged = Judged(np.array([[0.6, 0.01], [0.6, 0.4]]), np.array([[0.5, 0.5]] * 2))
    inside, doubtful = evidence(judged, np.array([True, False])) @ UNTAUGHT
    assert inside > doubtful
