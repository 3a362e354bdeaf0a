"""What the page and the message path say, from data/language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from journey.datafile import read
from journey.words import Language

FOLDER = Path("data/language")


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by key."""

    words: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Return a text with its places filled."""
        return self.words[key].format(**values)


def load_texts(language: str, folder: Path = FOLDER) -> Texts:
    """Read the texts of a language.

    Raises:
        DataError: the language's file is missing or not valid.
    """
    return Texts(read(folder / f"{language}.yml", TypeAdapter(Language)).web)
