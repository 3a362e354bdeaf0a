"""Topics that go to a person at once, heard by the owner's words."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from journey.catalogue.schema import Entry
from journey.datafile import read
from journey.language.words import place, split


class Risk(Entry):
    """A topic, the phrases that show it, and the text that answers it."""

    topic: Literal["self_harm", "threat", "legal", "account_security", "anger"]
    phrases: Annotated[tuple[str, ...], Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]


Risks = tuple[Risk, ...]


def load_risks(path: Path) -> Risks:
    """Read risk.yml; the first topic that fits a message counts."""
    return read(path, TypeAdapter(Risks))


def find_risk(risks: Risks, text: str) -> Risk | None:
    """Return the topic that a message touches."""
    said = split(text)
    return next((risk for risk in risks if _shows(risk, said)), None)


def _shows(risk: Risk, said: tuple[str, ...]) -> bool:
    return any(place(split(phrase), said) is not None for phrase in risk.phrases)
