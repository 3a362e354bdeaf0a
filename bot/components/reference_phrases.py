"""Phrases that point at what was shown, over plain text (see `plain`)."""

import re

ORDINALS = {
    "first": 1,
    "1 st": 1,
    "second": 2,
    "2 nd": 2,
    "third": 3,
    "3 rd": 3,
    "fourth": 4,
    "4 th": 4,
    "fifth": 5,
    "5 th": 5,
    "sixth": 6,
    "6 th": 6,
    "last": -1,
    "former": 1,
    "latter": -1,
    "final": -1,
    "top": 1,
    "bottom": -1,
    "middle": 2,
    "left": 1,
    "right": -1,
    "leftmost": 1,
    "rightmost": -1,
}
CARDINALS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "couple": 2,
}
FIXES = {
    "frist": "first",
    "fisrt": "first",
    "secnd": "second",
    "secound": "second",
    "thrid": "third",
    "scond": "second",
    "lats": "last",
}
BY_WORD = {
    ("price", "min"): (
        "cheaper",
        "cheapest",
        "less expensive",
        "least expensive",
        "more affordable",
        "most affordable",
        "lowest priced",
        "cheap",
    ),
    ("price", "max"): (
        "dearer",
        "dearest",
        "pricier",
        "priciest",
        "more expensive",
        "most expensive",
        "costlier",
        "costliest",
        "expensive",
        "pricey",
    ),
    ("delivery_days", "min"): ("fastest", "quickest", "soonest", "faster", "quicker"),
}
PLACES = frozenset({"top", "bottom", "middle", "left", "right", "final"})

_ORD = "|".join(sorted(ORDINALS, key=len, reverse=True))
_NUM = "|".join(CARDINALS) + r"|[1-9]"
_NAMED = r"option|number|no(?: \.)?|nr(?: \.)?|choice|product|item|article|variant|#"
END = re.compile(
    r" ?(?:$|[.,!?;:)\]…\U0001F300-\U0001FAFF]|(?:ones?|options?|choices?|products?"
    r"|items?"
    r"|things?|of|please|pls|plz|and|or|is|looks?|seems?|sounds?|but|with|in|then"
    r"|instead|for|too|if|because|as|was|has|would|will|thanks?|you|from|that|which"
    r"|they"
    r"|definitely|maybe|ill|i|better|again|mentioned|shown|suggested|will|to|at|costs?"
    r"|does|did|do|could|can|made|got|comes|not|s|u|im|so|on)\b)"
)
ONE = rf"(?:(?P<ord>{_ORD})(?: (?P<how>{_NUM})\b)?)"
ORDINAL = re.compile(
    rf"\b(?:the|that|this|your|its|ur|take|want|like|prefer|buy|choose|pick|with|on"
    rf"|and|or|option|no"
    rf"|about|for|of|to|by|than|is|,) (?:very )?{ONE}"
)
BARE = re.compile(ONE)
FILLERS = frozenset(
    "i ill id just ok okay yes maybe probably hmm um go take have want like the a an "
    "one ones"
    " please pls plz thanks thx then option think me for it ma".split()
)
PLACED = re.compile(
    r"\b(?:ones?|option|chair|picture) (?:on|at|in) the (?:very |far )?(?P<ord>left"
    r"|right|top|bottom|middle)\b"
)
NUMBERED = re.compile(
    rf"(?<!\w)(?:{_NAMED}) ?(?P<num>{_NUM})(?: (?:and|or|,|&) "
    rf"(?P<too>{_NUM}))?(?![\w])(?! [.:] \d)"
)
ALL = re.compile(
    r"\b(?:both(?: of (?:them|those|these))?|all (?:of (?:them|those|these|it)"
    r"|(?:the )?(?:three|four|two|[2-9]))"
    r"|them (?:all|both)|each of (?:them|those|these)|every one of them)\b|^all(?: "
    r"please)?(?: [.!])?$"
)
NONE = re.compile(
    r"\bnone of (?:them|those|these|the above|it|this|that)\b|^(?:no )?,? ?none\b(?! "
    r"the less)"
    r"|\bneither(?! (?:\w+ ){1,3}nor\b)(?: of (?:them|those|these)| one)?\b"
    r"|\b(?:not|dont|didnt|cant|wont|no) (?:\w+ ){0,3}any(?: one)? of (?:them|those"
    r"|these)\b"
)
ONE_WITH = re.compile(
    r"\b(?:the|that|this|those|these) (?:ones?|thing|option|version|model)(?: you "
    r"showed| you said)?"
    r" (?:with|in|of|from|by|made (?:of|from|out of)|that is|thats|that has|which is"
    r"|which has|that comes in|s)"
    r"(?: \w+){0,2} ?$"
)
THE_BEFORE = re.compile(r"\b(?:the|that|this|those|these)(?: \w+)? $")
ONE_AFTER = re.compile(r" (?:\w+ )?(?:ones?|version|option|model)\b")
