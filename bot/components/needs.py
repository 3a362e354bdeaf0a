"""Needs that a message speaks of: several at once, each with a calibrated confidence.

Works from the cue phrases of the need files alone; trained, it also weighs the words
and the sentence vector that an encoder before it set. Emits `need` with the span that
spoke for it, and `cue` (value `<need>.<cue>`) for each cue phrase that was said.

Config:
    needs: folder of the need files (default `data/needs`); cues are read again when a
        file changes, so that a new need is understood at once.
    utterances: folder of utterances per need (default `data/nlu/needs`).
    threshold: least confidence of a need that is emitted (default 0.3).
    most: most needs of one message (default 4).
    unlike: intents whose messages speak of no need; their utterances are training too.
    seed: of the folds in training (default 7).
"""

import inspect
import time
from dataclasses import replace
from itertools import pairwise
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
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from bot.components import cues, need_model, need_scores, neighbours
from bot.components.cues import CueHit, Cues, tells
from bot.components.finder import Entity, Finder, entities_of, entity
from bot.components.need_model import Floats, Heard, NeedModel
from bot.components.spacy_doc import doc_of, pipeline
from bot.components.utterances import (
    NEEDS,
    QUOTED,
    fingerprint,
    need_messages,
    read_phrases,
)

LOOK_AGAIN_S = 2.0
MANY_WORDS = 400
AMOUNTS = ("duration", "date", "money", "quantity")
UNLIKE = tuple(
    (
        "greet goodbye thank affirm deny compare_options choose_option refuse_option "
        "reorder track_order change_order cancel_order return_order ask_policy "
        "give_feedback complain ask_human ask_if_bot set_mandate revoke_mandate "
        "stop_messages ask_my_data forget_me change_language out_of_scope"
    ).split()
)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class NeedsHeard(Finder):
    """Finds `need` and `cue`."""

    def __init__(self, config: dict[str, Any], model: NeedModel | None = None) -> None:
        super().__init__(config)
        self._model = model or NeedModel.untrained()
        self._folder = Path(self.config["needs"])
        self._read_at: tuple[float, ...] = ()
        self._look_at = 0.0
        self._cues = Cues((), pipeline())
        self._storage: tuple[ModelStorage, Resource] | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {
            "needs": "data/needs",
            "utterances": "data/nlu/needs",
            "threshold": 0.3,
            "most": 4,
            "unlike": list(UNLIKE),
            "seed": 7,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 (Rasa passes it by name)
    ) -> "NeedsHeard":
        """Make an untrained component, which hears by cues."""
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
    ) -> "NeedsHeard":
        """Load what was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, NeedModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tell Rasa to train again when a need, an utterance or the model changes.

        Rasa itself compares the source of this class only.
        """
        known = {**cls.get_default_config(), **config}
        data = fingerprint(Path(known["needs"]), Path(known["utterances"]))
        parts = (need_model, need_scores, cues, neighbours)
        return data + "".join(inspect.getsource(part) for part in parts)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the messages with needs, and from intents unlike any need."""
        assert self._storage is not None
        storage, resource = self._storage
        self._look()
        labelled = _labelled(training_data, self.config)
        texts = [
            self._heard(pipeline()(m.get(TEXT)), _vector(m), quoted=bool(m.get(QUOTED)))
            for m, _ in labelled
        ]
        if any(text.vector is None for text in texts):
            texts = [replace(text, vector=None) for text in texts]
        labels = [needs for _, needs in labelled]
        with threadpool_limits(1, "blas"):
            self._model = NeedModel.fit(texts, labels, self.config["seed"])
        with storage.write_to(resource) as folder:
            self._model.save(folder)
        return resource

    def find(self, message: Message) -> list[Entity]:
        """Return needs and cues."""
        self._look()
        doc = doc_of(message)
        hits = self._cues.find(doc)
        heard = self._heard(doc, _vector(message), hits)
        chances = self._model.probabilities(heard)
        found = [
            entity("cue", f"{h.need}.{h.cue}", (h.start, h.end), h.fit) for h in hits
        ]
        best = sorted(chances.items(), key=lambda pair: -pair[1])[: self.config["most"]]
        heeded = hits or tells(doc, entities_of(message, *AMOUNTS))
        for need, chance in best if heeded else ():
            if chance >= self.config["threshold"]:
                found.append(entity("need", need, self._span(doc, need, hits), chance))
        # "The High-Back Desk Chair" is wanted: nobody said that their back hurts.
        names = entities_of(message, "product")
        return [one for one in found if not _is_within(one, names)]

    def _heard(
        self,
        doc: Doc,
        vector: Floats | None,
        hits: list[CueHit] | None = None,
        *,
        quoted: bool = False,
    ) -> Heard:
        hits = self._cues.find(doc) if hits is None else hits
        said: dict[str, tuple[float, int]] = {}
        for hit in hits:
            fit, count = said.get(hit.need, (0.0, 0))
            said[hit.need] = (max(fit, hit.fit), count + 1)
        stems = [token.lemma_ for token in doc if token.is_alpha]
        pairs = [f"{a} {b}" for a, b in pairwise(stems)]
        return Heard(stems + pairs, said, vector, quoted)

    def _span(self, doc: Doc, need: str, hits: list[CueHit]) -> tuple[int, int]:
        """Return the words that spoke for the need: its best cue, else its clause."""
        own = [hit for hit in hits if hit.need == need]
        if own:
            best = max(own, key=lambda hit: hit.fit)
            return best.start, best.end
        weights = [self._model.weight(t.lemma_, need) for t in doc[:MANY_WORDS]]
        first, last = _heaviest(doc, weights)
        return doc[first].idx, doc[last].idx + len(doc[last])

    def _look(self) -> None:
        """Read the cues again when a need file changed; looks every two seconds."""
        now = time.monotonic()
        if self._read_at and now < self._look_at:
            return
        self._look_at = now + LOOK_AGAIN_S
        paths = sorted(self._folder.glob("*.yml"))
        changed = (*(path.stat().st_mtime for path in paths), len(paths))
        if changed != self._read_at:
            self._read_at = changed
            self._cues = Cues(read_phrases(self._folder), pipeline())


def _is_within(one: Entity, others: list[Entity]) -> bool:
    return any(x["start"] <= one["start"] and one["end"] <= x["end"] for x in others)


def _labelled(
    data: TrainingData, config: dict[str, Any]
) -> list[tuple[Message, list[str]]]:
    """Return the messages of needs, and about as many that speak of none."""
    spoken = [m for m in data.training_examples if m.get(NEEDS)]
    if not spoken:
        spoken = need_messages(Path(config["needs"]), Path(config["utterances"]))
    unlike = set(config["unlike"])
    none = [m for m in data.intent_examples if m.get(INTENT) in unlike and m.get(TEXT)]
    most = min(len(none), len(spoken))
    none = Random(config["seed"]).sample(none, most)
    return [(m, m.get(NEEDS)) for m in spoken] + [(m, []) for m in none]


def _vector(message: Message) -> Floats | None:
    """Return the sentence vector that an encoder set, if any."""
    _, sentence = message.get_dense_features(TEXT, [])
    return None if sentence is None else np.asarray(sentence.features[0], np.float64)


def _heaviest(doc: Doc, weights: list[float]) -> tuple[int, int]:
    """Return first and last token of the clause with the greatest weight, trimmed."""
    best, best_weight, start = (0, len(weights) - 1), 0.0, 0
    for i in range(len(weights) + 1):
        if (
            i == len(weights)
            or doc[i].is_punct
            or doc[i].lower_ in ("but", "and", "so")
        ):
            total = sum(weights[start:i])
            if total > best_weight and i > start:
                best, best_weight = (start, i - 1), total
            start = i + 1
    return best
