"""Make probabilities mean what they say, and choose when to trust them."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.int64]

COLDEST, HOTTEST = 0.1, 5.0
BINS = 15


def warm(chances: Floats, temperature: float) -> Floats:
    """Sharpen (below 1) or flatten (above 1) probabilities (texts, intents)."""
    logs = np.log(np.maximum(chances, 1e-12)) / temperature
    odds = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def fit_temperature(chances: Floats, labels: Labels) -> float:
    """Return the temperature under which the labels are likeliest."""
    rows = np.arange(len(labels))

    def surprise(log_temperature: float) -> float:
        told = warm(chances, float(np.exp(log_temperature)))[rows, labels]
        return float(-np.log(np.maximum(told, 1e-12)).mean())

    bounds = (np.log(COLDEST), np.log(HOTTEST))
    return float(np.exp(minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def calibration_error(confidences: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error over 15 bins of equal width, in 0..1.

    After Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidences[bins == b].sum() - right[bins == b].sum()) for b in range(BINS)
    ]
    return float(sum(gaps) / max(len(confidences), 1))


def accepting(scores: Floats, share: float) -> float:
    """Return the score that a `share` of these scores reach."""
    return float(np.quantile(scores, 1.0 - share))
