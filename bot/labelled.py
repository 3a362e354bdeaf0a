"""Read labelled utterances, each with the file and line it stands in."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

COLUMNS = {".csv": ",", ".tsv": "\t"}
SUFFIXES = {".yml", ".yaml", ".jsonl", *COLUMNS}
ANNOTATED = re.compile(r"\[([^\]]+)\](?:\{[^}]*\}|\([^)]*\))")


class UnreadableData(ValueError):
    """A file of utterances is not what it should be; the message names the place."""


@dataclass(frozen=True)
class Utterance:
    """A text, its intent, and where it stands."""

    text: str
    intent: str
    path: Path
    line: int

    @property
    def place(self) -> str:
        """Return file and line, as editors understand them."""
        return f"{self.path}:{self.line}"


def read_labelled(paths: Iterable[Path]) -> list[Utterance]:
    """Read files, and folders to their depth.

    JSONL has `{"text", "intent"}` a line, CSV and TSV a first line that names the
    columns `text` and `intent`; YAML is Rasa's.

    Raises:
        UnreadableData: a file is missing or has no labelled text, with its place.
    """
    paths = list(paths)
    try:
        found = [utterance for path in paths for utterance in _read(path)]
    except UnicodeDecodeError as fault:
        named = ", ".join(map(str, paths))
        raise UnreadableData(f"{named}: not all of it is UTF-8 ({fault}).") from fault
    if not found:
        named = ", ".join(map(str, paths))
        raise UnreadableData(f"{named}: no text with an intent was found.")
    return found


def _read(path: Path) -> Iterator[Utterance]:
    if path.is_dir():
        for child in sorted(path.rglob("*")):
            if child.suffix in SUFFIXES:
                yield from _read(child)
    elif not path.is_file():
        raise UnreadableData(f"{path}: there is no such file.")
    elif path.suffix == ".jsonl":
        yield from _read_jsonl(path)
    elif path.suffix in COLUMNS:
        yield from _read_columns(path)
    elif path.suffix not in SUFFIXES:
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableData(f"{path}: neither a folder nor one of {known}.")
    else:
        yield from _read_yaml(path)


def _read_jsonl(path: Path) -> Iterator[Utterance]:
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            text, intent = said["text"], said.get("intent")
        except (ValueError, KeyError, TypeError) as fault:
            raise UnreadableData(f'{path}:{number}: no {{"text", …}} here.') from fault
        if intent:
            yield Utterance(text, intent, path, number)


def _read_columns(path: Path) -> Iterator[Utterance]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=COLUMNS[path.suffix])
        missing = {"text", "intent"} - set(rows.fieldnames or ())
        if missing:
            named = " and ".join(sorted(missing, reverse=True))
            said = ", ".join(rows.fieldnames or ()) or "nothing"
            raise UnreadableData(f"{path}:1: no column {named}; there is: {said}.")
        for row in rows:
            if row["text"] and row["intent"]:
                yield Utterance(row["text"], row["intent"], path, rows.line_num)


def _read_yaml(path: Path) -> Iterator[Utterance]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise UnreadableData(f"{path}: {fault}") from fault
    for block in _fields(root).get("nlu", yaml.SequenceNode("", [])).value:
        fields = _fields(block)
        if "intent" in fields and "examples" in fields:
            yield from _examples(fields["intent"].value, fields["examples"], path)


def _fields(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value}


def _examples(intent: str, node: yaml.Node, path: Path) -> Iterator[Utterance]:
    # The block's text begins on the line after its bar; editors count from one.
    first = node.start_mark.line + 2
    for offset, line in enumerate(node.value.split("\n")):
        text = ANNOTATED.sub(r"\1", line.strip().removeprefix("-").strip())
        if text:
            yield Utterance(text, intent, path, first + offset)
