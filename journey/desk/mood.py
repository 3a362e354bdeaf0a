"""How a customer feels, told from their own lines and shown with the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from journey.language.words import Language, place, split
from journey.owner.risk import Risks, find_risk

SHOUTED = 10
"""So many letters, all of them capitals, are shouted."""


class Feeling(StrEnum):
    """What a line shows, the strongest first."""

    IN_DANGER = "in danger"
    ANGRY = "angry"
    UPSET = "upset"
    WORRIED = "worried"
    GLAD = "glad"
    CALM = "calm"


@dataclass(frozen=True)
class Mood:
    """A feeling and the customer's line that shows it; a calm one needs none."""

    feeling: Feeling
    line: str = ""


BY_TOPIC = {
    "self_harm": Feeling.IN_DANGER,
    "threat": Feeling.IN_DANGER,
    "anger": Feeling.ANGRY,
}
BY_WORDS = (Feeling.ANGRY, Feeling.UPSET, Feeling.WORRIED, Feeling.GLAD)


def mood_of(lines: Sequence[str], risks: Risks, language: Language) -> Mood:
    """Return the strongest feeling of the last lines; of equal ones the newest."""
    moods = [Mood(_feeling(line, risks, language), line) for line in reversed(lines)]
    strong = [mood for mood in moods if mood.feeling != Feeling.CALM]
    return min(strong, key=lambda mood: RANK[mood.feeling], default=Mood(Feeling.CALM))


RANK = {feeling: rank for rank, feeling in enumerate(Feeling)}


def _feeling(line: str, risks: Risks, language: Language) -> Feeling:
    risk = find_risk(risks, line)
    if risk and risk.topic in BY_TOPIC:
        return BY_TOPIC[risk.topic]
    if _is_shouted(line):
        return Feeling.ANGRY
    said = split(line)
    for feeling in BY_WORDS:
        phrases = language.hears[f"mood_{feeling}"]
        if any(place(split(phrase), said) is not None for phrase in phrases):
            return feeling
    return Feeling.CALM


def _is_shouted(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    return len(letters) >= SHOUTED and line.upper() == line
