"""What is known about bringing in a person: hours, teams, risks, words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from journey.catalogue.schema import Entry, Name
from journey.datafile import read
from journey.language.words import Language, load_languages
from journey.orders.policies import People, load_policies
from journey.owner.risk import Risks, load_risks

DATA = Path("data")
Because = Literal["season", "history", "bought", "cue", "model", "answer", "denied"]
Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


class Reason(Entry):
    """What the desk reads about why a person is wanted, and what to do first."""

    says: str
    next: str


class Rules(Entry):
    """The file handoff.yml."""

    nobody_after_minutes: Minutes
    email_within_days: Annotated[int, Field(ge=0, le=14)]
    teams: tuple[Name, ...] = ()
    asks: tuple[Name, ...] = ()
    reasons: dict[Name, Reason]
    because: dict[Because, str]
    steps: dict[Literal["overdue", "chosen", "options"], str]


@dataclass(frozen=True)
class Help:
    """All that telling a customer about a person needs; quick to load."""

    languages: Mapping[str, Language]
    people: People
    risks: Risks
    rules: Rules


def load_rules(path: Path) -> Rules:
    """Read handoff.yml.

    Raises:
        DataError: it does not fit; each fault names its line and field.
    """
    return read(path, TypeAdapter(Rules))


def load_help(folder: Path = DATA) -> Help:
    """Read what bringing in a person needs of a data folder.

    Raises:
        DataError: a file does not fit.
    """
    return Help(
        languages=load_languages(folder / "language"),
        people=load_policies(folder / "catalogue" / "policies.yml").people,
        risks=load_risks(folder / "risk.yml"),
        rules=load_rules(folder / "handoff.yml"),
    )
