"""What confirmed needs taught about cues and answers, added to the owner's counts.

The owner's files say how often customers with a need give a cue or an answer, as
so many of so many. Every need that a customer confirmed adds one to these counts,
so what was measured slowly outweighs what was guessed, for beliefs and for the
choice of the next question alike.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.needs.schema import Answer, Cue, Need, Question
from journey.store.tables import LearnedSign

Counts = tuple[int, int]
PRIOR_WEIGHT = 200
"""So many confirmed journeys weigh as much as the owner's guess of how common."""


@dataclass(frozen=True)
class LearnedCounts:
    """How many journeys confirmed each need, and what was said in them.

    `said` has, by kind and sign, how many of each need said so; `asked` has, by
    question, how many of each need answered it.
    """

    confirmed: Mapping[str, int]
    said: Mapping[tuple[str, str], Mapping[str, int]]
    asked: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def cue(self, need: str, cue: str) -> tuple[Counts, Counts]:
        """Return a cue's counts with the need and without it."""
        said = self.said.get(("cue", f"{need}.{cue}"), {})
        return _apart(need, said, self.confirmed)


def learned_counts(session: Session) -> LearnedCounts:
    """Return what confirmed needs taught so far."""
    confirmed = defaultdict[str, int](int)
    said = defaultdict[tuple[str, str], dict[str, int]](dict)
    asked = defaultdict[str, dict[str, int]](dict)
    query = select(
        LearnedSign.kind, LearnedSign.sign, LearnedSign.need, LearnedSign.count
    )
    for kind, sign, need, count in session.execute(query):
        if kind == "before":
            confirmed[need] += count
            continue
        said[kind, sign][need] = count
        question = sign.partition(".")[0]
        if kind == "answer":
            asked[question][need] = asked[question].get(need, 0) + count
    return LearnedCounts(confirmed, said, asked)


def taught(knowledge: Knowledge, counts: LearnedCounts) -> Knowledge:
    """Return the knowledge with what was learned added to the owner's counts."""
    needs = {name: _need(need, counts) for name, need in knowledge.needs.items()}
    questions = tuple(_question(q, None, counts) for q in knowledge.questions)
    return knowledge.with_counts(needs, questions)


def _need(need: Need, counts: LearnedCounts) -> Need:
    changed = {
        "prior": _prior(need, counts),
        "cues": tuple(_cue(need.need, cue, counts) for cue in need.cues),
        "questions": tuple(_question(q, need.need, counts) for q in need.questions),
    }
    return need.model_copy(update=changed)


def _prior(need: Need, counts: LearnedCounts) -> float:
    whole = sum(counts.confirmed.values())
    if not whole:
        return need.prior
    mine = need.prior * PRIOR_WEIGHT + counts.confirmed.get(need.need, 0)
    return mine / (PRIOR_WEIGHT + whole)


def _cue(need: str, cue: Cue, counts: LearnedCounts) -> Cue:
    given, other = counts.cue(need, cue.cue)
    sums = {
        "with_": _add(cue.counts.with_, given),
        "without": _add(cue.counts.without, other),
    }
    return cue.model_copy(update={"counts": cue.counts.model_copy(update=sums)})


def _question(question: Question, owner: str | None, counts: LearnedCounts) -> Question:
    if question.question not in counts.asked:
        return question
    answers = tuple(_answer(question, a, owner, counts) for a in question.answers)
    return question.model_copy(update={"answers": answers})


def _answer(
    question: Question, answer: Answer, owner: str | None, counts: LearnedCounts
) -> Answer:
    """Add to an answer's counts; needs it does not name are among the others."""
    named = [name for name in answer.counts if name != "other"]
    sums = dict(answer.counts)
    other = dict(counts.asked[question.question])
    said = dict(counts.said.get(("answer", f"{question.question}.{answer.answer}"), {}))
    for name in named:
        need = owner if name == "this" and owner else name
        mine, of = said.pop(need, 0), other.pop(need, 0)
        sums[name] = _add(sums[name], (mine, of))
    rest = (sum(said.values()), sum(other.values()))
    sums["other"] = _add(sums["other"], rest)
    return answer.model_copy(update={"counts": sums})


def _apart(
    need: str, said: Mapping[str, int], of: Mapping[str, int]
) -> tuple[Counts, Counts]:
    mine = (said.get(need, 0), of.get(need, 0))
    return mine, (sum(said.values()) - mine[0], sum(of.values()) - mine[1])


def _add(counts: Counts, more: Counts) -> Counts:
    said, of = counts[0] + more[0], counts[1] + more[1]
    return (said, max(said, of))
