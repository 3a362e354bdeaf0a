"""What could not be taken from a file: line, field and reason."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LONGEST_VALUE = 80


class Bad(ValueError):
    """A field that cannot be used, and why."""

    def __init__(self, field: str, reason: str, value: str = "") -> None:
        """Keep the field, the reason and what stood there."""
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.value = field, reason, value


@dataclass(frozen=True)
class Fault:
    """One thing wrong; `lost` says that its whole row was left out."""

    line: int
    field: str
    reason: str
    value: str
    lost: bool

    def __str__(self) -> str:
        """Say it in one line."""
        value = f" ({self.value!r})" if self.value else ""
        return f"line {self.line}: {self.field}: {self.reason}{value}"


@dataclass
class Report:
    """Every fault of a file, and how many rows were left out on purpose."""

    faults: list[Fault] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    def lose(self, line: int, bad: Bad) -> None:
        """Note a row that was left out because of a field."""
        self._add(line, bad, lost=True)

    def drop(self, line: int, bad: Bad) -> None:
        """Note a field that was left out of a row that was kept."""
        self._add(line, bad, lost=False)

    def skip(self, why: str) -> None:
        """Count a row that the shop itself does not want shown."""
        self.skipped[why] = self.skipped.get(why, 0) + 1

    @property
    def lost(self) -> int:
        """How many rows were left out because something is wrong with them."""
        return len({fault.line for fault in self.faults if fault.lost})

    def write(self, path: Path) -> None:
        """Write every fault as a CSV file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["line", "row", "field", "reason", "value"])
            rows.writerows(self._rows())

    def _rows(self) -> Iterator[tuple[int, str, str, str, str]]:
        for fault in self.faults:
            row = "lost" if fault.lost else "kept"
            yield fault.line, row, fault.field, fault.reason, _inert(fault.value)

    def _add(self, line: int, bad: Bad, *, lost: bool) -> None:
        value = bad.value[:LONGEST_VALUE]
        self.faults.append(Fault(line, bad.field, bad.reason, value, lost))


def _inert(value: str) -> str:
    """Keep a spreadsheet from running a value as a formula (CWE-1236)."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
