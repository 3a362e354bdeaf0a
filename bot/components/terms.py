"""Catalogue terms in a message, whatever their spelling and ending.

Config:
    path: terms as `coach catalogue load` writes them (default `var/terms.json`); read
        again when the file changes. Missing: no terms, and one warning.
    lexicon: file of English words that are never taken for a misspelt term (default:
        the word list of the encoder's package).
    most: how many readings of the same words to keep (default 4).
"""

import json
import logging
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.finder import Entity, Finder, entity
from bot.components.ordinary import is_ordinary
from bot.components.spacy_doc import doc_of
from bot.components.spelling import lexicon
from bot.components.term_index import Match, Term, TermIndex, Word, words

logger = logging.getLogger(__name__)
RANK = ("product", "category", "brand", "material", "colour", "size", "attribute")
COMMON = 5


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False
)
class CatalogueTerms(Finder):
    """Finds products, categories, brands, attributes and their values."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._path = Path(self.config["path"])
        self._lexicon = lexicon(self.config["lexicon"])
        self._read_at: int | None = None
        self._index = TermIndex([], self._lexicon)
        self._warned = False

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults of the keys in the module's docstring."""
        return {"path": "var/terms.json", "lexicon": None, "most": 4}

    def find(self, message: Message) -> list[Entity]:
        """Return the terms; longer ones hide those that they contain."""
        index = self._current()
        if not index.size:
            return []
        said = words(doc_of(message))
        found = index.find(said)
        parts = _parts_of_names(index, said, self._lexicon)
        found += [part for part in parts if not _named(part, found)]
        kept = _longest(found, self.config["most"])
        intent = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        return [
            _entity(match, said)
            for match in kept
            if not is_ordinary(match, kept, said, intent)
        ]

    def _current(self) -> TermIndex:
        try:
            changed = self._path.stat().st_mtime_ns
        except OSError:
            self._warn("%s is missing, no catalogue term will be understood")
            return self._index
        if changed != self._read_at:
            self._read_at = changed
            self._read()
        return self._index

    def _read(self) -> None:
        try:
            terms = json.loads(self._path.read_text(encoding="utf-8"))["terms"]
            self._index = TermIndex(terms, self._lexicon)
        except (OSError, ValueError, KeyError, TypeError):
            logger.exception(
                "%s is not readable, the terms before are kept", self._path
            )

    def _warn(self, text: str) -> None:
        if not self._warned:
            logger.warning(text, self._path)
            self._warned = True


def _longest(found: list[Match], most: int) -> list[Match]:
    """Keep the longest matches; several readings of the very same words may stay."""
    found.sort(
        key=lambda m: (m.start - m.end, -m.confidence, RANK.index(m.term.entity))
    )
    kept: list[Match] = []
    taken: dict[int, tuple[int, int]] = {}
    for match in found:
        span = (match.start, match.end)
        owners = {taken.get(i) for i in range(*span)}
        same = [m for m in kept if (m.start, m.end) == span]
        known = any(_same(m, match) for m in same)
        if owners == {None} or (owners == {span} and not known and len(same) < most):
            if not same or match.confidence >= same[0].confidence - 0.02:
                kept.append(match)
                taken.update(dict.fromkeys(range(*span), span))
    return kept


def _named(part: Match, found: list[Match]) -> bool:
    """Tell whether the words are a name of something else: decaf, dark roast."""
    return any(
        match.start <= part.start and part.end <= match.end and match.term.weight == 1.0
        for match in found
    )


def _same(one: Match, other: Match) -> bool:
    return (one.term.entity, one.term.value) == (other.term.entity, other.term.value)


def _parts_of_names(
    index: TermIndex, said: list[Word], english: frozenset[str]
) -> list[Match]:
    """Find products by a part of their name that only few of them share.

    The part must hold a brand or a word that is not English: `the lind chair`, but
    never `black chair`.
    """
    found = []
    for start in range(len(said)):
        if (start and _follows(index, said, start)) or not index.products:
            continue
        end, owners = _run(index, said, start)
        part = [index.spelt(one) for one in said[start:end]]
        special = any(_special(index, s, english) for s in part)
        lone = len(part) == 1 and part[0] in index.brands
        if owners and special and not lone and len(owners) <= COMMON:
            sure = 0.9 / len(owners) if len(owners) > 1 else 0.85
            terms = [Term("product", owner, None, sure) for owner in sorted(owners)]
            found += [Match(term, start, end, term.weight) for term in terms]
    return found


def _special(index: TermIndex, one: str, english: frozenset[str]) -> bool:
    rare = len(index.products.get(one, ())) <= COMMON and one not in english
    return one in index.brands or (rare and one.isalpha() and len(one) > 3)


def _follows(index: TermIndex, said: list[Word], at: int) -> bool:
    """Tell whether the word before may belong to the same name."""
    before, this = index.spelt(said[at - 1]), index.spelt(said[at])
    shared = index.products.get(before, set()) & index.products.get(this, set())
    return bool(shared) and not said[at].first


def _run(index: TermIndex, said: list[Word], start: int) -> tuple[int, set[str]]:
    """Return how far the words from here share products, and those products."""
    owners = set(index.products.get(index.spelt(said[start]), ()))
    end = start + 1
    while owners and end < len(said) and not said[end].first:
        shared = owners & index.products.get(index.spelt(said[end]), set())
        if not shared:
            break
        owners, end = shared, end + 1
    return end, owners


def _entity(match: Match, said: list[Word]) -> Entity:
    term = match.term
    span = (said[match.start].start, said[match.end - 1].end)
    more = {"attribute": term.attribute} if term.attribute else {}
    return entity(term.entity, term.value, span, match.confidence, **more)
