"""The intent of a message, with a confidence that means what it says."""

import logging
from dataclasses import fields
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY
from rasa.shared.nlu.constants import PREDICTED_CONFIDENCE_KEY as CONFIDENCE
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits

from bot.components import (
    calibration,
    committee,
    encoder_tuning,
    intent_model,
    linear,
    neighbours,
)
from bot.components.committee import HeadPlan
from bot.components.encoder import READING, Reading, SentenceEncoder
from bot.components.encoder_tuning import TuningPlan
from bot.components.fingerprint import digest
from bot.components.intent_model import Decision, IntentModel
from bot.components.memory import Memory

logger = logging.getLogger(__name__)
SCOPE, MODEL = "scope", "intent_model"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class IntentHead(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` and `scope` from the encoder's reading."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Return what must stand before this in the pipeline."""
        return [SentenceEncoder]

    @staticmethod
    def required_packages() -> list[str]:
        """Return what must be installed."""
        return ["sklearn", "tensorflow", "safetensors", "threadpoolctl"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the configuration, key by key."""
        return {
            # Inverse penalties (C) of the two linear heads.
            "strengths": {"tuned": 10.0, "sparse": 30.0},
            # What each head's probabilities count in the mean, and what those of the
            # nearest texts may: the rehearsal chooses what was right most.
            "weights": {"tuned": 1.0, "sparse": 0.5},
            "near": (0.0, 0.8),
            # Passes over the texts when tuning, and the most batches, whatever comes.
            "epochs": 8,
            "max_steps": 300,
            "learning_rate": 2e-4,
            # How sharply likeness to one centre tells a text apart from the others.
            "contrast": 0.1,
            # Each batch: so many intents, so many texts of each.
            "intents_a_batch": 16,
            "texts_an_intent": 2,
            "dropout": 0.1,
            # Share of the texts held out to choose temperature and threshold, and the
            # most of them: the rest is better used to learn from.
            "rehearsal": 0.25,
            "rehearsal_most": 1000,
            # With fewer texts, the layers are tuned again on all of them after the
            # rehearsal; with more, the held-out share would not be missed.
            "tune_twice_below": 2000,
            # Share of in-scope messages that the threshold lets through, and share that
            # may not be called out of scope for a low score alone.
            "accepted": 0.95,
            "spared": 0.98,
            # Intent of messages about something else. When the data have it, messages
            # of a low scope are given it, if that was right in the rehearsal; `scope`
            # tells in any case.
            "outside": "out_of_scope",
            # Intents listed in `intent_ranking`.
            "ranking": 10,
            # Messages whose decision is kept, to answer repeated ones at once.
            "remembered": 512,
            "seed": 7,
        }

    @classmethod
    def fingerprint_addon(
        cls,
        config: dict[str, Any],  # noqa: ARG003 (Rasa passes it by name)
    ) -> str | None:
        """Tell Rasa to train again when the code of the heads changes."""
        parts = (calibration, committee, encoder_tuning, intent_model, linear)
        return digest(*parts, neighbours)

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
    ) -> None:
        """Stand ready to train; a trained model is attached by `load`."""
        self._config, self._storage, self._resource = config, storage, resource
        self._plan = read_plan(config)
        self._model: IntentModel | None = None
        self._decided: Memory[Reading, Decision] = Memory(config["remembered"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 (Rasa passes it by name)
    ) -> "IntentHead":
        """Create an untrained head."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **_: Any,
    ) -> "IntentHead":
        """Load a trained head; it stays silent when there was nothing to learn."""
        # One message is too little for BLAS's threads: they waited longer than they
        # worked, and took the cores from other workers.
        threadpool_limits(1, "blas")
        head = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                head._model = IntentModel.load(folder, head._plan)
        except ValueError:
            logger.warning("The intent head was trained without a single utterance.")
        return head

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the messages that have an intent, and keep the model."""
        examples = [
            message
            for message in training_data.intent_examples
            if message.get(READING) is not None
        ]
        if not examples:
            logger.warning(
                "No utterance has an intent: the intent head learns nothing."
            )
            return self._resource
        readings = [message.get(READING) for message in examples]
        names = [message.get(INTENT) for message in examples]
        # The fits are many small products: BLAS's threads wait for each other in them.
        with threadpool_limits(1, "blas"):
            self._model = IntentModel.fit(readings, names, self._plan)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as they are: nothing learns from its own guesses."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and scope on each message that was read."""
        spoken = [message for message in messages if message.get(READING) is not None]
        if self._model is None or not spoken:
            return messages
        readings = [message.get(READING) for message in spoken]
        decisions = self._decided.get(readings, self._model.decide)
        for message, decision in zip(spoken, decisions, strict=True):
            self._tell(message, decision, self._model)
        return messages

    def _tell(self, message: Message, decision: Decision, model: IntentModel) -> None:
        ranking = [
            {INTENT_NAME_KEY: model.intents[index], CONFIDENCE: float(chance)}
            for index, chance in decision.ranked()
        ]
        taught, outside = model.rehearsed, self._config["outside"]
        if decision.scope < taught.refused_below and outside in model.intents:
            refuse(ranking, outside)
        told = {
            "score": decision.scope,
            "threshold": taught.threshold,
            "accepted": decision.scope >= taught.threshold,
        }
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(
            INTENT_RANKING_KEY, ranking[: self._config["ranking"]], add_to_output=True
        )
        message.set(SCOPE, told, add_to_output=True)
        # Acts reads the clauses of the message by the same model.
        message.set(MODEL, model)


def refuse(ranking: list[dict[str, Any]], outside: str) -> None:
    """Put the intent of no intent first, as sure as the first one was not."""
    rest = [said for said in ranking if said[INTENT_NAME_KEY] != outside]
    sure = max(1.0 - ranking[0][CONFIDENCE], ranking[0][CONFIDENCE])
    ranking[:] = [{INTENT_NAME_KEY: outside, CONFIDENCE: sure}, *rest]


def read_plan(config: dict[str, Any]) -> HeadPlan:
    """Read the plan of training out of the configuration."""
    tuning = TuningPlan(
        epochs=config["epochs"],
        max_steps=config["max_steps"],
        learning_rate=config["learning_rate"],
        temperature=config["contrast"],
        intents_a_batch=config["intents_a_batch"],
        texts_an_intent=config["texts_an_intent"],
        dropout=config["dropout"],
        seed=config["seed"],
    )
    kept = [field.name for field in fields(HeadPlan) if field.name != "tuning"]
    return HeadPlan(tuning=tuning, **{key: config[key] for key in kept})
