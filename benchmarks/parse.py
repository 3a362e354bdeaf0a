"""What it costs to understand one message: CPU time of the whole parse inside Rasa.

Run with the engine's interpreter, from the repository's root:

    bot/.venv/bin/python -m benchmarks.parse MODEL.tar.gz [FILE…]

FILE has {"text": ...} a line (default: the held-out utterances). Only the thread that
parses is counted: the components use no other. No message is said twice to one agent;
of each the least of several agents counts, as the yardstick says. Below the whole
stands what each component took in the median.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.engine.graph import GraphNode

from benchmarks.yardstick import Spent, least

TESTS = ("data/test/part_a.jsonl", "data/test/part_b.jsonl")
WARM, MOST, RUNS = 30, 300, 2
Nodes = dict[str, list[float]]


def clock_nodes(nodes: Nodes) -> None:
    """Note the milliseconds of CPU of each component, message by message."""
    call = GraphNode.__call__

    def timed(self: GraphNode, *given: Any, **more: Any) -> Any:
        began = time.thread_time()
        done = call(self, *given, **more)
        nodes[self._node_name].append((time.thread_time() - began) * 1000)
        return done

    GraphNode.__call__ = timed


async def parse(model: str, texts: list[str]) -> Spent:
    """Parse each text with a fresh agent, the first ones to warm it up."""
    agent, spent = Agent.load(model), Spent()
    for text in texts[:WARM]:
        await agent.parse_message(text)
    for text in texts[WARM:]:
        with spent.timed():
            await agent.parse_message(text)
    return spent


def main() -> None:
    """Measure a model on a file."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    files = map(Path, sys.argv[2:] or TESTS)
    lines = [x for file in files for x in file.read_text("utf-8").splitlines()]
    texts = sorted({json.loads(line)["text"] for line in lines})
    Random(0).shuffle(texts)
    nodes: Nodes = defaultdict(list)
    clock_nodes(nodes)
    some = texts[: WARM + MOST]
    print(least([asyncio.run(parse(sys.argv[1], some)) for _ in range(RUNS)]).told())
    for name, times in sorted(nodes.items(), key=lambda one: -sum(one[1])):
        print(f"  {name:50} {statistics.median(times):6.2f} ms")


if __name__ == "__main__":
    main()
