"""What the page and the message path say, from data/language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from journey.datafile import read
from journey.words import Language, coverage

FOLDER = Path("data/language")
WHOLE = 0.99
"""How much of a message a word must make up to be all of it."""


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by key."""

    words: Mapping[str, str]
    stops: Sequence[str] = ()

    def say(self, key: str, **values: str) -> str:
        """Return a text with its places filled."""
        return self.words[key].format(**values)

    def is_stop(self, text: str) -> bool:
        """Tell whether a message says STOP and nothing else."""
        return any(coverage(phrase, text) >= WHOLE for phrase in self.stops)


def load_texts(language: str, folder: Path = FOLDER) -> Texts:
    """Read the texts of a language.

    Raises:
        DataError: the language's file is missing or not valid.
    """
    found = read(folder / f"{language}.yml", TypeAdapter(Language))
    return Texts(found.web, found.hears.get("stop", ()))
