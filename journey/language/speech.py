"""The sentences of domain.yml, said without the engine: for what nobody asked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from journey.datafile import read
from journey.turn import Move

FILE = Path("domain.yml")


class Sentence(BaseModel):
    """One way to say something."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str


class Domain(BaseModel):
    """The part of the domain that is spoken."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    responses: Mapping[str, tuple[Sentence, ...]]


class Speech:
    """Says moves as the engine would."""

    def __init__(self, responses: Mapping[str, Sequence[Sentence]]) -> None:
        self._responses = responses

    def say(self, move: Move, random: Random) -> str:
        """Return one way to say a move, with its values in their places."""
        said = random.choice(self._responses[move.response]).text
        for name, value in move.values.items():
            said = said.replace(f"{{{name}}}", value)
        return said


def load_speech(path: Path = FILE) -> Speech:
    """Read the sentences.

    Raises:
        DataError: the file is missing or no domain.
    """
    return Speech(read(path, TypeAdapter(Domain)).responses)


def content_of(moves: Sequence[Move]) -> dict[str, Any]:
    """Return what the page shows beside the sentences of moves."""
    content: dict[str, Any] = {}
    for move in moves:
        content |= move.attachment or {}
    return content
