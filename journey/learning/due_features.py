"""The features of a customer and a product, from counts: logs, ratios and hinges."""

from collections.abc import Iterable

import numpy as np

from journey.learning.linear import Numbers
from journey.learning.rhythm import Row

COLUMNS = (
    "times elapsed expected gap1 gap2 mean median spread product product_count"
    " visit_gap visit_gap_lately since_visit in30 in90 rate visits_since visits_per"
    " trend customer visits products"
).split()
KNOTS = (-1.0, -0.4, 0.0, 0.4, 1.0)


def shape(raw: Iterable[Row], *, elapsed: bool = True) -> Numbers:
    """Return the model's features of counted rows: logs, ratios and hinges."""
    x = dict(zip(COLUMNS, np.array(list(raw), float).T, strict=True))
    has, has2 = x["times"] > 1, x["gap2"] > 0
    expected, times = x["expected"], np.log(x["times"])
    often = np.log(x["in30"] + 0.5)
    features = [
        expected,
        times,
        np.log(x["rate"] + 0.002),
        often,
        np.log(x["in90"] + 0.5),
        np.log(x["visit_gap"] + 0.5),
        np.log(x["visit_gap_lately"] + 0.5),
        has * (_log(x["gap1"]) - expected),
        has2 * (_log(x["gap2"]) - expected),
        has * (_log(x["mean"]) - expected),
        has * (_log(x["median"]) - expected),
        x["spread"],
        x["product"],
        np.log(x["product_count"] + 0.5),
        np.log(x["trend"] + 0.5) - np.log(x["product_count"] + 5),
        x["customer"],
        np.log(x["visits"]),
        np.log(x["products"]),
        np.log(x["visits_per"] + 0.5),
        times * expected,
        often * expected,
        expected**2,
    ]
    if elapsed:
        features += _elapsed(x, times, expected)
    return np.ascontiguousarray(np.array(features).T)


def _elapsed(x: dict[str, Numbers], times: Numbers, expected: Numbers) -> list[Numbers]:
    """Return what the time since the last purchase and the last visit says."""
    over = np.clip(np.log(x["elapsed"] + 0.5) - expected, -4, 4)
    silent = np.minimum(x["since_visit"] / np.maximum(x["visit_gap_lately"], 0.5), 8)
    missed = np.log(x["visits_since"] + 0.5) - np.log(x["visits_per"] + 0.5)
    hinges = [np.maximum(over - knot, 0) for knot in KNOTS]
    return [
        over,
        *hinges,
        over * times,
        over * expected,
        over * x["spread"],
        np.log(x["since_visit"] + 0.5),
        silent,
        missed,
        np.maximum(missed, 0),
        missed * times,
        missed * over,
    ]


def _log(days: Numbers) -> Numbers:
    return np.log(np.maximum(days, 0.5))
