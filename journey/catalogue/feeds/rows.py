"""A delimited file as numbered rows, one at a time, whatever its encoding."""

import codecs
import csv
import gzip
import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, cast

from journey.catalogue.feeds.report import Bad, Report
from journey.catalogue.feeds.values import unit_of
from journey.datafile import DataError

CHUNK = 1 << 20
LONGEST_CELL = 1 << 20
DELIMITERS = "\t,;|"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GARBLED = "\ufffd"
SPOILT = 0.2
"""Of all letters beyond ASCII, a share of bad ones that says: this is no UTF-8."""
SEEN = 1000
"""So many bytes tell whether letters are two bytes wide."""
SWALLOWED = 50
"""A cell over more lines than this has an opening quote that nobody closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it begins, and the texts of each column that has any."""

    line: int
    cells: Mapping[str, tuple[str, ...]]

    def text(self, *columns: str) -> str:
        """Return the first text of the first of these columns that has one."""
        for column in columns:
            if column in self.cells:
                return self.cells[column][0]
        return ""


@dataclass
class Source:
    """A file that is read once from its beginning; packed ones are unpacked."""

    path: Path

    def __post_init__(self) -> None:
        """Open the file.

        Raises:
            DataError: it cannot be opened.
        """
        try:
            self._raw = self.path.open("rb")
            self.size = self.path.stat().st_size
        except OSError as error:
            reason = error.strerror or "unknown"
            raise DataError([f"{self.path}:1: cannot be read: {reason}"]) from None
        self._packed = self._raw.read(2) == b"\x1f\x8b"

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    @property
    def done(self) -> int:
        """How many bytes of the file have been read."""
        return self.size if self._raw.closed else self._raw.tell()

    def begin(self) -> IO[bytes]:
        """Return the content from its beginning; what was read before is closed."""
        self._raw.close()
        self._raw = self.path.open("rb")
        if self._packed:
            return cast(IO[bytes], gzip.GzipFile(fileobj=self._raw))
        return self._raw

    @cached_property
    def head(self) -> bytes:
        """The first bytes, enough to see what it is."""
        try:
            return self.begin().read(1 << 16)
        except (OSError, EOFError) as error:
            raise DataError([f"{self.path}:1: cannot be unpacked: {error}"]) from None

    @cached_property
    def encoding(self) -> str:
        """How the text is encoded, after a look at all of it."""
        for bom, name in BOMS:
            if self.head.startswith(bom):
                return name
        if wide := _wide(self.head):
            return wide
        return "cp1252" if _is_spoilt(self.begin()) else "utf-8"

    @cached_property
    def is_text(self) -> bool:
        """Whether it can be read as text at all."""
        return "\0" not in self.head.decode(self.encoding, "replace")

    def text(self) -> io.TextIOWrapper:
        """Return the content as text; bytes that fit nowhere become GARBLED."""
        encoding = self.encoding
        return io.TextIOWrapper(
            self.begin(), encoding=encoding, errors="replace", newline=""
        )

    def header(self) -> list[str]:
        """Return the names of the columns, as `column` writes them."""
        with closing(self._records()) as records:
            return [column(x) for x in next(records, (1, []))[1]]

    def rows(self, report: Report) -> Iterator[Row]:
        """Yield the rows under the header; those that do not fit it are reported."""
        records = self._records()
        columns = [column(x) for x in next(records, (1, []))[1]]
        for line, cells in records:
            try:
                row = Row(line, _cells(columns, cells))
            except Bad as bad:
                report.lose(line, bad)
                continue
            if row.cells:
                yield row

    def _records(self) -> Generator[tuple[int, list[str]], None, None]:
        csv.field_size_limit(LONGEST_CELL)
        delimiter = self._delimiter
        line = 1
        try:
            with self.text() as stream:
                reader = csv.reader(stream, delimiter=delimiter)
                for cells in reader:
                    yield line, cells
                    line = reader.line_num + 1
        except csv.Error as error:
            raise DataError(
                [f"{self.path}:{line}: is no table from here on: {error}"]
            ) from None
        except (EOFError, OSError) as error:
            raise DataError([f"{self.path}:{line}: breaks off: {error}"]) from None

    @cached_property
    def _delimiter(self) -> str:
        text = self.head.decode(self.encoding, "replace").lstrip("\r\n")
        first = text.partition("\n")[0]
        bare = "".join(first.split('"')[::2])
        return max(DELIMITERS, key=bare.count)


def column(name: str) -> str:
    """Return a column's name in one way of writing: `ID [id]`, `g:id` and `Id` are id.

    Underscores are blanks, as in `image_link` and `image link`.
    """
    plain = " ".join(name.replace("_", " ").split()).casefold()
    inner = plain[plain.rfind("[") + 1 : -1] if plain.endswith("]") else ""
    if inner and unit_of(inner) is None:
        plain = inner
    return plain.removeprefix("g:").strip()


def _wide(head: bytes) -> str | None:
    """Return which UTF-16 it is where nothing says so: every other byte is empty."""
    first, second = (head[n:SEEN:2].count(0) for n in (0, 1))
    half = len(head[:SEEN]) // 2
    if second > half / 2 and not first:
        return "utf-16-le"
    return "utf-16-be" if first > half / 2 and not second else None


def _is_spoilt(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    bad = beyond = 0
    while chunk := stream.read(CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            bad += text.count(GARBLED)
            beyond += len(text) - len(text.encode("ascii", "ignore"))
    return bad > SPOILT * beyond


def _cells(columns: list[str], cells: list[str]) -> dict[str, tuple[str, ...]]:
    if len(cells) > len(columns) and any(x.strip() for x in cells[len(columns) :]):
        reason = f"has {len(cells)} cells, the header {len(columns)}"
        raise Bad("row", reason, cells[len(columns)])
    found: dict[str, tuple[str, ...]] = {}
    for name, cell in zip(columns, cells, strict=False):
        text = cell.strip()
        if text and name:
            _check_cell(name, text)
            found[name] = (*found.get(name, ()), text)
    return found


def _check_cell(name: str, text: str) -> None:
    if GARBLED in text:
        raise Bad(name, "has bytes that are not UTF-8", text)
    if text.count("\n") > SWALLOWED and "\t" in text:
        raise Bad(name, f"a quote opens here and swallows {text.count(chr(10))} lines")
