"""Write what was measured as Markdown tables."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bot.measures import Measures, Parsed, confusions, recalls

Row = tuple[str, float | None, list[Measures]]
COLUMNS: tuple[tuple[str, Callable[[Measures], float | None], float, str], ...] = (
    ("accuracy %", lambda one: one.accuracy, 100, ".1f"),
    ("macro F1 %", lambda one: one.macro_f1, 100, ".1f"),
    ("ECE %", lambda one: one.calibration_error, 100, ".1f"),
    (
        "out of scope refused at 95 % accepted",
        lambda one: one.outside_recall,
        100,
        ".1f",
    ),
    ("ms a message", lambda one: one.milliseconds, 1, ".1f"),
)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def measured_table(rows: Sequence[Row]) -> str:
    """Return one line a pipeline and test: means over the seeds."""
    lines = []
    for name, seconds, measures in rows:
        figures = [
            _mean(measures, read, scale, form) for _, read, scale, form in COLUMNS
        ]
        trained = "–" if seconds is None else f"{seconds:.0f}"
        lines.append([name, str(measures[0].texts), trained, *figures])
    head = ["", "texts", "training s", *(column[0] for column in COLUMNS)]
    return table(head, lines)


def _mean(
    measures: Sequence[Measures],
    read: Callable[[Measures], float | None],
    scale: float,
    form: str,
) -> str:
    values = [value for one in measures if (value := read(one)) is not None]
    return format(float(np.mean(values)) * scale, form) if values else "–"


def wrong_tables(parsed: Sequence[Parsed], most: int) -> str:
    """Return the confusions, and each intent's recall and precision."""
    wrong = [
        [right, said, str(count), text.replace("|", "\\|")]
        for right, said, count, text in confusions(parsed, most)
    ]
    each = [
        [name, str(texts), f"{recall:.2f}", f"{precision:.2f}"]
        for name, texts, recall, precision in recalls(parsed)
    ]
    return table(["right", "said", "times", "example"], wrong) + table(
        ["intent", "texts", "recall", "precision"], each
    )


def write_between(path: Path, mark: str, text: str) -> None:
    """Put the text between `<!-- mark -->` and `<!-- end of mark -->` of a document.

    Raises:
        ValueError: the document lacks one of the two.
    """
    said = path.read_text(encoding="utf-8")
    start, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    if start not in said or end not in said:
        raise ValueError(f"{path} has no place between {start} and {end}.")
    before, rest = said.split(start, 1)
    after = rest.split(end, 1)[1]
    path.write_text(f"{before}{start}\n{text}{end}{after}", encoding="utf-8")
