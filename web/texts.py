"""What the page and the message path say, from data/language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from journey.datafile import read
from journey.language.words import Language
from journey.owner.urgent import Urgent, load_urgent
from journey.people.stopping import Stops, load_stops

FOLDER = Path("data/language")
NO_STOPS = Stops(words={})
NOTHING = Urgent()


@dataclass(frozen=True)
class Texts:
    """The texts of one language, by key."""

    words: Mapping[str, str]
    stops: Stops = NO_STOPS
    urgent: Urgent = NOTHING

    def say(self, key: str, **values: str) -> str:
        """Return a text with its places filled."""
        return self.words[key].format(**values)

    def is_stop(self, text: str, channel: str) -> bool:
        """Tell whether a message says STOP and nothing else."""
        return self.stops.language(text, channel) is not None


def load_texts(language: str, folder: Path = FOLDER) -> Texts:
    """Read the texts of a language.

    Raises:
        DataError: the language's file is missing or not valid.
    """
    found = read(folder / f"{language}.yml", TypeAdapter(Language))
    return Texts(found.web, load_stops(), load_urgent())
