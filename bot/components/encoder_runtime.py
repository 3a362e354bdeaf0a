"""Run a sentence encoder on ONNX Runtime: one thread, 8-bit matrices, no framework."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.components.encoder_files import (
    EncoderMissing,
    Pooling,
    read_pooling,
    read_weights,
)
from bot.components.encoder_graph import Shape, Weights, build_encoder, build_top

Floats = npt.NDArray[np.float32]
Done = TypeVar("Done")

TUNED_LAYERS = 2
MEAN = Pooling(first=False)
BATCH = 32
BERT_LIKE = {"bert", "roberta", "xlm-roberta"}


@dataclass(frozen=True)
class Encoded:
    """One text as the frozen encoder sees it."""

    vector: Floats
    """Unit vector: the mean of the states, which is what the text is roughly about."""
    states: Floats
    """Word pieces after the last layer that is never tuned: (pieces, width)."""


class SentencePort(Protocol):
    """What the engine asks of an encoder; any folder or library may stand behind it."""

    width: int

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts, in order."""

    def words(self) -> dict[str, int]:
        """Return the whole words that the encoder knows, by rank of use."""


def open_session(graph: bytes, *, arena: bool) -> onnxruntime.InferenceSession:
    """Open a graph on one thread, so that workers do not fight over cores.

    Args:
        graph: the serialized graph.
        arena: keep memory for the next run; it stays as large as the largest run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"]
    )


class Graph:
    """A graph as one message needs it, and another one for many texts.

    Matrices in 8 bits are the quickest way through one short text, plain floats through
    batches (3.4 instead of 5.7 ms a text), which only training has.
    """

    def __init__(self, build: Callable[[Shape], bytes], shape: Shape) -> None:
        self._build, self._exact = build, replace(shape, quantized=False)
        self._one = open_session(build(shape), arena=shape.quantized)
        self._many = None if shape.quantized else self._one

    def session(self, groups: int) -> onnxruntime.InferenceSession:
        """Return the session for this many batches; that for many is opened late."""
        if groups < 2:
            return self._one
        if self._many is None:
            self._many = open_session(self._build(self._exact), arena=False)
        return self._many


def pad(rows: Sequence[Floats]) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Stack (pieces, width) rows into one array, and mark what is real in a mask."""
    longest = max(len(row) for row in rows)
    states = np.zeros((len(rows), longest, rows[0].shape[1]), np.float32)
    mask = np.zeros((len(rows), longest), np.int32)
    for index, row in enumerate(rows):
        states[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return states, mask


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indices in batches of like length, so that little padding is computed."""
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def parallel(work: Callable[[list[int]], Done], groups: list[list[int]]) -> list[Done]:
    """Do the work for each group, on all cores when there is more than one group."""
    if len(groups) < 2:
        return [work(group) for group in groups]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, groups))


class TopLayers:
    """The tuned copy of the last layers, run on the states below them."""

    def __init__(
        self, weights: Weights, shape: Shape, layers: range, pooling: Pooling
    ) -> None:
        self._graph = Graph(lambda some: build_top(weights, some, layers), shape)
        self._pooling = pooling

    def __call__(self, states: Sequence[Floats]) -> Floats:
        """Return unit vectors (texts, width) for each text's states."""
        groups = list(batches([len(state) for state in states]))
        session = self._graph.session(len(groups))
        done = parallel(
            lambda some: self._run(session, [states[i] for i in some]), groups
        )
        vectors = np.empty((len(states), states[0].shape[1]), np.float32)
        for chosen, found in zip(groups, done, strict=True):
            vectors[chosen] = found
        return vectors

    def _run(
        self, session: onnxruntime.InferenceSession, states: Sequence[Floats]
    ) -> Floats:
        padded, mask = pad(states)
        (last,) = session.run(None, {"states": padded, "mask": mask})
        return self._pooling(last, mask)


class Encoder:
    """A BERT-like sentence encoder read from a folder of safetensors."""

    def __init__(
        self, folder: Path, *, quantized: bool, longest: int, prefix: str = ""
    ) -> None:
        said: dict[str, Any] = json.loads((folder / "config.json").read_text())
        if said["model_type"] not in BERT_LIKE or said["hidden_act"] != "gelu":
            raise EncoderMissing(f"{folder} is not a BERT-like encoder with GELU.")
        self.folder, self.prefix, self.width = folder, prefix, said["hidden_size"]
        self.layers = range(
            said["num_hidden_layers"] - TUNED_LAYERS, said["num_hidden_layers"]
        )
        self.shape = Shape(
            self.width, said["num_attention_heads"], said["layer_norm_eps"], quantized
        )
        self.pooling = read_pooling(folder)
        # Models of the roberta family count places from behind the padding.
        self._first = 0 if said["model_type"] == "bert" else said["pad_token_id"] + 1
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)
        self._graph = Graph(self._build, self.shape)

    def _build(self, shape: Shape) -> bytes:
        weights = read_weights(self.folder / "model.safetensors")
        return build_encoder(weights, shape, self.layers.start)

    def words(self) -> dict[str, int]:
        """Return the vocabulary's whole words by rank; it is sorted by use."""
        known: dict[str, int] = self._tokenizer.get_vocab()
        words = sorted(filter(str.isalpha, known), key=known.__getitem__)
        return {word: rank for rank, word in enumerate(words)}

    def top_weights(self) -> dict[str, Floats]:
        """Return the arrays of the layers that may be tuned."""
        prefixes = tuple(f"encoder.layer.{index}." for index in self.layers)
        weights = read_weights(self.folder / "model.safetensors")
        return {key: weights[key] for key in weights if key.startswith(prefixes)}

    def top(self, weights: Weights) -> TopLayers:
        """Open a tuned copy of the last layers."""
        return TopLayers(weights, self.shape, self.layers, self.pooling)

    def exact(self) -> Shape:
        """Return the shape without quantization, as tuning needs it."""
        return replace(self.shape, quantized=False)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode texts in batches of like length, in the order given."""
        pieces = [
            encoding.ids
            for encoding in self._tokenizer.encode_batch(
                [self.prefix + text for text in texts]
            )
        ]
        groups = list(batches([len(ids) for ids in pieces]))
        # Only training has several batches; a message never leaves its thread.
        session = self._graph.session(len(groups))
        done = parallel(
            lambda some: self._run(session, [pieces[i] for i in some]), groups
        )
        found: dict[int, Encoded] = {}
        for chosen, encoded in zip(groups, done, strict=True):
            found.update(zip(chosen, encoded, strict=True))
        return [found[index] for index in range(len(texts))]

    def _run(
        self, session: onnxruntime.InferenceSession, rows: Sequence[Sequence[int]]
    ) -> list[Encoded]:
        longest = max(len(row) for row in rows)
        ids = np.zeros((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.int32)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        positions = np.arange(self._first, self._first + longest)
        feed = {"ids": ids, "positions": positions, "mask": mask}
        (states,) = session.run(None, feed)
        vectors = MEAN(states, mask)
        return [
            Encoded(vectors[index], states[index, : len(row)].copy())
            for index, row in enumerate(rows)
        ]
