"""Correct misspelt words towards what the encoder and the training texts know."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORD = re.compile(r"[^\W\d_]+")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LETTERS = "abcdefghijklmnopqrstuvwxyz"

SHORTEST, LONGEST = 3, 24
TWO_MISTAKES_FROM = 7
REMEMBERED = 20_000
# How likely one certain slip is; of four scales tried, the one that gave the best
# accuracy on clean and mistyped validation texts together.
LEFT_OUT, SWAPPED, NEAR_KEY, OTHER_KEY = 0.006, 0.006, 0.002, 0.0002
# A word that neither the encoder nor the training texts know may still be right.
UNKNOWN = 1e-8
SHARE_OF_TRAINING = 0.5


def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for y, row in enumerate(ROWS):
        for x, key in enumerate(row):
            around = [
                ROWS[v][u]
                for v in (y - 1, y, y + 1)
                for u in (x - 1, x, x + 1)
                if 0 <= v < len(ROWS) and 0 <= u < len(ROWS[v]) and (u, v) != (x, y)
            ]
            near[key] = "".join(around)
    return near


NEAR = _neighbours()


def likely_origins(word: str) -> Iterator[tuple[str, float]]:
    """Yield what one slip may have turned into `word`, with the slip's likelihood."""
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        for letter in LETTERS:
            yield head + letter + tail, LEFT_OUT
        if not tail:
            continue
        key, rest = tail[0], tail[1:]
        beside = NEAR.get(key, "") + key
        doubled = (head[-1:] in beside and head) or (rest[:1] in beside and rest)
        yield head + rest, NEAR_KEY if doubled else OTHER_KEY
        for letter in LETTERS:
            slip = NEAR_KEY if letter in beside else OTHER_KEY
            yield head + letter + rest, slip
        if rest:
            yield head + rest[0] + key + rest[1:], SWAPPED


class Corrector:
    """A noisy channel: how usual a word is, times how easily it is mistyped so.

    After Kernighan, Church and Gale, "A spelling correction program based on a noisy
    channel model", 1990.
    """

    def __init__(self, ranks: Mapping[str, int], training: Mapping[str, int]) -> None:
        """Take words by rank of use (0 = most usual), and counts in the training."""
        total = max(sum(training.values()), 1)
        scale = math.log(len(ranks) + 2)
        self._usual = {
            word: (1 - SHARE_OF_TRAINING) / (rank + 1) / scale
            for word, rank in ranks.items()
        }
        for word, count in training.items():
            seen = SHARE_OF_TRAINING * count / total
            self._usual[word] = self._usual.get(word, 0.0) + seen
        self._trained = frozenset(training)
        self._long: dict[str, list[str]] = defaultdict(list)
        for word in self._usual:
            if len(word) >= TWO_MISTAKES_FROM:
                self._long[word[0]].append(word)
        self._found: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Return the text, lower case, with misspelt words corrected."""
        return WORD.sub(lambda match: self._word(match.group()), text.lower())

    def _word(self, word: str) -> str:
        if word in self._trained or not SHORTEST <= len(word) <= LONGEST:
            return word
        if word not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[word] = self._best(word)
        return self._found[word]

    def _best(self, word: str) -> str:
        itself = self._usual.get(word, UNKNOWN)
        best, score = word, itself
        for origin, slip in likely_origins(word):
            likely = self._usual.get(origin, 0.0) * slip
            if likely > score and len(origin) >= SHORTEST:
                best, score = origin, likely
        if best == word and itself == UNKNOWN and len(word) >= TWO_MISTAKES_FROM:
            return self._two_mistakes(word)
        return best

    def _two_mistakes(self, word: str) -> str:
        # A first letter is rarely wrong, and one letter's words are soon searched.
        found: Sequence[tuple[str, int, int]] = process.extract(
            word,
            self._long.get(word[0], ()),
            scorer=OSA.distance,
            score_cutoff=2,
            limit=8,
        )
        return max(
            (other for other, _, _ in found), key=self._usual.__getitem__, default=word
        )


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count the words of texts, lower case, letters only."""
    return Counter(word for text in texts for word in WORD.findall(text.lower()))
