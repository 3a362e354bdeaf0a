"""One word that ends all messages that we begin, in every language that we speak."""

import unicodedata
from functools import cached_property
from pathlib import Path

from pydantic import Field, TypeAdapter

from journey.catalogue.schema import Entry, Name
from journey.datafile import read

FILE = Path("data/stop.yml")
JOINERS = "\u200c\u200d\ufe0f"
"""What joins signs of a script and is no sign itself."""


class Stops(Entry):
    """The file stop.yml: words that stop and that start again, and their answers."""

    words: dict[str, tuple[Name, ...]]
    on_channel: dict[str, tuple[Name, ...]] = Field(default_factory=dict)
    said: dict[str, Name] = Field(default_factory=dict)
    starts: dict[str, tuple[Name, ...]] = Field(default_factory=dict)
    started: dict[str, Name] = Field(default_factory=dict)

    @cached_property
    def _language_of(self) -> dict[str, str]:
        return _by_word(self.words)

    @cached_property
    def _start_in(self) -> dict[str, str]:
        return _by_word(self.starts)

    def language(self, text: str, channel: str) -> str | None:
        """Return in which language a message says stop and nothing else, or None."""
        said = plain(text)
        if said in map(plain, self.on_channel.get(channel, ())):
            return self._language_of.get(said, next(iter(self.words)))
        return self._language_of.get(said)

    def start_language(self, text: str) -> str | None:
        """Return in which language a message says start again and nothing else."""
        return self._start_in.get(plain(text))


def _by_word(words: dict[str, tuple[Name, ...]]) -> dict[str, str]:
    """Return the language of each word; of a shared one the first language."""
    return {
        plain(word): language
        for language, forms in reversed(words.items())
        for word in forms
    }


def plain(text: str) -> str:
    """Return the letters, marks and digits of a text, in one case and one spacing."""
    bare = "".join(
        sign if unicodedata.category(sign)[0] in "LMN" else "" if sign in "'’" else " "
        for sign in unicodedata.normalize("NFKC", text)
        if sign not in JOINERS
    )
    return " ".join(bare.casefold().split())


def load_stops(path: Path = FILE) -> Stops:
    """Read the words that stop messages.

    Raises:
        DataError: the file is missing or not valid.
    """
    return read(path, TypeAdapter(Stops))
