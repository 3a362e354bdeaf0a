"""Tune the last layers of the encoder on the intents."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from bot.components.encoder_graph import Shape
from bot.components.encoder_runtime import Floats

logger = logging.getLogger(__name__)

Labels = npt.NDArray[np.int64]
LOG_EVERY = 20
# The centres start in the middle of their texts and move faster than the layers.
CENTRES_PACE = 10


@dataclass(frozen=True)
class TuningPlan:
    """How long and how hard to tune; batches hold several texts of each intent."""

    epochs: float
    max_steps: int
    learning_rate: float
    temperature: float
    intents_a_batch: int
    texts_an_intent: int
    dropout: float
    seed: int

    def steps(self, texts: int) -> int:
        """Return how many batches to learn from, bounded for large data."""
        batch = self.intents_a_batch * self.texts_an_intent
        return min(self.max_steps, max(1, round(self.epochs * texts / batch)))


def draw_batches(
    labels: Labels, plan: TuningPlan, draw: np.random.Generator
) -> Iterator[Labels]:
    """Yield batches of text indices: some intents, some texts of each, without end.

    Every text of an intent is used before one is used again.
    """
    texts = {label: np.flatnonzero(labels == label) for label in np.unique(labels)}
    queues: dict[int, list[int]] = {label: [] for label in texts}
    waiting: list[int] = []
    while True:
        while len(waiting) < plan.intents_a_batch:
            waiting.extend(draw.permutation(np.array(list(texts))))
        chosen, waiting = (
            waiting[: plan.intents_a_batch],
            waiting[plan.intents_a_batch :],
        )
        batch: list[int] = []
        for label in dict.fromkeys(chosen):
            if len(queues[label]) < plan.texts_an_intent:
                queues[label].extend(draw.permutation(texts[label]))
            batch.extend(queues[label][: plan.texts_an_intent])
            del queues[label][: plan.texts_an_intent]
        yield np.array(batch)


@dataclass(frozen=True)
class Packed:
    """Texts end to end, so that nothing is computed for padding but attention."""

    states: Floats
    """(pieces of all texts, width)"""
    places: npt.NDArray[np.int32]
    """Which of the states stands where: (texts, longest); past the last one: none."""
    stand: npt.NDArray[np.int32]
    """Where each of the states stands, counted through `places`."""
    text: npt.NDArray[np.int32]
    """Whose each of the states is."""

    @classmethod
    def of(cls, rows: Sequence[Floats]) -> "Packed":
        """Pack (pieces, width) rows."""
        lengths = [len(row) for row in rows]
        longest, pieces = max(lengths), sum(lengths)
        text = np.repeat(np.arange(len(rows)), lengths)
        within = np.concatenate([np.arange(length) for length in lengths])
        stand = text * longest + within
        places = np.full(len(rows) * longest, pieces)
        places[stand] = np.arange(pieces)
        whole = (places.reshape(len(rows), longest), stand, text)
        return cls(np.concatenate(rows), *(part.astype(np.int32) for part in whole))

    def parts(self) -> tuple[Floats | npt.NDArray[np.int32], ...]:
        """Return the arrays, in the order of `signature`."""
        return self.states, self.places, self.stand, self.text


def normalize(states: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Normalize the last axis."""
    mean, variance = tf.nn.moments(states, [-1], keepdims=True)
    return (states - mean) * tf.math.rsqrt(variance + 1e-12) * weight + bias


class TunedLayers:
    """The last layers as trainable variables."""

    def __init__(
        self, weights: dict[str, Floats], shape: Shape, plan: TuningPlan
    ) -> None:
        self.variables = {key: tf.Variable(value) for key, value in weights.items()}
        self._shape = shape
        self._plan = plan
        self._layers = sorted({int(key.split(".")[2]) for key in weights})

    def __call__(
        self,
        states: tf.Tensor,
        places: tf.Tensor,
        stand: tf.Tensor,
        text: tf.Tensor,
        seed: tf.Tensor,
    ) -> tf.Tensor:
        """Return unit vectors (texts, width) of what `Packed` holds."""
        pieces = tf.shape(states)[0]
        hidden = tf.where(places == pieces, -1e9, 0.0)[:, None, None, :]
        places = tf.minimum(places, pieces - 1)
        for index in self._layers:
            prefix = f"encoder.layer.{index}"
            seen = tf.gather(self._attend(states, places, hidden, prefix), stand)
            states = self._layer(states, seen, prefix, seed + 2 * index)
        return tf.linalg.l2_normalize(tf.math.segment_mean(states, text), -1)

    def _layer(
        self, states: tf.Tensor, seen: tf.Tensor, prefix: str, seed: tf.Tensor
    ) -> tf.Tensor:
        dense = f"{prefix}.attention.output"
        mixed = self._drop(self._linear(seen, f"{dense}.dense"), seed)
        states = self._norm(states + mixed, f"{dense}.LayerNorm")
        wide = tf.nn.gelu(self._linear(states, f"{prefix}.intermediate.dense"))
        narrow = self._drop(self._linear(wide, f"{prefix}.output.dense"), seed + 1)
        return self._norm(states + narrow, f"{prefix}.output.LayerNorm")

    def _attend(
        self, states: tf.Tensor, places: tf.Tensor, hidden: tf.Tensor, prefix: str
    ) -> tf.Tensor:
        """Return what each place sees of its text, padded: (texts · longest, width)."""
        heads, width = self._shape.heads, self._shape.width
        texts, longest = tf.shape(places)[0], tf.shape(places)[1]

        def split(part: str) -> tf.Tensor:
            flat = self._linear(states, f"{prefix}.attention.self.{part}")
            padded = tf.gather(flat, tf.reshape(places, [-1]))
            parts = tf.reshape(padded, [texts, longest, heads, width // heads])
            return tf.transpose(parts, [0, 2, 1, 3])

        scores = tf.matmul(split("query"), split("key"), transpose_b=True)
        weights = tf.nn.softmax(scores / (width // heads) ** 0.5 + hidden)
        mixed = tf.transpose(tf.matmul(weights, split("value")), [0, 2, 1, 3])
        return tf.reshape(mixed, [texts * longest, width])

    def _linear(self, states: tf.Tensor, key: str) -> tf.Tensor:
        product = tf.matmul(states, self.variables[f"{key}.weight"], transpose_b=True)
        return product + self.variables[f"{key}.bias"]

    def _norm(self, states: tf.Tensor, key: str) -> tf.Tensor:
        weight, bias = (self.variables[f"{key}.{part}"] for part in ("weight", "bias"))
        return normalize(states, weight, bias)

    def _drop(self, states: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        if self._plan.dropout == 0:
            return states
        return tf.nn.experimental.stateless_dropout(
            states, rate=self._plan.dropout, seed=seed
        )


def signature(width: int) -> list[tf.TensorSpec]:
    """Return what a step of learning takes: what is packed, the intents, a seed."""
    whole = [((None, width), tf.float32), ((None, None), tf.int32), ((None,), tf.int32)]
    rest = [((None,), tf.int32), ((None,), tf.int32), ((2,), tf.int32)]
    return [tf.TensorSpec(shape, kind) for shape, kind in (*whole, *rest)]


def some_of_each(labels: Labels, most: int) -> Labels:
    """Return the rows of the first texts of each label."""
    every = (np.flatnonzero(labels == label)[:most] for label in np.unique(labels))
    return np.concatenate(list(every))


def middles(vectors: Floats, labels: Labels) -> Floats:
    """Return a unit vector in the middle of each label's texts: (labels, width)."""
    found = np.stack([vectors[labels == one].mean(axis=0) for one in np.unique(labels)])
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def centre_loss(
    vectors: tf.Tensor, centres: tf.Tensor, labels: tf.Tensor, temperature: float
) -> tf.Tensor:
    """Pull each text towards its intent's centre and away from all other centres.

    The loss of Zhai and Wu, "Classification is a Strong Baseline for Deep Metric
    Learning", 2019.
    """
    likeness = tf.matmul(vectors, tf.linalg.l2_normalize(centres, -1), transpose_b=True)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels, likeness / temperature
    )
    return tf.reduce_mean(losses)


def tune(
    weights: dict[str, Floats],
    shape: Shape,
    states: Sequence[Floats],
    centres: Floats,
    labels: Labels,
    plan: TuningPlan,
) -> dict[str, Floats]:
    """Return tuned copies of the layers' arrays.

    Args:
        weights: arrays of the layers, as the encoder names them.
        shape: shape of the encoder.
        states: each text's word pieces below these layers, (pieces, width).
        centres: where each label's texts are before: (labels, width).
        labels: each text's intent, as a number from 0 without gaps.
        plan: steps, learning rate, batches.
    """
    layers = TunedLayers(weights, shape, plan)
    middle = tf.Variable(centres)
    steps = plan.steps(len(states))
    trained = list(layers.variables.values())
    adams = [_adam(plan.learning_rate * pace, steps) for pace in (1, CENTRES_PACE)]

    def learn(*given: tf.Tensor) -> tf.Tensor:
        *packed, intents, seed = given
        with tf.GradientTape() as tape:
            loss = centre_loss(layers(*packed, seed), middle, intents, plan.temperature)
        *slopes, slope = tape.gradient(loss, [*trained, middle])
        adams[0].apply_gradients(zip(slopes, trained, strict=True))
        adams[1].apply_gradients([(slope, middle)])
        return loss

    compiled = tf.function(
        learn, input_signature=signature(shape.width), autograph=False
    )
    draw = np.random.default_rng(plan.seed)
    for step, chosen in enumerate(islice(draw_batches(labels, plan, draw), steps)):
        packed = Packed.of([states[index] for index in chosen])
        seed = draw.integers(1, 2**31 - 64, 2, dtype=np.int32)
        loss = compiled(*packed.parts(), labels[chosen].astype(np.int32), seed)
        if step % LOG_EVERY == 0:
            logger.info("Tuning step %d of %d, loss %.3f", step, steps, float(loss))
    return {key: value.numpy() for key, value in layers.variables.items()}


def _adam(learning_rate: float, steps: int) -> tf.keras.optimizers.legacy.Adam:
    schedule = tf.keras.optimizers.schedules.PolynomialDecay(
        learning_rate, steps, learning_rate * 0.1
    )
    return tf.keras.optimizers.legacy.Adam(schedule)
