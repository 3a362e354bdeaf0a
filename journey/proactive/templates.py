"""Templates that a provider approved: what may be said after its window closed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, TypeAdapter

from journey.catalogue.schema import Entry, Name
from journey.datafile import read
from journey.proactive.plan import KINDS
from journey.turn import Move


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"must be one of {', '.join(KINDS)}")
    return kind


class Template(Entry):
    """An approved template: its name, its language, and which values fill it."""

    name: Name
    language: Name
    values: tuple[Name, ...] = ()

    def filled(self, moves: Sequence[Move]) -> Mapping[str, Any]:
        """Return it with the values of what would be said.

        Raises:
            KeyError: it has a place for a value that is not said.
        """
        said = {name: value for move in moves for name, value in move.values.items()}
        return {
            "name": self.name,
            "language": self.language,
            "values": [said[name] for name in self.values],
        }


Kind = Annotated[str, AfterValidator(_known)]


class Templates(Entry):
    """The file templates.yml: one template for a kind of messages."""

    templates: dict[Kind, Template] = Field(default_factory=dict)


def load_templates(path: Path) -> Mapping[str, Template]:
    """Read the approved templates.

    Raises:
        DataError: the file is missing or not valid.
    """
    return read(path, TypeAdapter(Templates)).templates
