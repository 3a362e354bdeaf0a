"""Tune the last layers of the encoder on the intents, contrastively."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from bot.components.encoder_graph import Shape
from bot.components.encoder_runtime import Floats, pad

logger = logging.getLogger(__name__)

Labels = npt.NDArray[np.int64]
LOG_EVERY = 20


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
        self, states: tf.Tensor, mask: tf.Tensor, seed: tf.Tensor
    ) -> tf.Tensor:
        """Return unit vectors (texts, width) of states (texts, pieces, width)."""
        seen = (mask[:, None, None, :] - 1.0) * 1e9
        for index in self._layers:
            states = self._layer(states, seen, index, seed)
        weights = mask[..., None]
        pooled = tf.reduce_sum(states * weights, 1) / tf.reduce_sum(weights, 1)
        return tf.linalg.l2_normalize(pooled, -1)

    def _layer(
        self, states: tf.Tensor, seen: tf.Tensor, index: int, seed: tf.Tensor
    ) -> tf.Tensor:
        prefix = f"encoder.layer.{index}"
        dense = f"{prefix}.attention.output"
        mixed = self._linear(self._attend(states, seen, prefix), f"{dense}.dense")
        states = self._norm(
            states + self._drop(mixed, seed + index), f"{dense}.LayerNorm"
        )
        wide = tf.nn.gelu(self._linear(states, f"{prefix}.intermediate.dense"))
        narrow = self._linear(wide, f"{prefix}.output.dense")
        return self._norm(
            states + self._drop(narrow, seed - index), f"{prefix}.output.LayerNorm"
        )

    def _attend(self, states: tf.Tensor, seen: tf.Tensor, prefix: str) -> tf.Tensor:
        heads, width = self._shape.heads, self._shape.width
        texts, pieces = tf.shape(states)[0], tf.shape(states)[1]

        def split(part: str) -> tf.Tensor:
            flat = self._linear(states, f"{prefix}.attention.self.{part}")
            parts = tf.reshape(flat, [texts, pieces, heads, width // heads])
            return tf.transpose(parts, [0, 2, 1, 3])

        scores = tf.matmul(split("query"), split("key"), transpose_b=True)
        weights = tf.nn.softmax(scores / (width // heads) ** 0.5 + seen)
        mixed = tf.transpose(tf.matmul(weights, split("value")), [0, 2, 1, 3])
        return tf.reshape(mixed, [texts, pieces, width])

    def _linear(self, states: tf.Tensor, key: str) -> tf.Tensor:
        matrix = self.variables[f"{key}.weight"]
        product = tf.tensordot(states, matrix, [[-1], [1]])
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


def contrastive_loss(
    vectors: tf.Tensor, labels: tf.Tensor, temperature: float
) -> tf.Tensor:
    """Pull texts of one intent together and push others away.

    The loss of Khosla et al., "Supervised Contrastive Learning", 2020, equation 2.
    """
    scores = tf.matmul(vectors, vectors, transpose_b=True) / temperature
    same = tf.cast(labels[:, None] == labels[None, :], tf.float32)
    itself = tf.eye(tf.shape(labels)[0])
    log_odds = tf.nn.log_softmax(scores - itself * 1e9, axis=-1)
    friends = same - itself
    count = tf.reduce_sum(friends, -1)
    each = -tf.reduce_sum(log_odds * friends, -1) / tf.maximum(count, 1.0)
    return tf.reduce_sum(each) / tf.maximum(tf.reduce_sum(tf.sign(count)), 1.0)


def tune(
    weights: dict[str, Floats],
    shape: Shape,
    states: Sequence[Floats],
    labels: Labels,
    plan: TuningPlan,
    *,
    apart: npt.NDArray[np.bool_] | None = None,
) -> dict[str, Floats]:
    """Return tuned copies of the layers' arrays.

    Args:
        weights: arrays of the layers, as the encoder names them.
        shape: shape of the encoder.
        states: each text's word pieces below these layers, (pieces, width).
        labels: each text's intent as a number.
        plan: steps, learning rate, batches.
        apart: texts that are not pulled towards others of their label.
    """
    # A label of its own leaves a text without friends in the loss.
    own = -1 - np.arange(len(labels))
    friends = labels if apart is None else np.where(apart, own, labels)
    layers = TunedLayers(weights, shape, plan)
    steps = plan.steps(len(states))
    schedule = tf.keras.optimizers.schedules.PolynomialDecay(
        plan.learning_rate, steps, plan.learning_rate * 0.1
    )
    optimizer = tf.keras.optimizers.legacy.Adam(schedule)
    trained = list(layers.variables.values())

    def learn(
        batch: tf.Tensor, mask: tf.Tensor, intents: tf.Tensor, seed: tf.Tensor
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            vectors = layers(batch, mask, seed)
            loss = contrastive_loss(vectors, intents, plan.temperature)
        optimizer.apply_gradients(
            zip(tape.gradient(loss, trained), trained, strict=True)
        )
        return loss

    compiled = tf.function(learn, reduce_retracing=True, autograph=False)
    draw = np.random.default_rng(plan.seed)
    for step, chosen in enumerate(draw_batches(labels, plan, draw)):
        if step == steps:
            break
        batch, mask = pad([states[index] for index in chosen])
        seed = draw.integers(1, 2**31 - 64, 2, dtype=np.int32)
        loss = compiled(batch, mask.astype(np.float32), friends[chosen], seed)
        if step % LOG_EVERY == 0:
            logger.info("Tuning step %d of %d, loss %.3f", step, steps, float(loss))
    return {key: value.numpy() for key, value in layers.variables.items()}
