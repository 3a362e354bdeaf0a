"""What is taken before all else that waits: who may want a person, or be in danger."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from journey.language.words import split
from journey.owner.help import DATA, load_rules
from journey.owner.risk import load_risks


@dataclass(frozen=True)
class Urgent:
    """Phrases that give a message its place in front; what it means is decided later.

    They are compared word by word, without room for typing errors: each message is
    looked at before it is stored.
    """

    phrases: frozenset[tuple[str, ...]] = frozenset()
    lengths: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        """Note how many words the phrases have."""
        object.__setattr__(self, "lengths", frozenset(map(len, self.phrases)))

    def touches(self, text: str) -> bool:
        """Tell whether a message has one of the phrases in it."""
        said = split(text)
        return any(
            said[start : start + length] in self.phrases
            for start in range(len(said))
            for length in self.lengths
        )


def as_urgent(phrases: Iterable[str]) -> Urgent:
    """Return phrases as they are looked for."""
    return Urgent(frozenset(map(split, phrases)))


def load_urgent(folder: Path = DATA) -> Urgent:
    """Read the words of who asks for a person, and of the topics that cannot wait.

    Raises:
        DataError: a file does not fit.
    """
    risks = load_risks(folder / "risk.yml")
    spoken = (phrase for risk in risks for phrase in risk.phrases)
    return as_urgent([*load_rules(folder / "handoff.yml").asks, *spoken])
