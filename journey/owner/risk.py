"""Topics that go to a person at once, heard by the owner's words."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from journey.catalogue.schema import Entry
from journey.datafile import DataError, read
from journey.language.words import place, split

Topic = Literal["self_harm", "threat", "legal", "account_security", "anger"]
Text = Annotated[str, Field(min_length=1)]
SPOKEN = ("en", "hi", "hu", "bn", "te")
SAFETY = frozenset({"self_harm", "threat"})
"""Topics where somebody may be in danger; their text is there in every language."""


class Risk(Entry):
    """A topic, the phrases that show it, and the text, by language, that answers it."""

    topic: Topic
    phrases: Annotated[tuple[str, ...], Field(min_length=1)]
    text: dict[str, Text]

    def says(self, language: str) -> str:
        """Return the answer in a language, in English when there is none in it."""
        return self.text.get(language) or self.text["en"]


Risks = tuple[Risk, ...]


def load_risks(path: Path) -> Risks:
    """Read risk.yml; the first topic that fits a message counts.

    Raises:
        DataError: it does not fit, or a topic or a safety text is missing: none of
            them can be switched off.
    """
    risks: Risks = read(path, TypeAdapter(Risks))
    known = {risk.topic for risk in risks}
    faults = [
        f"{path}:1: topic: {topic!r} is missing; it cannot be switched off"
        for topic in get_args(Topic)
        if topic not in known
    ]
    for number, risk in enumerate(risks):
        wanted = SPOKEN if risk.topic in SAFETY else ("en",)
        faults += [
            f"{path}:1: {number}.text: {risk.topic!r} says nothing in {language!r}"
            for language in wanted
            if language not in risk.text
        ]
    if faults:
        raise DataError(faults)
    return risks


def find_risk(risks: Risks, text: str) -> Risk | None:
    """Return the topic that a message touches."""
    said = split(text)
    return next((risk for risk in risks if _shows(risk, said)), None)


def _shows(risk: Risk, said: tuple[str, ...]) -> bool:
    return any(place(split(phrase), said) is not None for phrase in risk.phrases)
