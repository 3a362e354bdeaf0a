"""The catalogue's names as a trie of stems, found in running text.

Building costs about 20 µs a name and a lookup does not depend on how many names there
are: each word of a message is looked up once, then the trie is walked.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc

from bot.components.spelling import Spelling
from bot.components.stem import fold, positive, stem

WORD = re.compile(r"#|[^\W_]+(?:['’][^\W_]+)?")
JOINERS = frozenset("-–/&'’.")
HEAD_NOUN, JOINED, RISKY, COMPARED, INFLECTED = 0.6, 0.95, 0.85, 0.95, 0.97
LONGEST_NAME = 12


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message: its stem, as written, and where."""

    stem: str
    text: str
    start: int
    end: int
    first: bool
    """Whether punctuation parts it from the word before."""


@dataclass(frozen=True, slots=True)
class Term:
    """What a name stands for; `weight` is how surely."""

    entity: str
    value: str
    attribute: str | None
    weight: float
    written: str = ""
    """The name as the catalogue writes it, in lower case."""


@dataclass(frozen=True, slots=True)
class Match:
    """A term found between two word positions, end exclusive."""

    term: Term
    start: int
    end: int
    confidence: float


def words(doc: Doc) -> list[Word]:
    """Split a Doc as the names of the index are split."""
    found, first = [], True
    for token in doc:
        pieces = list(WORD.finditer(token.text))
        for piece in pieces:
            whole = len(piece[0]) == len(token)
            key = token.lemma_ if whole else stem(piece[0])
            start = token.idx + piece.start()
            end = start + len(piece[0])
            found.append(Word(key, piece[0].lower(), start, end, first))
            first = False
        if not pieces and not token.is_space and token.text not in JOINERS:
            first = True
    return found


class TermIndex:
    """Names of the catalogue, as `coach catalogue load` writes them."""

    def __init__(self, terms: list[dict[str, Any]], lexicon: frozenset[str]) -> None:
        self.size = len(terms)
        self._lexicon = lexicon
        self._trie: dict[str, Any] = {}
        self.products: dict[str, set[str]] = defaultdict(set)
        self.brands: set[str] = set()
        for term in terms:
            self._add(term)
        self._add_head_nouns(terms)
        self.vocabulary = frozenset(_keys(self._trie))
        self._spelling = Spelling(self.vocabulary)

    def _add(self, term: dict[str, Any]) -> None:
        about = (term["entity"], term["value"], term.get("attribute"))
        for name in term["names"]:
            stems, known = split(name), Term(*about, 1.0, _plain(name))
            if not _tells(stems):
                continue
            self._put(stems, known)
            if len(stems) == 2 and all(s.isalpha() for s in stems):
                joined = Term(*about, JOINED)
                self._put([stem("".join(WORD.findall(name)))], joined)
            if known.entity == "product":
                for one in stems:
                    self.products[one].add(known.value)
            elif known.entity == "brand" and len(stems) == 1:
                self.brands.add(stems[0])

    def _add_head_nouns(self, terms: list[dict[str, Any]]) -> None:
        """Let `chair` alone mean the one category that is called some chair."""
        categories = [t for t in terms if t["entity"] == "category" and t["names"]]
        ends = [{split(n)[-1] for n in t["names"] if split(n)} for t in categories]
        shared = Counter(end for each in ends for end in each)
        for term in categories:
            stems = split(term["names"][0])
            if len(stems) == 2 and shared[stems[1]] == 1 and _tells(stems[1:]):
                if stems[1] not in self._trie:
                    head = Term("category", term["value"], None, HEAD_NOUN)
                    self._put(stems[1:], head)

    def _put(self, stems: list[str], term: Term) -> None:
        node = self._trie
        for one in stems[:LONGEST_NAME]:
            node = node.setdefault(one, {})
        ends: list[Term] = node.setdefault("", [])
        if term not in ends:
            ends.append(term)

    def find(self, said: list[Word]) -> list[Match]:
        """Return all matches, overlapping ones too."""
        alternatives = [self._alternatives(word) for word in said]
        found = []
        for start in range(len(said)):
            for end, terms, sure in self._walk(said, alternatives, start):
                written = " ".join(fold(word.text) for word in said[start:end])
                for term in terms:
                    same = term.written in ("", written)
                    # A brand has no endings: the warmest is not Warmly.
                    if same or term.entity != "brand" or sure < COMPARED:
                        weight = term.weight * (1.0 if same else INFLECTED)
                        found.append(Match(term, start, end, sure * weight))
        return found

    def spelt(self, word: Word) -> str:
        """Return the word's stem, corrected towards the catalogue if misspelt."""
        options = self._alternatives(word)
        return options[0][0] if options and not options[0][2] else word.stem

    def _alternatives(self, word: Word) -> list[tuple[str, float, bool]]:
        """Return known stems for the word with similarity and whether it is a risk.

        Correcting an English word is a risk: only its neighbours can justify it.
        """
        if word.stem in self.vocabulary:
            return [(word.stem, 1.0, False)]
        compared = [s for s in positive(word.text) if s in self.vocabulary]
        if compared:
            return [(one, COMPARED, False) for one in compared]
        risk = word.text in self._lexicon or word.stem in self._lexicon
        near = self._spelling.near(word.stem) or self._spelling.near(word.text)
        return [(other, alike * (RISKY if risk else 1), risk) for other, alike in near]

    def _walk(
        self, said: list[Word], options: list[list[tuple[str, float, bool]]], start: int
    ) -> Iterator[tuple[int, list[Term], float]]:
        """Follow the trie from a word; yields (end, terms, similarity)."""
        paths = [(self._trie, start, 1.0, False, False)]
        while paths:
            node, at, sure, risky, exact = paths.pop()
            if "" in node and at > start and (exact or not risky):
                yield at, node[""], sure
            if at == len(said) or (at > start and said[at].first):
                continue
            for key, alike, risk in options[at]:
                if key in node:
                    step = (sure * alike, risky or risk, exact or alike == 1)
                    paths.append((node[key], at + 1, *step))
            if at + 1 < len(said) and not said[at + 1].first:
                joined = stem(said[at].text + said[at + 1].text)
                if joined in node and joined not in said[at].stem:
                    paths.append((node[joined], at + 2, sure * JOINED, risky, True))


def split(name: str) -> list[str]:
    """Return the stems of a name."""
    return [stem(word) for word in WORD.findall(name)]


def _plain(name: str) -> str:
    return " ".join(fold(word) for word in WORD.findall(name))


def _tells(stems: list[str]) -> bool:
    """Tell whether a name says anything: not a number or a function word alone."""
    return any(not s.isdigit() and s not in STOP_WORDS and s != "#" for s in stems) or (
        len(stems) > 1 and any(len(s) > 4 or s.isdigit() for s in stems)
    )


def _keys(node: dict[str, Any]) -> Iterator[str]:
    stack = [node]
    while stack:
        for key, below in stack.pop().items():
            if key:
                yield key
                stack.append(below)
