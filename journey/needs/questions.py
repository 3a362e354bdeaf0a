"""The next question: worth asking only if an answer could change what we show."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from journey.knowledge import Knowledge
from journey.needs.beliefs import answer_weight, logit, probability, rate
from journey.needs.schema import Answer, Limit, Question
from journey.needs.shelf import Numbers, best, change

BITS = 2.0
"""What a bit about the needs is worth, in changed shortlists."""
PATIENCE = 0.15
"""What the first question costs; the n-th costs n times as much."""
ORDER = 0.3
"""What a question gains over the one after it: owners put first what to ask first."""
MOST = 4
"""More questions than this are never asked in one journey."""
LEAST_CHANGE = 0.1
"""How much of the shortlist an answer must be expected to change."""


@dataclass(frozen=True)
class Situation:
    """What is believed, wished and known when a question is chosen."""

    beliefs: Mapping[str, float]
    prefers: Mapping[str, float]
    limits: tuple[Limit, ...]
    asked: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True)
class Worth:
    """What a question is expected to bring: bits, and a share of the shortlist."""

    question: Question
    information: float
    change: float
    cost: float

    @property
    def value(self) -> float:
        """What is left when the customer's patience is paid."""
        return BITS * self.information + self.change - self.cost


def next_question(
    knowledge: Knowledge, situation: Situation, candidates: Iterable[Question]
) -> Worth | None:
    """Return the question with the highest value, None when none is worth asking."""
    if len(situation.asked) >= MOST:
        return None
    worths = [weigh(knowledge, situation, question) for question in candidates]
    good = {
        worth.value - ORDER * place: worth
        for place, worth in enumerate(worths)
        if worth.change >= LEAST_CHANGE and worth.value > 0
    }
    return good[max(good)] if good else None


def open_questions(
    questions: Iterable[Question], situation: Situation
) -> Iterator[Question]:
    """Yield the questions that were not put yet and whose answer is not known."""
    for question in questions:
        asked = question.question in situation.asked
        if not asked and question.about not in situation.known:
            yield question


def weigh(knowledge: Knowledge, situation: Situation, question: Question) -> Worth:
    """Work out what a question is expected to bring."""
    owner = knowledge.need_of.get(question.question)
    chances = answer_chances(question, owner, situation.beliefs)
    now = _shortlist(knowledge, situation, situation.beliefs)
    moved = sum(
        chance * change(now, _after(knowledge, situation, owner, answer))
        for answer, chance in zip(question.answers, chances, strict=True)
    )
    bits = information(question, owner, situation.beliefs)
    cost = PATIENCE * (len(situation.asked) + 1)
    return Worth(question, bits, moved, cost)


def answer_chances(
    question: Question, owner: str | None, beliefs: Mapping[str, float]
) -> list[float]:
    """Return the probability of each answer under the beliefs."""
    shares = _shares(owner, beliefs)
    raw = [
        sum(share * _likelihood(answer, need, owner) for need, share in shares.items())
        for answer in question.answers
    ]
    total = sum(raw)
    return [value / total for value in raw]


def information(
    question: Question, owner: str | None, beliefs: Mapping[str, float]
) -> float:
    """Return the bits that an answer is expected to tell about the needs."""
    needs = [owner] if owner else list(beliefs)
    return sum(_bits(question, owner, need, beliefs[need]) for need in needs)


def _bits(question: Question, owner: str | None, need: str, belief: float) -> float:
    left = 0.0
    for answer in question.answers:
        given = belief * _likelihood(answer, need, owner)
        other = (1 - belief) * rate(answer.counts["other"])
        left += (given + other) * _entropy(given / (given + other))
    total = sum(
        belief * _likelihood(a, need, owner) + (1 - belief) * rate(a.counts["other"])
        for a in question.answers
    )
    return max(0.0, _entropy(belief) - left / total)


def _shares(owner: str | None, beliefs: Mapping[str, float]) -> dict[str, float]:
    if owner:
        return {owner: beliefs[owner], "other": 1 - beliefs[owner]}
    total = max(1.0, sum(beliefs.values()))
    shares = {need: belief / total for need, belief in beliefs.items()}
    return {**shares, "other": 1 - sum(shares.values())}


def _likelihood(answer: Answer, need: str, owner: str | None) -> float:
    name = "this" if need == owner else need
    return rate(answer.counts.get(name, answer.counts["other"]))


def _entropy(p: float) -> float:
    if p <= 0 or p >= 1:
        return 0.0
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def _after(
    knowledge: Knowledge, situation: Situation, owner: str | None, answer: Answer
) -> tuple[int, ...]:
    beliefs = {
        need: probability(logit(belief) + answer_weight(answer, need, owner))
        for need, belief in situation.beliefs.items()
    }
    return _shortlist(knowledge, situation, beliefs, answer)


def _shortlist(
    knowledge: Knowledge,
    situation: Situation,
    beliefs: Mapping[str, float],
    answer: Answer | None = None,
) -> tuple[int, ...]:
    shelf = knowledge.shelf
    serving: Numbers = np.zeros(len(shelf.products))
    for need, belief in beliefs.items():
        serving += belief * knowledge.serving[need]
    wished = shelf.fit(situation.prefers)
    limits = situation.limits
    if answer:
        wished = wished + shelf.fit(answer.prefers)
        limits = (*limits, *answer.constrains)
    fitted = np.where(serving > 0, serving + wished, 0.0)
    return best(fitted, shelf.breaks(limits))
