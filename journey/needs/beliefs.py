"""Beliefs: the log-odds that a journey is about a need, and the terms behind them."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey import log
from journey.knowledge import Knowledge
from journey.needs.schema import Answer, Need, Question
from journey.store.tables import Belief, Journey, Order, OrderItem, Product
from journey.turn import Entity, Heard, Turn

SURE = 0.5
"""From this probability on the coach speaks of a need as the customer's."""
POSSIBLE = 0.15
DENIED = -3.0
"""What "it's not the noise" takes from the log-odds of a need."""
DENIAL = "denied"
CEILING = 0.97
"""No single reading of a message is trusted more than this."""
AGAIN_CAP = 1.5


@dataclass(frozen=True)
class Term:
    """One summand of a belief: what it rests on and the customer's words for it."""

    kind: str
    what: str
    weight: float
    said: str = ""


@dataclass(frozen=True)
class Past:
    """What a customer came with and bought before."""

    needs: Mapping[str, int]
    categories: Mapping[str, int]


def logit(probability: float) -> float:
    """Return the log-odds of a probability strictly between 0 and 1."""
    return math.log(probability / (1 - probability))


def probability(log_odds: float) -> float:
    """Return the probability of log-odds."""
    return 1 / (1 + math.exp(-log_odds))


def ratio(given: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the weight of evidence: the log of two smoothed rates' quotient."""
    return math.log(rate(given)) - math.log(rate(other))


def rate(counts: tuple[int, int]) -> float:
    """Return a smoothed rate, never 0 nor 1."""
    said, of = counts
    return (said + 0.5) / (of + 1)


def past_of(session: Session, customer_id: str, journey: Journey) -> Past:
    """Return a customer's history before a journey."""
    earlier = (
        select(Journey.need, func.count())
        .where(Journey.customer_id == customer_id, Journey.id != journey.id)
        .where(Journey.need.is_not(None))
        .group_by(Journey.need)
    )
    bought = (
        select(Product.category, func.count())
        .join(OrderItem, OrderItem.product_id == Product.id)
        .join(Order, Order.id == OrderItem.order_id)
        .where(Order.customer_id == customer_id, OrderItem.cancelled.is_(False))
        .group_by(Product.category)
    )
    needs = {need: count for need, count in session.execute(earlier) if need}
    kinds = {category: count for category, count in session.execute(bought)}
    return Past(needs, kinds)


def prior_terms(need: Need, month: int, past: Past) -> list[Term]:
    """Return what speaks for a need before anything was said."""
    terms = [Term("prior", need.need, logit(need.prior))]
    if month in need.season:
        terms.append(Term("season", str(month), math.log(need.season[month])))
    if before := past.needs.get(need.need, 0):
        again = min(AGAIN_CAP, math.log1p(before))
        terms.append(Term("history", need.need, again))
    for category, fit in need.serves.categories.items():
        if count := past.categories.get(category, 0):
            terms.append(Term("bought", category, fit * math.log1p(count) / 2))
    return terms


def heard_terms(need: Need, heard: Heard, needs: int) -> list[Term]:
    """Return what a message says about a need.

    Cues and the model read the same words, so they count once: the model adds
    only what it hears beyond the cues.
    """
    cues = _cue_terms(need, heard)
    spoken = [entity for entity in heard.of("need") if entity.value == need.need]
    if any(entity.negated for entity in spoken):
        return [Term(DENIAL, heard.message_id, DENIED, heard.span(spoken[0]))]
    if not spoken:
        return cues
    model = _model_weight(spoken[0], needs) - sum(term.weight for term in cues)
    if model <= 0:
        return cues
    said = heard.span(spoken[0]) or heard.text
    return [*cues, Term("model", heard.message_id, model, said)]


def _cue_terms(need: Need, heard: Heard) -> list[Term]:
    terms = []
    for entity in heard.of("cue"):
        owner, _, name = str(entity.value).partition(".")
        cue = need.cue(name) if owner == need.need else None
        if cue and not entity.negated:
            weight = ratio(cue.counts.with_, cue.counts.without)
            terms.append(Term("cue", cue.cue, weight, heard.span(entity)))
    return terms


def _model_weight(entity: Entity, needs: int) -> float:
    base = 1 / (needs + 1)
    return logit(min(max(entity.confidence, base), CEILING)) - logit(base)


def answer_weight(answer: Answer, need: str, owner: str | None) -> float:
    """Return what an answer says for a need; 0 when it says nothing about it.

    `owner` is the need whose question it was, None for a shared question.
    """
    given = answer.counts.get("this") if need == owner else answer.counts.get(need)
    return ratio(given, answer.counts["other"]) if given else 0.0


def beliefs_of(turn: Turn, journey: Journey) -> dict[str, Belief]:
    """Return a belief for every need; those without evidence are not stored yet."""
    query = select(Belief).where(Belief.journey_id == journey.id)
    stored = {row.need: row for row in turn.session.scalars(query)}
    missing = [n for n in turn.knowledge.served.values() if n.need not in stored]
    if not missing:
        return stored
    past = past_of(turn.session, journey.customer_id, journey)
    for need in missing:
        terms = prior_terms(need, turn.now.month, past)
        stored[need.need] = _belief(journey, need.need, terms)
    return stored


def _belief(journey: Journey, need: str, terms: Iterable[Term]) -> Belief:
    evidence = [asdict(term) for term in terms]
    odds = sum(term["weight"] for term in evidence)
    return Belief(
        journey_id=journey.id, need=need, log_odds=odds, evidence=list(evidence)
    )


def hear(turn: Turn, journey: Journey) -> list[str]:
    """Take a message's evidence into the beliefs; return the needs that it moved."""
    beliefs = beliefs_of(turn, journey)
    count = len(turn.knowledge.served)
    moved = []
    for need in turn.knowledge.served.values():
        terms = heard_terms(need, turn.heard, count)
        if _add(turn, journey, beliefs[need.need], terms):
            moved.append(need.need)
    return moved


def take_answer(
    turn: Turn, journey: Journey, question: Question, answer: Answer
) -> None:
    """Take an answer's evidence into the beliefs."""
    owner = turn.knowledge.need_of.get(question.question)
    beliefs = beliefs_of(turn, journey)
    what = f"{question.question}.{answer.answer}"
    for need, belief in beliefs.items():
        weight = answer_weight(answer, need, owner)
        if weight:
            term = Term("answer", what, weight, turn.heard.text)
            _add(turn, journey, belief, [term])


def _add(turn: Turn, journey: Journey, belief: Belief, terms: list[Term]) -> bool:
    counted = {(term["kind"], term["what"]) for term in belief.evidence}
    new = [asdict(t) for t in terms if (t.kind, t.what) not in counted]
    if not new:
        return False
    belief.evidence = [*belief.evidence, *new]
    belief.log_odds = sum(term["weight"] for term in belief.evidence)
    turn.session.add(belief)
    log.write(
        turn.session,
        turn.heard,
        "need_believed",
        journey=journey,
        need=belief.need,
        odds=round(belief.log_odds, 4),
        cues=[term["what"] for term in new if term["kind"] == "cue"],
    )
    return True


def retract(turn: Turn, journey: Journey, need: str) -> None:
    """Take a need out of a journey because the customer said that it is not theirs."""
    belief = beliefs_of(turn, journey)[need]
    term = Term(DENIAL, turn.heard.message_id, 2 * DENIED, turn.heard.text)
    _add(turn, journey, belief, [term])


def ranked(beliefs: Mapping[str, Belief]) -> list[tuple[str, float]]:
    """Return needs with their probabilities, the likeliest first."""
    pairs = [(name, probability(b.log_odds)) for name, b in beliefs.items()]
    return sorted(pairs, key=lambda pair: -pair[1])


def explain(belief: Belief, knowledge: Knowledge) -> list[str]:
    """Return in words for agents what a belief rests on, the heaviest first.

    How common a need is, is no reason for one customer's.
    """
    because = knowledge.rules.because
    terms = sorted(belief.evidence, key=lambda term: -abs(term["weight"]))
    words = [
        because[term["kind"]].format(**_named(term, knowledge))
        for term in terms
        if term["kind"] in because and (term["weight"] > 0 or term["kind"] == DENIAL)
    ]
    return list(Counter(words))


def _named(term: Mapping[str, str], knowledge: Knowledge) -> dict[str, str]:
    category = knowledge.catalogue.categories.get(term["what"])
    return {"said": term["said"], "what": category.name if category else term["what"]}
