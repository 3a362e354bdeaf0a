"""One spaCy Doc per message, shared by everything that reads words.

Config:
    language: code of the blank spaCy pipeline (default `en`).
    pipeline: name or folder of a trained spaCy pipeline; it replaces the blank one
        (default none: trained pipelines are not installed with the product).
    remembered: how many texts keep their Doc (default 256).
"""

import re
from collections import OrderedDict
from functools import lru_cache
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.components.stem import stem

DOC = "spacy_doc"
CHUNK = re.compile(r"\S{65}")
PIECE = re.compile(r"(\w{1,64}|[^\w\s]{1,32}|\s)")
SLANG = {
    "u": "you", "ur": "your", "r": "are", "pls": "please", "plz": "please",
    "thx": "thanks", "ty": "thanks", "wanna": "want", "gonna": "going",
    "cos": "because", "cuz": "because", "bc": "because", "w/o": "without",
    "tmrw": "tomorrow", "tmr": "tomorrow", "2moro": "tomorrow", "nite": "night",
    "cannot": "not", "nope": "no", "nah": "no", "rly": "really", "luv": "love",
    "ppl": "people", "wknd": "weekend", "bday": "birthday", "xmas": "christmas",
}  # fmt: skip


class Pieces:
    """spaCy's tokenizer, spared the endless words that it is slow on."""

    def __init__(self, tokenizer: Any, vocab: Vocab) -> None:
        self._tokenizer = tokenizer
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Split into tokens; ten thousand brackets cost spaCy seven seconds."""
        if not CHUNK.search(text):
            doc: Doc = self._tokenizer(text)
            return doc
        words = [piece for piece in PIECE.findall(text) if piece]
        return Doc(self._vocab, words=words, spaces=[False] * len(words))


@Language.component("stemmer")
def stemmer(doc: Doc) -> Doc:
    """Set each token's lemma to its stem, through spaCy's norm (n't is not)."""
    for token in doc:
        token.lemma_ = stem(SLANG.get(token.lower_) or token.norm_)
    return doc


@lru_cache(maxsize=4)
def pipeline(language: str = "en", trained: str | None = None) -> Language:
    """Load the spaCy pipeline once per process, with the stemmer last."""
    nlp = spacy.load(trained) if trained else spacy.blank(language)
    nlp.tokenizer = Pieces(nlp.tokenizer, nlp.vocab)
    nlp.add_pipe("stemmer", last=True)
    nlp.max_length = 10_000_000
    return nlp


def doc_of(message: Message) -> Doc:
    """Return the message's Doc, made now when SpacyDoc did not run before."""
    doc: Doc | None = message.get(DOC)
    if doc is None:
        doc = pipeline()(message.get(TEXT) or "")
        message.set(DOC, doc)
    return doc


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False
)
class SpacyDoc(GraphComponent):
    """Sets the Doc on each message; must stand first in the pipeline."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._nlp = pipeline(config["language"], config["pipeline"])
        self._remembered: OrderedDict[str, Doc] = OrderedDict()
        self._most = config["remembered"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"language": "en", "pipeline": None, "remembered": 256}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 (Rasa passes it by name)
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "SpacyDoc":
        """Make the component for Rasa's graph."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the Doc of each message."""
        for message in messages:
            message.set(DOC, self._doc(message.get(TEXT) or ""))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave training data alone: its Docs are made when somebody asks."""
        return training_data

    def _doc(self, text: str) -> Doc:
        if text in self._remembered:
            self._remembered.move_to_end(text)
            return self._remembered[text]
        doc = self._nlp(text)
        self._remembered[text] = doc
        if len(self._remembered) > self._most:
            self._remembered.popitem(last=False)
        return doc
