"""Words without their endings, so that a term and a message meet."""

import unicodedata
from functools import lru_cache

IRREGULAR = {
    "woke": "wake", "woken": "wake", "slept": "sleep", "kept": "keep",
    "felt": "feel", "fell": "fall", "fallen": "fall", "lain": "lie",
    "lying": "lie", "lay": "lie", "got": "get", "went": "go", "gone": "go",
    "bought": "buy", "ran": "run", "ate": "eat", "eaten": "eat",
    "drank": "drink", "drunk": "drink", "broke": "break", "broken": "break",
    "sat": "sit", "stood": "stand", "made": "make", "took": "take",
    "taken": "take", "gave": "give", "hurts": "hurt", "hurting": "hurt",
    "children": "child", "kids": "kid", "feet": "foot", "teeth": "tooth",
    "knives": "knife", "mice": "mouse", "men": "man", "women": "woman",
    "shoes": "shoe", "has": "have", "had": "have", "does": "do", "did": "do",
    "am": "be", "is": "be", "are": "be", "was": "be", "were": "be",
    "been": "be", "being": "be", "dying": "die", "dies": "die",
    "colours": "color", "colour": "color", "coloured": "color",
    "grey": "gray", "metre": "meter", "litre": "liter", "woollen": "wool",
    "wooden": "wood", "cosy": "cozy", "mum": "mom", "mould": "mold",
}  # fmt: skip
VOWELS = frozenset("aeiouy")
DOUBLED = frozenset("bdgmnprt")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the word in lower case without accents and English endings.

    The result is a key and not a word: waking, wakes and woke all give `wak`.
    """
    plain = fold(word)
    plain = IRREGULAR.get(plain, plain)
    if len(plain) <= 3 or not plain.isascii() or not plain.isalpha():
        return plain
    plain = _without_verb_ending(_singular(plain))
    if len(plain) > 3 and plain.endswith("e"):
        plain = plain[:-1]
    if len(plain) > 3 and plain.endswith("i"):
        plain = plain[:-1] + "y"
    return plain


def fold(word: str) -> str:
    """Lower the case and drop the accents of Latin letters."""
    lower = word.lower().replace("’", "'")
    if lower.isascii():
        return lower
    split = unicodedata.normalize("NFKD", lower)
    plain = "".join(c for c in split if not unicodedata.combining(c))
    return plain if plain.isascii() else lower


def _singular(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]


def _without_verb_ending(word: str) -> str:
    for ending, least in (("ing", 3), ("ed", 3), ("ly", 4)):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= least and VOWELS & set(root):
            if ending == "ed" and root.endswith("e"):
                return word
            doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] in DOUBLED
            doubled = doubled or (len(root) > 5 and root.endswith("ell"))
            return root[:-1] if doubled else root
    return word


@lru_cache(maxsize=65536)
def positive(word: str) -> tuple[str, ...]:
    """Return the stems that a comparative or superlative may come from."""
    plain = fold(word)
    for ending in ("est", "er"):
        root = plain[: -len(ending)]
        if plain.endswith(ending) and len(root) >= 3:
            shorter = (root[:-1],) if root[-1] == root[-2] else ()
            return tuple(dict.fromkeys(stem(one) for one in (root, *shorter)))
    return ()
