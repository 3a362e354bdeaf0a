"""Weights that fade with time and still add up exactly.

A weight is not made smaller as it ages; a newer one is made larger instead
(forward decay: Cormode, Shkapenyuk, Srivastava and Xu, 2009), and kept in fixed
point: sums of whole numbers do not depend on the order in which they came.
"""

import math
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
HALF_LIFE = timedelta(days=365)
UNIT = 1 << 16
"""What a weight of one is at the epoch; also one unit of a log gap."""


def weigh(at: datetime) -> int:
    """Return what one interaction adds to a weight."""
    return round(UNIT * _growth(at))


def faded(weight: int, now: datetime) -> float:
    """Return a weight as it counts now: 1 for one interaction of this instant."""
    return weight / (UNIT * _growth(now))


def log_gap(earlier: datetime, later: datetime) -> int:
    """Return the log of the days between two instants, at least one, in fixed point."""
    days = (later - earlier) / timedelta(days=1)
    return round(UNIT * math.log(max(1.0, days)))


def _growth(at: datetime) -> float:
    return float(2.0 ** ((at - EPOCH) / HALF_LIFE))
