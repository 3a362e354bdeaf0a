"""What a contest found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

LEAST = 1e-3
"""A smaller gain in the mean is none."""


@dataclass(frozen=True)
class Verdict:
    """How well each foretold the newest answers; a higher number is better.

    `weights` and `data` are what a better challenger consists of; where what serves
    stays, `data` is the same model counted anew.
    """

    kind: str
    answers: int
    serving: float
    challenger: float
    better: bool = False
    weights: Mapping[str, float] = field(default_factory=dict)
    data: bytes | None = None


def surely_better(serving: Sequence[float], challenger: Sequence[float]) -> bool:
    """Tell whether the gain, answer by answer, is larger than its standard error."""
    gains = np.array(challenger) - np.array(serving)
    return bool(gains.mean() > LEAST + gains.std() / len(gains) ** 0.5)
