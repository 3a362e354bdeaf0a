"""The population's sums of event files as a job of Dask, on one machine or many.

Dask is no part of what a shop installs: `pip install dask` where the job runs.
"""

from collections.abc import Sequence
from pathlib import Path

import dask.bag

from journey.learning.parts import learn_part
from journey.learning.state import State, merge

TOGETHER = 8
"""So many parts are added up at a time."""


def learn_parts(paths: Sequence[Path], scheduler: str = "processes") -> State:
    """Return the sums of all files; each is read where there is room for it."""
    files = dask.bag.from_sequence(paths, partition_size=1)  # type: ignore[no-untyped-call]
    bag = files.map(learn_part)
    added = bag.fold(merge, initial=State(), split_every=TOGETHER)
    found: State = added.compute(scheduler=scheduler)
    return found
