"""Owner's YAML files, validated: an error names file, line and field."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataError(ValueError):
    """A file under data/ that cannot be used: one line for each thing wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the faults, each `file:line: field: reason`."""
        super().__init__("\n".join(faults))
        self.faults = list(faults)


def read(path: Path, adapter: TypeAdapter[T]) -> T:
    """Read one YAML file into the type of `adapter`.

    Raises:
        DataError: the file is missing, is no YAML, or does not fit the type.
    """
    node = _compose(path)
    value = _construct(node)
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        faults = [_fault(path, node, detail) for detail in error.errors()]
        raise DataError(faults) from None


def line_of(path: Path, *keys: str | int) -> int:
    """Return the line (from 1) of a value, for faults found across files."""
    return _line(_compose(path), keys)


def _compose(path: Path) -> yaml.Node | None:
    try:
        text = path.read_text(encoding="utf-8")
        node: yaml.Node | None = yaml.compose(text, Loader=Loader)
    except OSError as error:
        raise DataError([f"{path}:1: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise DataError([f"{path}:1: is not UTF-8 text"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError([f"{path}:{line}: is not YAML: {error.problem}"]) from None
    except yaml.YAMLError as error:
        raise DataError([f"{path}:1: is not YAML: {error}"]) from None
    twice = list(_doubled(node)) if node else []
    if twice:
        raise DataError([f"{path}:{n}: {key}: stands here twice" for n, key in twice])
    return node


def _construct(node: yaml.Node | None) -> Any:
    if node is None:
        return None
    return yaml.constructor.SafeConstructor().construct_document(node)


def _doubled(node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.start_mark.line + 1, key.value
            seen.add(key.value)
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _doubled(child)


def _fault(path: Path, node: yaml.Node | None, detail: ErrorDetails) -> str:
    field = ".".join(str(part) for part in detail["loc"]) or "file"
    reason = detail["msg"].removeprefix("Value error, ")
    return f"{path}:{_line(node, detail['loc'])}: {field}: {reason}"


def _line(node: yaml.Node | None, keys: Sequence[str | int]) -> int:
    line = node.start_mark.line + 1 if node else 1
    for key in keys:
        node = _child(node, key)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        pairs = {str(name.value): value for name, value in node.value}
        return pairs.get(str(key))
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return node.value[key] if key < len(node.value) else None
    return None
