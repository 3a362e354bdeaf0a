"""What the page and the message path say, from data/language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from journey.words import load_languages

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
        DataError: a language file is not valid.
        KeyError: the language is not there.
    """
    return Texts(load_languages(folder)[language].web)
