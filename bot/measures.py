"""What is measured of an NLU on labelled utterances."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import f1_score

from bot.components.calibration import accepting, calibration_error

OUTSIDE = frozenset({"out_of_scope", "oos"})
ACCEPTED = 0.95


@dataclass(frozen=True)
class Parsed:
    """What the engine said of one utterance, beside what is right."""

    text: str
    right: str
    said: str
    confidence: float
    scope: float
    """Higher is surer that the text is about what the intents are about."""
    milliseconds: float
    ranked: frozenset[str] = frozenset()
    """Intents that the engine considered."""


@dataclass(frozen=True)
class Measures:
    """Figures of one test; shares are in 0..1."""

    texts: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    outside_recall: float | None
    """Share of out-of-scope texts refused when 95 % of the others are accepted."""
    milliseconds: float
    """Median processor time of one message."""


def canonical(intent: str) -> str:
    """Call every out-of-scope label by one name."""
    return "out_of_scope" if intent in OUTSIDE else intent


def trained_intents(parsed: Sequence[Parsed]) -> set[str]:
    """Return the intents of an engine, as far as what it parsed shows them."""
    considered = {canonical(name) for one in parsed for name in one.ranked}
    return considered | {one.right for one in parsed} - OUTSIDE


def measure(parsed: Sequence[Parsed], intents: set[str]) -> Measures:
    """Measure on what was parsed; `intents` are those that were trained."""
    scored = [one for one in parsed if one.right in intents]
    right = np.array([one.said == one.right for one in scored])
    confidences = np.array([one.confidence for one in scored])
    names = sorted({one.right for one in scored})
    return Measures(
        texts=len(parsed),
        accuracy=float(right.mean()),
        macro_f1=float(
            f1_score(
                [one.right for one in scored],
                [one.said for one in scored],
                labels=names,
                average="macro",
                zero_division=0,
            )
        ),
        calibration_error=calibration_error(confidences, right),
        outside_recall=outside_recall(parsed, intents),
        milliseconds=float(np.median([one.milliseconds for one in parsed])),
    )


def outside_recall(parsed: Sequence[Parsed], intents: set[str]) -> float | None:
    """Return the share of out-of-scope texts refused at 95 % acceptance, if any."""
    known = intents - OUTSIDE
    inside = np.array([one.scope for one in parsed if one.right in known])
    outside = np.array([one.scope for one in parsed if one.right not in known])
    if not len(outside) or not len(inside):
        return None
    return float((outside < accepting(inside, ACCEPTED)).mean())


def confusions(parsed: Sequence[Parsed], most: int) -> list[tuple[str, str, int, str]]:
    """Return (right, said, how often, an example), most frequent first."""
    wrong = [one for one in parsed if one.said != one.right]
    example = {(one.right, one.said): one.text for one in reversed(wrong)}
    counts = Counter((one.right, one.said) for one in wrong)
    return [(*pair, count, example[pair]) for pair, count in counts.most_common(most)]


def recalls(parsed: Sequence[Parsed]) -> list[tuple[str, int, float, float]]:
    """Return (intent, texts, recall, precision), the worst first."""
    rows = []
    for name in sorted({one.right for one in parsed}):
        texts = [one for one in parsed if one.right == name]
        said = [one for one in parsed if one.said == name]
        hits = sum(one.said == name for one in texts)
        rows.append((name, len(texts), hits / len(texts), hits / max(len(said), 1)))
    return sorted(rows, key=lambda row: row[2] + row[3])
