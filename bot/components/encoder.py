"""Sentence vectors for each message, from a small encoder that works offline."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import correction, encoder_graph, encoder_runtime, signs
from bot.components.correction import Corrector, count_words
from bot.components.encoder_files import find_weights
from bot.components.encoder_runtime import Encoded, Encoder
from bot.components.fingerprint import digest
from bot.components.memory import Memory
from bot.components.signs import spell

READING = "reading"
WORDS = "words.json"
LETTERS_A_PIECE = 8


@dataclass(frozen=True, eq=False)
class Reading:
    """A message as the encoder read it: as typed, and corrected when that differs."""

    texts: tuple[str, ...]
    encoded: tuple[Encoded, ...]
    encoder: Encoder

    def fingerprint(self) -> str:
        """Return what Rasa's cache tells readings apart by."""
        return "\n".join(self.texts)


@lru_cache(maxsize=1)
def open_encoder(
    folder: str | None, *, quantized: bool, longest: int, prefix: str
) -> Encoder:
    """Open the encoder once a process: training and running share it."""
    return Encoder(
        find_weights(folder), quantized=quantized, longest=longest, prefix=prefix
    )


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True
)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Corrects what is misspelt, encodes it, and leaves a `Reading` on the message."""

    @staticmethod
    def required_packages() -> list[str]:
        """Return what must be installed."""
        return ["onnx", "onnxruntime", "tokenizers", "safetensors", "rapidfuzz"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the configuration, key by key."""
        return {
            **DenseFeaturizer.get_default_config(),
            # Folder in the sentence-transformers layout (config.json, tokenizer.json,
            # model.safetensors) of a BERT-like encoder; none: the installed package.
            "weights": None,
            # Put before each text; the e5 family wants "query: ".
            "prefix": "",
            # Matrices in 8 bits: a third faster, less memory, same accuracy.
            "quantized": True,
            # Word pieces that are read of one message; the rest is cut off.
            "longest": 128,
            # Correct misspelt words towards the encoder's and the training's.
            "correct": True,
            # Messages whose vectors are kept, to answer repeated ones at once.
            "remembered": 512,
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Reject a configuration without weights before anything is trained."""
        find_weights(config.get("weights"))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tell Rasa to train again when weights or code change."""
        weights = find_weights(config.get("weights")) / "model.safetensors"
        return digest(weights, correction, encoder_runtime, encoder_graph, signs)

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        storage: ModelStorage,
        resource: Resource,
        words: Mapping[str, int],
    ) -> None:
        """Open the encoder and learn the words to correct towards."""
        super().__init__(name, config)
        self._storage, self._resource = storage, resource
        self._encoder = open_encoder(
            config["weights"],
            quantized=config["quantized"],
            longest=config["longest"],
            prefix=config["prefix"],
        )
        self._readings: Memory[str, Reading] = Memory(config["remembered"])
        self._corrector = self._learn_words(words)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """Create an untrained encoder, which corrects towards its own words only."""
        name = execution_context.node_name
        return cls(config, name, model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "SentenceEncoder":
        """Load the encoder with the words of its training."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        return cls(config, execution_context.node_name, model_storage, resource, words)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words the training texts use."""
        texts = (message.get(TEXT) for message in training_data.training_examples)
        words = count_words(text for text in texts if text)
        self._corrector = self._learn_words(words)
        with self._storage.write_to(self._resource) as folder:
            (folder / WORDS).write_text(json.dumps(words), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode all training texts, in batches."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Leave reading and dense sentence features on each message with a text."""
        spoken = [message for message in messages if is_spoken(message.get(TEXT))]
        readings = self.read([message.get(TEXT) for message in spoken])
        for message, reading in zip(spoken, readings, strict=True):
            message.set(READING, reading)
            message.add_features(self._features(reading))
        return messages

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Correct and encode texts, in order; repeated ones come from memory."""
        return self._readings.get(texts, self._encode)

    def _encode(self, texts: Sequence[str]) -> list[Reading]:
        versions = [self._versions(text) for text in texts]
        flat = [version for some in versions for version in some]
        encoded = iter(self._encoder.encode(flat))
        return [
            Reading(some, tuple(next(encoded) for _ in some), self._encoder)
            for some in versions
        ]

    def _versions(self, text: str) -> tuple[str, ...]:
        # What lies behind the last piece is never read, so it is never corrected; half
        # a surrogate pair is no text that a tokenizer takes.
        read = text[: self._config["longest"] * LETTERS_A_PIECE]
        typed = read.encode("utf-8", "replace").decode("utf-8").lower()
        corrected = self._corrector(typed) if self._config["correct"] else typed
        versions = dict.fromkeys((spell(typed), spell(corrected)))
        return tuple(versions)

    def _learn_words(self, words: Mapping[str, int]) -> Corrector:
        self._readings.clear()
        return Corrector(self._encoder.words(), words)

    def _features(self, reading: Reading) -> Features:
        # The corrected reading is the last one, and the better one for other heads.
        vector = np.expand_dims(reading.encoded[-1].vector, 0)
        alias = self._config[FEATURIZER_CLASS_ALIAS]
        return Features(vector, FEATURE_TYPE_SENTENCE, TEXT, alias)


def is_spoken(text: str | None) -> bool:
    """Tell a customer's words from nothing, and from a button's `/intent`."""
    return bool(text and text.strip()) and not str(text).startswith(
        INTENT_MESSAGE_PREFIX
    )
