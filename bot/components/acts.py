"""What else a message does: "thanks, but where is my order?" also thanks.

Each clause is read alone. One that is, word for word, a short training utterance needs
no model, nor does a courtesy at either end ("hi can you help"). Other clauses are
decided by the intent head, when more than one is left; so most messages cost nothing.
Emits `act` (value: intent) for each clause whose intent is not the message's.

Stands after IntentHead, which leaves its model on the message.

Config:
    least: least confidence of an act that the head decides (default 0.6).
    most: clauses read in one message (default 4).
    before, after: intents that may stand at an end of a clause without punctuation.
    quiet: intents that are never an act beside another.
"""

import json
from collections import defaultdict
from itertools import pairwise
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.clauses import clauses
from bot.components.encoder import READING, Reading
from bot.components.finder import Entity, Finder, entity
from bot.components.intent_head import MODEL
from bot.components.memory import Memory
from bot.components.stem import stem
from bot.components.term_index import WORD

FILE = "short.json"
SHORT, SURE, REMEMBERED = 4, 0.95, 512
Short = dict[tuple[str, ...], str]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class Acts(Finder):
    """Finds `act`."""

    def __init__(self, config: dict[str, Any], short: Short | None = None) -> None:
        super().__init__(config)
        self._short = short or {}
        self._decided: Memory[str, tuple[str, float]] = Memory(REMEMBERED)
        self._storage: tuple[ModelStorage, Resource] | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {
            "least": 0.6, "most": 4, "quiet": ["out_of_scope"],
            "before": ["greet", "thank", "affirm"], "after": ["thank", "goodbye"],
        }  # fmt: skip

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 (Rasa passes it by name)
    ) -> "Acts":
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
    ) -> "Acts":
        """Load the short utterances."""
        with model_storage.read_from(resource) as folder:
            pairs = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(config, {tuple(words): intent for words, intent in pairs})

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the utterances of up to four words that have one meaning only."""
        assert self._storage is not None
        storage, resource = self._storage
        meanings: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for message in training_data.intent_examples:
            words = _key(message.get(TEXT) or "")
            if 0 < len(words) <= SHORT:
                meanings[words].add(message.get(INTENT))
        clear = sorted((w, min(i)) for w, i in meanings.items() if len(i) == 1)
        self._short = dict(clear)
        with storage.write_to(resource) as folder:
            (folder / FILE).write_text(json.dumps(clear), encoding="utf-8")
        return resource

    def find(self, message: Message) -> list[Entity]:
        """Return the acts beside the message's own intent."""
        text = message.get(TEXT) or ""
        main = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        if not main or not self._short:
            return []
        spans = self._split(text)[: self.config["most"]]
        if len(spans) < 2:
            return []
        known = {span: self._short.get(_key(text[slice(*span)])) for span in spans}
        left = [span for span in spans if not known[span]]
        told = [span for span in left if text[slice(*span)].count(" ") >= 2]
        decided = {span: (name, SURE) for span, name in known.items() if name}
        if len(left) > 1 and told:
            decided |= self._decide(message, text, told)
        return self._acts(decided, main)

    def _acts(
        self, decided: dict[tuple[int, int], tuple[str, float]], main: str
    ) -> list[Entity]:
        best: dict[str, Entity] = {}
        for span, (name, sure) in sorted(decided.items()):
            quiet = name == main or name in self.config["quiet"]
            if not quiet and sure >= self.config["least"] and name not in best:
                best[name] = entity("act", name, span, sure)
        return list(best.values())

    def _split(self, text: str) -> list[tuple[int, int]]:
        """Return the clauses, with unpunctuated courtesies at the ends cut off."""
        found: list[tuple[int, int]] = []
        for start, end in clauses(text):
            head = self._courtesy(text, start, end, at_end=False)
            tail = self._courtesy(text, head or start, end, at_end=True)
            cuts = [start, *((head,) if head else ()), *((tail,) if tail else ()), end]
            found += pairwise(cuts)
        return [_without_spaces(text, span) for span in found]

    def _courtesy(self, text: str, start: int, end: int, *, at_end: bool) -> int | None:
        """Return where a courtesy at an end of the clause is cut off."""
        wanted = self.config["after" if at_end else "before"]
        words = list(WORD.finditer(text, start, end))
        for size in range(min(SHORT, len(words) - 2), 0, -1):
            some = words[-size:] if at_end else words[:size]
            if not at_end and words[size][0].lower() == "not":
                continue  # "I do not" is no "I do"
            key = tuple(stem(word[0]) for word in some)
            if self._short.get(key) in wanted:
                return some[0].start() if at_end else some[-1].end()
        return None

    def _decide(
        self, message: Message, text: str, spans: list[tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[str, float]]:
        reading, model = message.get(READING), message.get(MODEL)
        if reading is None or model is None:
            return {}

        def compute(texts: list[str]) -> list[tuple[str, float]]:
            encoded = reading.encoder.encode(texts)
            pairs = zip(texts, encoded, strict=True)
            readings = [Reading((t,), (e,), reading.encoder) for t, e in pairs]
            best = [decision.ranked()[0] for decision in model.decide(readings)]
            return [(model.intents[index], chance) for index, chance in best]

        said = [text[slice(*span)].lower() for span in spans]
        return dict(zip(spans, self._decided.get(said, compute), strict=True))


def _key(text: str) -> tuple[str, ...]:
    return tuple(stem(word[0]) for word in WORD.finditer(text))


def _without_spaces(text: str, span: tuple[int, int]) -> tuple[int, int]:
    piece = text[slice(*span)]
    start = span[0] + len(piece) - len(piece.lstrip(" ,"))
    return start, span[0] + len(piece.rstrip(" ,"))
