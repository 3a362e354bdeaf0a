"""Cue phrases of the need files, found in a message whatever their ending or order gap.

A phrase is found when its telling words stand in order, with at most two other words
between neighbours; small words (the, my, a) may be missing. Misspelt words count.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from bot.components.finder import Entity, covered
from bot.components.spacy_doc import SLANG
from bot.components.spelling import Spelling, lexicon

MEANING = frozenset(
    "no not never without nothing cannot up down off out on over under back again too"
    " keep first last few more less every nobody nowhere empty alone full whole top"
    " one two three four five six ten twelve fifty".split()
)
SMALL = frozenset(STOP_WORDS) - MEANING
GAP = 2
NEGATORS = frozenset({"not", "no", "never", "without", "hardly"})
FUZZY = 0.9


@dataclass(frozen=True, slots=True)
class Phrase:
    """One cue phrase: the stems that tell, and how many small words stand between."""

    need: str
    cue: str
    stems: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue found between two characters, with how well it fits, 0 to 1."""

    need: str
    cue: str
    start: int
    end: int
    fit: float


class Cues:
    """All cue phrases, indexed by their rarest word."""

    def __init__(self, phrases: Iterable[tuple[str, str, str]], nlp: Language) -> None:
        """Index phrases, given as (need, cue, phrase)."""
        self._by_first: dict[str, list[Phrase]] = defaultdict(list)
        forms: dict[str, str] = {}
        for need, cue, text in phrases:
            doc = nlp(text)
            stems = _telling(doc)
            forms.update({t.lower_: t.lemma_ for t in doc if t.lemma_ in stems})
            if stems:
                phrase = Phrase(need, cue, stems, bool(NEGATORS & set(stems)))
                self._by_first[stems[0]].append(phrase)
        self._forms = forms
        self._vocabulary = frozenset(forms.values())
        self._spelling = Spelling(forms)
        self._english = lexicon()

    def find(self, doc: Doc) -> list[CueHit]:
        """Return the best hit of each cue, in text order."""
        words = [self._spelt(token.lower_, token.lemma_) for token in doc]
        kept = [i for i, token in enumerate(doc) if not token.is_space]
        best: dict[tuple[str, str], CueHit] = {}
        for place, i in enumerate(kept):
            for phrase in self._by_first.get(words[i][0], ()):
                hit = self._match(phrase, doc, words, kept, place)
                if hit and hit.fit > best.get((hit.need, hit.cue), _NOTHING).fit:
                    best[(hit.need, hit.cue)] = hit
        return sorted(best.values(), key=lambda hit: (hit.start, hit.end, hit.cue))

    def _spelt(self, said: str, key: str) -> tuple[str, float]:
        if key in self._vocabulary or said in self._english or key in self._english:
            return key, 1.0
        near = self._spelling.near(said)
        return (self._forms[near[0][0]], FUZZY) if near else (key, 1.0)

    def _match(
        self,
        phrase: Phrase,
        doc: Doc,
        words: list[tuple[str, float]],
        kept: list[int],
        place: int,
    ) -> CueHit | None:
        fit, at = words[kept[place]][1], place
        for wanted in phrase.stems[1:]:
            step = _next(words, kept, at, wanted)
            if step is None:
                return None
            fit *= words[kept[step]][1] * (1.0 - 0.05 * max(0, step - at - 1))
            at = step
        if not phrase.negated and _is_denied(words, kept, place):
            return None
        first, last = doc[kept[place]], doc[kept[at]]
        start = _word_start(doc, first.i)
        return CueHit(phrase.need, phrase.cue, start, last.idx + len(last), fit)


def tells(doc: Doc, taken: list[Entity]) -> bool:
    """Tell whether a message says more than small words and what was taken already.

    "Every six weeks" answers how often, whatever need its words are usual in.
    """
    left = (token for token in doc if token.is_alpha and token.norm_ not in SMALL)
    return any(not covered((t.idx, t.idx + len(t)), taken) for t in left)


_NOTHING = CueHit("", "", 0, 0, 0.0)


def _telling(doc: Doc) -> tuple[str, ...]:
    """Return the stems of a phrase that must be found; all when none is telling."""
    words = [(t.lemma_, SLANG.get(t.lower_, t.norm_)) for t in doc if t.text.strip()]
    words = [(key, norm) for key, norm in words if any(c.isalnum() for c in norm)]
    stems = tuple(key for key, norm in words if norm not in SMALL and key != "'s")
    if len(stems) < 2 and len(words) > 1:
        stems = tuple(key for key, _ in words)
    return stems


def _word_start(doc: Doc, at: int) -> int:
    """Return where the word begins of which spaCy made several tokens (can't)."""
    while at and not doc[at - 1].whitespace_ and doc[at - 1].is_alpha:
        at -= 1
    return doc[at].idx


def _next(
    words: list[tuple[str, float]], kept: list[int], at: int, wanted: str
) -> int | None:
    """Find the wanted stem within the gap; small words do not count as a gap."""
    gap = 0
    for step in range(at + 1, min(len(kept), at + 8)):
        word = words[kept[step]][0]
        if word == wanted:
            return step
        if word in (".", "!", "?", ";") or word in NEGATORS:
            return None
        gap += word not in SMALL
        if gap > GAP:
            return None
    return None


def _is_denied(words: list[tuple[str, float]], kept: list[int], place: int) -> bool:
    before = [words[kept[i]][0] for i in range(max(0, place - 3), place)]
    return bool(NEGATORS & set(before)) and "," not in before
