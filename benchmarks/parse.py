"""What it costs to understand one message: CPU time of the whole parse inside Rasa.

Run with the engine's interpreter, from the repository's root:

    PYTHONPATH=. bot/.venv/bin/python benchmarks/parse.py MODEL.tar.gz [FILE…]

FILE has {"text": ...} a line (default: the held-out utterances). Everything runs on
one thread, as in a deployed worker; no message is said twice. The yardstick is a fixed
piece of work (matrices and sorting), so that two machines can be compared.
"""

from __future__ import annotations

import os

os.environ |= {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

import asyncio
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from rasa.core.agent import Agent
from rasa.engine.graph import GraphNode

TESTS = ("data/test/part_a.jsonl", "data/test/part_b.jsonl")
WARM, MOST = 40, 400


def yardstick() -> float:
    """Return the milliseconds of CPU that a fixed piece of work takes here, now."""
    square = np.random.default_rng(0).random((384, 384), np.float32)
    began = time.process_time()
    for _ in range(20):
        sorted(((square @ square).ravel()[:20_000]).tolist())
    return (time.process_time() - began) * 1000 / 20


def clock_nodes(spent: dict[str, list[float]]) -> None:
    """Note the milliseconds of CPU of each component, message by message."""
    call = GraphNode.__call__

    def timed(self: GraphNode, *given: Any, **more: Any) -> Any:
        began = time.process_time()
        done = call(self, *given, **more)
        spent[self._node_name].append((time.process_time() - began) * 1000)
        return done

    GraphNode.__call__ = timed


async def parse(model: str, texts: list[str], spent: dict[str, list[float]]) -> Any:
    """Return the milliseconds of CPU of each text's parse, after warming up."""
    agent = Agent.load(model)
    clock_nodes(spent)
    times = []
    for text in texts:
        began = time.process_time()
        await agent.parse_message(text)
        times.append((time.process_time() - began) * 1000)
    for name in spent:
        spent[name] = spent[name][WARM:]
    return np.array(times[WARM:])


def main() -> None:
    """Measure a model on a file."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    lines = [
        line
        for path in (sys.argv[2:] or TESTS)
        for line in Path(path).read_text(encoding="utf-8").splitlines()
    ]
    texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines))
    texts = [texts[i] for i in np.random.default_rng(0).permutation(len(texts))]
    spent: dict[str, list[float]] = defaultdict(list)
    before = yardstick()
    times = asyncio.run(parse(sys.argv[1], texts[: WARM + MOST], spent))
    median, late = np.percentile(times, [50, 99])
    print(f"{len(times)} messages: median {median:.1f} ms, p99 {late:.1f} ms of CPU")
    print(f"yardstick {before:.2f} ms before, {yardstick():.2f} ms after")
    for name, some in sorted(spent.items(), key=lambda pair: -sum(pair[1])):
        half, late = np.percentile(some, [50, 99])
        print(f"  {name:48} {half:6.2f} {late:6.2f}")


if __name__ == "__main__":
    main()
