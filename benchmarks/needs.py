"""How well needs are heard: precision, recall and calibration on a labelled file.

Run with the engine's interpreter, from the repository's root:

    bot/.venv/bin/python -m benchmarks.needs MODEL.tar.gz [FILE]

FILE (default data/test/needs.jsonl) has {"text": ..., "needs": [...]} a line. A need
counts as heard from a confidence of 0.5 on; the calibration error is over all needs.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

HEARD, BINS = 0.5, 10
Chances = dict[str, float]


async def parse(model: str, texts: list[str]) -> tuple[list[Chances], list[float]]:
    """Return the confidence of each need heard in each text, and milliseconds."""
    agent = await load_agent(model_path=model)
    found, times = [], []
    for text in texts:
        began = time.perf_counter()
        parsed = await agent.processor.parse_message(UserMessage(text))
        times.append((time.perf_counter() - began) * 1000)
        needs = [e for e in parsed["entities"] if e["entity"] == "need"]
        found.append({e["value"]: e["confidence_entity"] for e in needs})
    return found, times


def calibration_error(chances: Any, right: Any) -> float:
    """Return the expected gap between confidence and truth."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = [
        abs(chances[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def report(rows: list[dict[str, Any]], found: list[Chances]) -> None:
    """Print the measures, over all and per need."""
    counts: dict[str, Counter[str]] = {}
    pairs = []
    names = sorted({need for row in rows for need in row["needs"]})
    for row, chances in zip(rows, found, strict=True):
        wanted = set(row["needs"])
        for need in sorted({*names, *chances}):
            chance = chances.get(need, 0.0)
            pairs.append((chance, need in wanted))
            outcome = (
                "miss" if need in wanted else "right no",
                "hit" if need in wanted else "false",
            )
            counts.setdefault(need, Counter())[outcome[chance >= HEARD]] += 1
    for need, count in [
        *sorted(counts.items()),
        ("all", sum(counts.values(), Counter())),
    ]:
        precision = count["hit"] / max(1, count["hit"] + count["false"])
        recall = count["hit"] / max(1, count["hit"] + count["miss"])
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        print(f"{need:26} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    chances, right = (np.array(column, float) for column in zip(*pairs, strict=True))
    out = chances > 0
    print(f"calibration error over all {calibration_error(chances, right):.4f}", end="")
    print(f", over those emitted {calibration_error(chances[out], right[out]):.4f}")


def main() -> None:
    """Measure a model on a file."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    path = Path(sys.argv[2] if len(sys.argv) > 2 else "data/test/needs.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found, times = asyncio.run(parse(sys.argv[1], [row["text"] for row in rows]))
    report(rows, found)
    print(f"{len(rows)} texts, whole parse {np.median(times):.1f} ms in the median")


if __name__ == "__main__":
    main()
