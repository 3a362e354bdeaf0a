"""The shape of an owner's need files."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from journey.catalogue.schema import Entry, Name

Word = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=100)]
Weight = Annotated[float, Field(ge=-1, le=1)]
Op = Literal["<=", ">=", "==", "!=", "~", "between"]


def _in_range(counts: tuple[int, int]) -> tuple[int, int]:
    said, of = counts
    if not 0 <= said <= of:
        raise ValueError("must be [so many, of so many]")
    return counts


class CueCounts(Entry):
    """How often customers with and without the need give a cue."""

    with_: tuple[int, int] = Field(alias="with")
    without: tuple[int, int]

    @model_validator(mode="after")
    def _counted(self) -> "CueCounts":
        _in_range(self.with_)
        _in_range(self.without)
        return self


class Cue(Entry):
    """Something that a customer says and that speaks for a need."""

    cue: Id
    phrases: Annotated[tuple[str, ...], Field(min_length=5)]
    counts: CueCounts
    reflection: Name


class Limit(Entry):
    """A hard wish that an answer brings along."""

    attribute: str
    op: Op
    value: Any


class Answer(Entry):
    """One answer that we understand and what it says.

    `counts` tells how often customers with this need (`this`), with a named
    need, or with any other one (`other`) answer so.
    """

    answer: Id
    title: Name
    phrases: tuple[str, ...]
    reflection: Name
    fact: dict[Id, Word] = Field(default_factory=dict)
    counts: dict[str, tuple[int, int]]
    prefers: dict[str, Weight] = Field(default_factory=dict)
    constrains: tuple[Limit, ...] = ()

    @model_validator(mode="after")
    def _counted(self) -> "Answer":
        if "other" not in self.counts:
            raise ValueError("counts need `other`")
        for counts in self.counts.values():
            _in_range(counts)
        return self


class Question(Entry):
    """A coaching question; `about` names the fact that it fills."""

    question: Id
    text: Name
    miti: Literal["open_question", "closed_question"]
    about: Id
    answers: Annotated[tuple[Answer, ...], Field(min_length=2)]

    def answer(self, name: str) -> Answer | None:
        """Return the answer of this name."""
        return next((a for a in self.answers if a.answer == name), None)


class Serves(Entry):
    """Which products fit a need, from 0 (not at all) to 1."""

    categories: Annotated[dict[str, Weight], Field(min_length=1)]
    attributes: dict[str, Weight] = Field(default_factory=dict)


class CheckIn(Entry):
    """When to ask how it went, and with which words."""

    after_days: Annotated[int, Field(ge=1, le=365)]
    text: Name


class SmallStep(Entry):
    """The first small step towards a goal, and what shows that it works."""

    step: Name
    measure: Name


class Need(Entry):
    """Something that a customer may want to be true."""

    need: Id
    name: Name
    prior: Annotated[float, Field(gt=0, lt=1)]
    season: dict[Annotated[int, Field(ge=1, le=12)], Annotated[float, Field(gt=0)]] = (
        Field(default_factory=dict)
    )
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]
    questions: tuple[Question, ...] = ()
    fact_words: dict[Id, dict[Word, Name]] = Field(default_factory=dict)
    summary: Annotated[str, Field(pattern=r"\{facts\}")]
    serves: Serves
    advice: Annotated[str, Field(min_length=1, max_length=600)]
    check_in: CheckIn
    goal: SmallStep | None = None

    def cue(self, name: str) -> Cue | None:
        """Return the cue of this name."""
        return next((cue for cue in self.cues if cue.cue == name), None)


class Shared(Entry):
    """The file _shared.yml: questions that tell needs apart."""

    questions: tuple[Question, ...] = ()
    fact_words: dict[Id, dict[Word, Name]] = Field(default_factory=dict)
