"""Repeated choice among a few known options: what is taken, and how surely.

A conditional logit over counted features, and boosted trees over what it leaves
unexplained. How many trees serve, and how certain the first choice is, is read from
customers whose answers the weights have not seen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from journey.learning.conditional import fit_conditional, softmax
from journey.learning.linear import Linear, Numbers, fit_logistic
from journey.learning.records import (
    FEW,
    Choice,
    Features,
    Records,
    crooked_rows,
    rows_of,
)
from journey.learning.trees import Trees, fit_trees, grouped

RIDGE = 3.0
FOLDS = 4
STEP, MOST_TREES = 25, 250
DAMPED = 0.7
"""The share of the logit's scores from which the trees start."""
LEAST = 200
"""From so many choices on there is enough for trees."""


@dataclass(frozen=True)
class Occasion:
    """What a log gave at one choice, as it stood before: (options, features) rows."""

    linear: Numbers
    crooked: Numbers
    taken: int
    steady: tuple[float, float, float]
    customer: str


@dataclass(frozen=True)
class Weighed:
    """The weights of the logit, and the trees beside it."""

    linear: Numbers
    trees: Trees | None = None

    def scores(self, linear: Numbers, crooked: Numbers) -> Numbers:
        """Return the score of each row."""
        plain: Numbers = linear @ self.linear
        if self.trees is None:
            return plain
        return DAMPED * plain + self.trees.score(_seen(linear, crooked, plain))


def fit_weights(occasions: Sequence[Occasion], trees: int) -> Weighed:
    """Fit the logit, and so many trees beside it."""
    table = [x.linear for x in occasions]
    linear = fit_conditional(table, [x.taken for x in occasions], RIDGE)
    if not trees:
        return Weighed(linear)
    rows = np.concatenate(table)
    plain = rows @ linear
    seen = _seen(rows, np.concatenate([x.crooked for x in occasions]), plain)
    hits = np.concatenate([np.arange(len(x.linear)) == x.taken for x in occasions])
    groups = grouped([len(x) for x in table])
    fitted = fit_trees(seen, groups, hits.astype(float), DAMPED * plain, trees)
    return Weighed(linear, fitted)


def _seen(linear: Numbers, crooked: Numbers, plain: Numbers) -> Numbers:
    return np.hstack([linear, crooked, plain[:, None]])


class ChoiceModel:
    """Ranks options for a customer and says how sure it is of the first."""

    def __init__(self) -> None:
        """Know nothing."""
        self.records = Records()
        self.names: list[str] = []
        self.weights: Weighed | None = None
        self.sureness: Linear | None = None

    def serving(self) -> "ChoiceModel":
        """Return a model with the same weights and shares, which knows nobody yet."""
        served = ChoiceModel()
        served.names, served.weights = self.names, self.weights
        served.sureness = self.sureness
        served.records.shares = self.records.shares
        served.records.usual = self.records.usual
        return served

    def warm(self, log: Sequence[Choice]) -> None:
        """Fit the population's weights to other customers' choices, oldest first."""
        for choice in log:
            self.records.count(choice)
        names = sorted(self.records.shares)
        self.names = names if len(names) <= FEW else []
        occasions = self._replay(log)
        if not occasions:
            return
        trees, scores = _left_out(occasions)
        self.weights = fit_weights(occasions, trees)
        self.sureness = _sureness(occasions, scores)

    def scores(
        self, customer: str, features: Features, options: Sequence[str]
    ) -> Numbers:
        """Return a score by option, the higher the likelier."""
        choice = Choice(customer, features, options, ())
        if self.weights is None:
            record = self.records.of[customer]
            shares = self.records.share(options)
            return np.log(shares) + [record.counts.get(x, 0.0) for x in options]
        linear = rows_of(self.records, self.names, choice)
        return self.weights.scores(linear, crooked_rows(self.records, choice))

    def sure(self, customer: str, features: Features, options: Sequence[str]) -> float:
        """Return the probability that the first choice is the one taken."""
        chances = softmax(self.scores(customer, features, options))
        if self.sureness is None:
            return float(chances.max())
        facts = _certainty(chances, self.records.of[customer].steady)
        return float(self.sureness.chance(facts[None, :])[0])

    def learn(self, choice: Choice) -> None:
        """Take in one more choice of a customer."""
        self.records.count(choice)
        self.records.note(choice)

    def _replay(self, log: Sequence[Choice]) -> list[Occasion]:
        """Return rows and answers as they stood before each choice."""
        found = []
        for choice in log:
            if choice.taken:
                occasion = Occasion(
                    rows_of(self.records, self.names, choice),
                    crooked_rows(self.records, choice),
                    list(choice.shown).index(choice.taken[0]),
                    self.records.of[choice.customer].steady,
                    choice.customer,
                )
                found.append(occasion)
            self.records.note(choice)
        return found


def _left_out(occasions: Sequence[Occasion]) -> tuple[int, dict[int, Numbers]]:
    """Return how many trees foretell best for customers left out, and their scores.

    The scores stand under the number of their occasion; with a single customer
    nobody can be left out, and there are none.
    """
    names = sorted({x.customer for x in occasions})
    place = {name: n % FOLDS for n, name in enumerate(names)}
    most = MOST_TREES if len(occasions) >= LEAST else 0
    steps = [0, *range(STEP, most + 1, STEP)]
    found: dict[int, Numbers] = {}
    for fold in range(min(FOLDS, len(names))) if len(names) > 1 else ():
        weights = fit_weights([x for x in occasions if place[x.customer] != fold], most)
        for number, occasion in enumerate(occasions):
            if place[occasion.customer] == fold:
                found[number] = _stepwise(weights, occasion, steps)
    told = [
        np.log(softmax(scores.T)[:, occasions[n].taken] + 1e-9)
        for n, scores in found.items()
    ]
    best = int(np.mean(told, axis=0).argmax()) if told else 0
    return steps[best], {n: scores[:, best] for n, scores in found.items()}


def _stepwise(weights: Weighed, occasion: Occasion, steps: Sequence[int]) -> Numbers:
    """Return (options, steps): the scores with more and more trees."""
    plain = occasion.linear @ weights.linear
    columns = [plain]
    if weights.trees is not None:
        seen = _seen(occasion.linear, occasion.crooked, plain)
        each = weights.trees.each(seen).cumsum(1)
        columns += [DAMPED * plain + each[:, step - 1] for step in steps[1:]]
    return np.stack(columns, axis=1)


def _sureness(
    occasions: Sequence[Occasion], scores: Mapping[int, Numbers]
) -> Linear | None:
    """Fit the probability that a first choice is right."""
    facts, right = [], []
    for number, score in scores.items():
        occasion = occasions[number]
        facts.append(_certainty(softmax(score), occasion.steady))
        right.append(float(score.argmax() == occasion.taken))
    if not facts:
        return None
    return fit_logistic(np.array(facts), np.array(right), ridge=5.0)


def _certainty(chances: Numbers, steady: tuple[float, float, float]) -> Numbers:
    """Return what the certainty of a first choice is read from."""
    first = float(chances.max())
    odds = math.log((first + 1e-6) / (1 - first + 1e-6))
    return np.array([odds, *steady])
