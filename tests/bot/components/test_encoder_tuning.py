from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from bot.components.encoder_runtime import Encoder, Floats
from bot.components.encoder_tuning import (
    Packed,
    TunedLayers,
    TuningPlan,
    draw_batches,
    middles,
    some_of_each,
    tune,
)
from tests.bot.components.tiny import tiny_encoder

PLAN = TuningPlan(
    epochs=20,
    max_steps=40,
    learning_rate=1e-3,
    temperature=0.1,
    intents_a_batch=2,
    texts_an_intent=3,
    dropout=0.1,
    seed=3,
)
TEXTS = [
    "where is my parcel",
    "track my order",
    "when does it come",
    "send this back",
    "i want to return this",
    "refund my money please",
]
LABELS = np.array([0, 0, 0, 1, 1, 1])


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tiny_encoder(tmp_path_factory.mktemp("encoder"))
    return Encoder(folder, quantized=False, longest=32)


def tuned(encoder: Encoder, plan: TuningPlan) -> tuple[dict[str, Floats], Floats]:
    encoded = encoder.encode(TEXTS)
    states = [one.states for one in encoded]
    centres = middles(np.stack([one.vector for one in encoded]), LABELS)
    top, shape = encoder.top_weights(), encoder.exact()
    weights = tune(top, shape, states, centres, LABELS, plan)
    return weights, encoder.top(weights)(states)


def gap(vectors: Floats) -> float:
    likeness = vectors @ vectors.T
    same = LABELS[:, None] == LABELS[None, :]
    return float(likeness[same].mean() - likeness[~same].mean())


def test_tune_brings_texts_of_an_intent_together(encoder: Encoder) -> None:
    before = np.stack([one.vector for one in encoder.encode(TEXTS)])
    _, after = tuned(encoder, PLAN)
    assert gap(after) > gap(before) + 0.3


def test_layers_start_where_the_runtime_is(encoder: Encoder) -> None:
    states = [one.states for one in encoder.encode(TEXTS)]
    weights = encoder.top_weights()
    layers = TunedLayers(weights, encoder.exact(), replace(PLAN, dropout=0.0))
    vectors = layers(*Packed.of(states).parts(), np.zeros(2, np.int32))
    assert np.allclose(vectors, encoder.top(weights)(states), atol=1e-5)


def test_tune_repeats_itself_under_a_seed(encoder: Encoder) -> None:
    plan = replace(PLAN, max_steps=5)
    first, second = tuned(encoder, plan)[0], tuned(encoder, plan)[0]
    assert all(np.array_equal(first[key], second[key]) for key in first)


def test_tune_changes_nothing_without_a_rate(encoder: Encoder) -> None:
    weights, _ = tuned(encoder, replace(PLAN, max_steps=1, learning_rate=0.0))
    untouched = encoder.top_weights()
    assert all(np.array_equal(weights[key], untouched[key]) for key in untouched)


@pytest.mark.parametrize(("texts", "steps"), [(1, 3), (12, 40), (10**6, 40)])
def test_steps_are_bounded(texts: int, steps: int) -> None:
    assert PLAN.steps(texts) == steps


def test_draw_batches_uses_every_text_before_one_again() -> None:
    labels = np.repeat([0, 1], 6)
    batches = islice(draw_batches(labels, PLAN, np.random.default_rng(0)), 2)
    assert sorted(np.concatenate(list(batches)).tolist()) == list(range(12))


def test_middles_are_between_the_texts_of_a_label() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]], np.float32)
    found = middles(vectors, np.array([0, 0, 1]))
    assert np.allclose(found, [[0.5**0.5, 0.5**0.5], [-1.0, 0.0]])


def test_some_of_each_takes_the_first_of_every_label() -> None:
    assert some_of_each(np.array([1, 0, 1, 1]), 2).tolist() == [1, 0, 2]
