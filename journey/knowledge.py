"""Everything that the owner's files say, loaded once and handed in."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from journey.catalogue.load import Catalogue, load_catalogue
from journey.curate.candidate import Candidates
from journey.curate.columns import Columns, columns_of
from journey.datafile import DataError
from journey.foresight.uses import Uses, load_uses
from journey.language.words import Language, load_languages
from journey.learning.ready import Ready
from journey.needs.fitting import fit_need, fit_question
from journey.needs.load import load_needs
from journey.needs.schema import Answer, Need, Question
from journey.needs.shelf import Numbers, Shelf, build_shelf
from journey.orders.policies import Policies, load_policies
from journey.owner.help import DATA, Help, Rules, load_rules
from journey.owner.risk import Risks, load_risks
from journey.people.stopping import Stops, load_stops
from journey.proactive.templates import Template, load_templates

ADDRESS = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Knowledge:
    """The validated content of data/."""

    needs: Mapping[str, Need]
    questions: tuple[Question, ...]
    shared_words: Mapping[str, Mapping[str, str]]
    catalogue: Catalogue
    policies: Policies
    risks: Risks
    rules: Rules
    languages: Mapping[str, Language]
    stops: Stops
    uses: Uses
    templates: Mapping[str, Template] = field(default_factory=dict)
    address: str = ADDRESS
    """Where customers reach the web process."""

    def language(self, code: str) -> Language:
        """Return a language, English when the coach does not speak it."""
        return self.languages.get(code) or self.languages["en"]

    @property
    def help(self) -> Help:
        """What bringing in a person needs."""
        return Help(self.languages, self.policies.people, self.risks, self.rules)

    @cached_property
    def shelf(self) -> Shelf:
        """What the needs are served from, as numbers."""
        return build_shelf(self.catalogue, self.needs.values())

    @cached_property
    def serving(self) -> Mapping[str, Numbers]:
        """How well every product of the shelf serves each need."""
        return {name: self.shelf.serves(need) for name, need in self.needs.items()}

    @cached_property
    def ready(self) -> Ready:
        """The learned models that serve, kept ready between turns."""
        return Ready()

    @cached_property
    def columns(self) -> Columns:
        """The catalogue's products as columns, to narrow a large shelf with."""
        return columns_of(self.catalogue)

    @cached_property
    def candidates(self) -> Candidates:
        """The catalogue's products as they come into question, kept ready."""
        return Candidates(self.catalogue.products)

    @cached_property
    def served(self) -> Mapping[str, Need]:
        """The needs for which the shop has anything."""
        return {k: need for k, need in self.needs.items() if need.serves.categories}

    @cached_property
    def by_question(self) -> Mapping[str, Question]:
        """Every question, those of needs and those that tell needs apart."""
        return {question.question: question for question in self._all_questions()}

    def _all_questions(self) -> Iterator[Question]:
        yield from self.questions
        for need in self.needs.values():
            yield from need.questions

    @cached_property
    def need_of(self) -> Mapping[str, str]:
        """The need to which a question belongs; shared ones are not in it."""
        return {
            question.question: need.need
            for need in self.needs.values()
            for question in need.questions
        }

    def with_counts(
        self, needs: Mapping[str, Need], questions: tuple[Question, ...]
    ) -> "Knowledge":
        """Return the same knowledge with other counts; what serves a need stays."""
        new = replace(self, needs=needs, questions=questions)
        kept = {"shelf": self.shelf, "serving": self.serving, "ready": self.ready}
        kept |= {"columns": self.columns, "candidates": self.candidates}
        new.__dict__.update(kept)
        return new

    def selling(self, catalogue: Catalogue) -> "Knowledge":
        """Return the same knowledge for another catalogue.

        Needs keep of it what is there; see journey/needs/fitting.py.
        """
        needs = {name: fit_need(x, catalogue) for name, x in self.needs.items()}
        questions = tuple(fit_question(x, catalogue) for x in self.questions)
        new = replace(self, needs=needs, questions=questions, catalogue=catalogue)
        new.__dict__.update(ready=self.ready)
        return new

    def words(self, about: str, value: str) -> str | None:
        """Return how a fact is said, when the owner wrote it down."""
        tables = [need.fact_words for need in self.needs.values()]
        for table in [self.shared_words, *tables]:
            if value in table.get(about, {}):
                return table[about][value]
        return None

    def answer(self, question: str, name: str) -> Answer | None:
        """Return one answer of a question."""
        found = self.by_question.get(question)
        return found.answer(name) if found else None


def load_knowledge(folder: Path = DATA) -> Knowledge:
    """Read and check all of a data folder.

    Raises:
        DataError: anything does not fit; it names each file, line and field.
    """
    catalogue = load_catalogue(folder / "catalogue")
    needs, shared = load_needs(folder / "needs", catalogue)
    knowledge = Knowledge(
        needs=needs,
        questions=shared.questions,
        shared_words=shared.fact_words,
        catalogue=catalogue,
        policies=load_policies(folder / "catalogue" / "policies.yml"),
        risks=load_risks(folder / "risk.yml"),
        rules=load_rules(folder / "handoff.yml"),
        languages=load_languages(folder / "language"),
        stops=load_stops(folder / "stop.yml"),
        uses=load_uses(folder / "use.yml"),
        templates=load_templates(folder / "templates.yml"),
        address=os.environ.get("COACH_PUBLIC_URL", ADDRESS).rstrip("/"),
    )
    _check(folder, knowledge)
    return knowledge


def _check(folder: Path, knowledge: Knowledge) -> None:
    if "en" not in knowledge.languages:
        raise DataError([f"{folder}/language/en.yml:1: is missing"])
    names = [question.question for question in knowledge._all_questions()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        faults = [
            f"{folder}/needs:1: question: {name!r} stands twice" for name in twice
        ]
        raise DataError(faults)
