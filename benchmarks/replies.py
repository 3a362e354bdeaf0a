"""How well replies are heard: what is said to what the coach writes of itself.

Run with the engine's interpreter, from the repository's root:

    bot/.venv/bin/python -m benchmarks.replies MODEL.tar.gz [FILE]

FILE (default data/test/replies.jsonl) has {"text": ..., "to": ..., "is": ...} a line:
what is replied to, and what it means there; `other` is no reply to it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

OTHER = "other"


async def hear(model: str, rows: list[dict[str, Any]]) -> list[str]:
    """Return what each text was heard to mean as a reply to its question."""
    agent = await load_agent(model_path=model)
    found = []
    for row in rows:
        parsed = await agent.processor.parse_message(UserMessage(row["text"]))
        said = [e["value"] for e in parsed["entities"] if e["entity"] == "reply"]
        mine = [x.partition(".")[2] for x in said if x.startswith(f"{row['to']}.")]
        found.append(mine[0] if mine else OTHER)
    return found


def report(rows: list[dict[str, Any]], found: list[str]) -> None:
    """Print how many were right for each question, and each that was not."""
    right, whole = Counter[str](), Counter[str]()
    for row, heard in zip(rows, found, strict=True):
        whole[row["to"]] += 1
        right[row["to"]] += heard == row["is"]
        if heard != row["is"]:
            print(f"{row['to']}: {row['text']!r} is {row['is']}, heard {heard}")
    for to, count in whole.items():
        print(f"{to}: {right[to]} of {count} right")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    path = Path(sys.argv[2] if len(sys.argv) > 2 else "data/test/replies.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    labelled = [json.loads(line) for line in lines if line.strip()]
    report(labelled, asyncio.run(hear(sys.argv[1], labelled)))
