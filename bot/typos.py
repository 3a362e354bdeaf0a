"""Mistype texts the way fingers do, to measure what it costs."""

import numpy as np

from bot.components.correction import NEAR

SHORTEST = 3
SLIPS = ("leave out", "swap", "add", "miss")


def mistype(text: str, share: float, draw: np.random.Generator) -> str:
    """Return the text with one slip in about a `share` of its words of 3 letters up."""
    words = text.split(" ")
    return " ".join(
        slip(word, draw) if len(word) >= SHORTEST and draw.random() < share else word
        for word in words
    )


def slip(word: str, draw: np.random.Generator) -> str:
    """Leave a letter out, swap two, or hit a neighbouring key as well or instead."""
    at = int(draw.integers(len(word)))
    beside = NEAR.get(word[at].lower(), word[at])
    near = beside[int(draw.integers(len(beside)))]
    match SLIPS[int(draw.integers(len(SLIPS)))]:
        case "leave out":
            return word[:at] + word[at + 1 :]
        case "swap":
            return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        case "add":
            return word[:at] + near + word[at:]
        case _:
            return word[:at] + near + word[at + 1 :]
