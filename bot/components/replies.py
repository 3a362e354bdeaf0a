"""What a message means as a reply to what the coach asked or told of itself.

"Plenty left" is no intent, but after "shall I order it again?" it is a no. Which
question waits is known in journey/ alone; so for each kind of question the message is
read as a reply to it. Emits `reply` (value `<question>.<meaning>`) with its confidence,
none where the message is something else.

Stands after the encoder, and after Negation, which would take "no" for a negated word.

Config:
    replies: folder of the files (default `data/nlu/replies`).
    least: least confidence of a reply that is emitted (default 0.5).
    others: texts of other intents that are learnt from, for each reply (default 1.0).
    seed: of the draw among these.
"""

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from bot.components import neighbours, reply_model
from bot.components.encoder import READING, Reading
from bot.components.finder import Entity, Finder, entity
from bot.components.fingerprint import digest
from bot.components.linear import Ngrams
from bot.components.memory import Memory
from bot.components.reply_model import OTHER, ReplyModel, Said
from bot.components.reply_utterances import REPLY, Question, read_questions
from bot.components.utterances import fingerprint

NGRAMS, REMEMBERED = "ngrams.json", 512
Decided = list[tuple[str, str, float]]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class Replies(Finder):
    """Finds `reply`."""

    def __init__(
        self,
        config: dict[str, Any],
        models: dict[str, ReplyModel] | None = None,
        ngrams: Ngrams | None = None,
    ) -> None:
        super().__init__(config)
        self._models, self._ngrams = models or {}, ngrams
        self._decided: Memory[Reading, Decided] = Memory(REMEMBERED)
        self._storage: tuple[ModelStorage, Resource] | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"replies": "data/nlu/replies", "least": 0.5, "others": 1.0, "seed": 7}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 (Rasa passes it by name)
    ) -> "Replies":
        """Make an untrained component, which finds nothing."""
        made = cls(config)
        made._storage = (model_storage, resource)
        return made

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> "Replies":
        """Load a model for each kind of question."""
        with model_storage.read_from(resource) as folder:
            paths = sorted(path for path in folder.iterdir() if path.is_dir())
            models = {path.name: ReplyModel.load(path) for path in paths}
            return cls(config, models, Ngrams.load(folder / NGRAMS) if models else None)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tell Rasa to train again when the replies or the model's code change."""
        known = {**cls.get_default_config(), **config}
        return fingerprint(Path(known["replies"])) + digest(reply_model, neighbours)

    def train(self, training_data: TrainingData) -> Resource:
        """Train a model for each kind of question."""
        assert self._storage is not None
        storage, resource = self._storage
        questions = read_questions(Path(self.config["replies"]))
        told = {
            question.to: list(_examples(training_data, question, self.config).items())
            for question in questions
        }
        texts = [
            text for some in told.values() for one, _ in some for text in one.texts
        ]
        with storage.write_to(resource) as folder, threadpool_limits(1, "blas"):
            ngrams = Ngrams.fit(texts) if texts else None
            for to, some in told.items():
                if ngrams and some:
                    said = _said([reading for reading, _ in some], ngrams)
                    ReplyModel.fit(said, _names(some)).save(folder / to)
            if ngrams:
                ngrams.save(folder / NGRAMS)
        return resource

    def find(self, message: Message) -> list[Entity]:
        """Return what the message means, for each question that it replies to."""
        reading = message.get(READING)
        if reading is None or not self._models:
            return []
        (decided,) = self._decided.get([reading], self._decide)
        span = (0, len(message.get(TEXT) or ""))
        return [
            entity("reply", f"{to}.{meaning}", span, sure)
            for to, meaning, sure in decided
            if meaning != OTHER and sure >= self.config["least"]
        ]

    def _decide(self, readings: list[Reading]) -> list[Decided]:
        assert self._ngrams is not None
        found = []
        for reading in readings:
            said = _said([reading], self._ngrams)
            found.append(
                [(x, *model.decide(said)) for x, model in self._models.items()]
            )
        return found


def _examples(
    data: TrainingData, question: Question, config: dict[str, Any]
) -> dict[Reading, str]:
    """Return what was read, with what it means; as many others as wanted, by lot."""
    found: dict[str, tuple[Reading, str]] = {}
    for message in data.training_examples:
        to, meaning = message.get(REPLY) or ("", "")
        if to == question.to and message.get(READING) is not None:
            found.setdefault(_key(message), (message.get(READING), meaning))
    if not found:
        return {}
    lent = {x: meaning for meaning, names in question.borrowed.items() for x in names}
    rest = []
    for message in data.intent_examples:
        if message.get(READING) is None or _key(message) in found:
            continue
        if meaning := lent.get(message.get(INTENT)):
            found[_key(message)] = message.get(READING), meaning
        elif message.get(INTENT) in question.others:
            rest.append(message.get(READING))
    most = min(len(rest), round(config["others"] * len(found)))
    others = Random(config["seed"]).sample(rest, most)
    return dict([*found.values(), *((one, OTHER) for one in others)])


def _key(message: Message) -> str:
    return str(message.get(TEXT)).lower()


def _said(readings: list[Reading], ngrams: Ngrams) -> Said:
    """Return all that was read; as typed and as corrected are two."""
    texts = [text for one in readings for text in one.texts]
    vectors = [encoded.vector for one in readings for encoded in one.encoded]
    return Said(texts, np.stack(vectors), ngrams(texts))


def _names(told: list[tuple[Reading, str]]) -> list[str]:
    return [meaning for reading, meaning in told for _ in reading.texts]
