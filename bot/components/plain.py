"""A message as patterns read it: lower case, single spaces, spelling put right."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.components.spelling import Spelling, lexicon

TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain text, and where its words are in the original."""

    text: str
    starts: list[int]
    spans: list[tuple[int, int]]
    corrected: frozenset[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original characters of a stretch of the plain text."""
        inside = self.inside(start, end)
        return self.spans[inside[0]][0], self.spans[inside[-1]][1]

    def inside(self, start: int, end: int) -> list[int]:
        """Return which words the stretch holds."""
        return [i for i, at in enumerate(self.starts) if start <= at < end]

    def unsure(self, start: int, end: int) -> bool:
        """Tell whether a word of the stretch was misspelt."""
        return bool(self.corrected & set(self.inside(start, end)))


class Reader:
    """Makes plain texts; misspelt words become those of the vocabulary.

    English words are left as they are, and so are `known` ones; `fixes` are spellings
    that are too far off to be found.
    """

    def __init__(
        self,
        vocabulary: Iterable[str],
        *,
        known: frozenset[str] = frozenset(),
        fixes: Mapping[str, str] | None = None,
    ) -> None:
        self._spelling = Spelling(vocabulary)
        self._known = known | self._spelling.words
        self._fixes = fixes or {}
        self._english = lexicon()

    def read(self, text: str) -> Plain:
        """Return the text as the patterns read it."""
        words, starts, spans, corrected = [], [], [], set()
        length = 0
        for i, match in enumerate(TOKEN.finditer(text)):
            said = match[0].lower().replace("’", "'")
            word = self._spelt(said)
            if word != said and said not in self._fixes:
                corrected.add(i)
            word = word.replace("'", "")
            words.append(word)
            starts.append(length)
            spans.append(match.span())
            length += len(word) + 1
        return Plain(" ".join(words), starts, spans, frozenset(corrected))

    def _spelt(self, word: str) -> str:
        if word in self._fixes:
            return self._fixes[word]
        if word in self._known or word in self._english or not word.isalpha():
            return word
        near = self._spelling.near(word)
        return near[0][0] if near else word
