"""What a customer takes next: candidates, counted features, one logistic model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey.learning.linear import Linear, fit_logistic
from journey.learning.population import Numbers, Population, Visit, Whole, count

RECENT = 3
"""So many last visits say what may follow."""
POOL = 80
MOST_TARGETS = 5000
"""From so many visits the model is fitted; more hardly move forty weights."""
PER_CUSTOMER = 50
NEVER_VISITS, NEVER_DAYS = 60.0, 400.0
TINY = 1e-3
HALF_LIVES = (14.0, 60.0)


@dataclass(frozen=True)
class Own:
    """A customer's own sums by item, before one moment."""

    items: Whole
    times: Numbers
    first: Whole
    last: Whole
    visits: int
    size: float
    days: Numbers
    faded: tuple[Numbers, ...]


def own_sums(visits: Sequence[Visit], at: float) -> Own:
    """Return the sums over a customer's visits, which are oldest first."""
    taken = np.concatenate([items for _, items in visits])
    place = np.repeat(np.arange(len(visits)), [len(items) for _, items in visits])
    days = np.array([when for when, _ in visits])
    items, first, inverse, times = np.unique(
        taken, return_index=True, return_inverse=True, return_counts=True
    )
    last = np.zeros(len(items), np.int64)
    last[inverse] = place
    back, ago = len(visits) - 1 - place, np.maximum(at - days[place], 0)
    by_visit = [
        np.bincount(inverse, rate**back).astype(float) for rate in (0.95, 0.8, 0.5)
    ]
    by_day = [
        np.bincount(inverse, 0.5 ** (ago / half)).astype(float) for half in HALF_LIVES
    ]
    return Own(
        items,
        times.astype(float),
        place[first],
        last,
        len(visits),
        len(taken) / len(visits),
        days,
        (*by_visit, *by_day),
    )


@dataclass(frozen=True)
class Candidates:
    """Items that may come next: whether they are own ones, and their features.

    `drawn` is how much the last visits draw each behind them.
    """

    items: Whole
    own: NDArray[np.bool_]
    drawn: Numbers
    features: NDArray[np.float64]


def candidates(
    population: Population, visits: Sequence[Visit], at: float
) -> Candidates:
    """Return the items that may come next; visits are oldest first, none is empty."""
    own = own_sums(visits, at)
    recent = [items for _, items in visits[-RECENT:]][::-1]
    weights = [np.full(len(x), 0.9**n / len(x)) for n, x in enumerate(recent)]
    soon = _pull(population, np.concatenate(recent), np.concatenate(weights))
    last = _pull(population, recent[0], weights[0])
    ever = _pull(population, own.items, own.faded[0] / own.faded[0].sum())
    lately = population.lately(at, 4)
    named = np.zeros(len(lately), np.bool_)
    for some in (own.items, *map(_best, (soon, ever, lately))):
        named[some] = True
    items = np.flatnonzero(named)
    place = np.minimum(np.searchsorted(own.items, items), len(own.items) - 1)
    mine = own.items[place] == items
    follow = np.stack([soon[items], last[items], ever[items]])
    history = _history(population, own, items, place, mine, at)
    features = _features(own, mine, _usual(population, items, at), follow, history)
    return Candidates(items, mine, follow[0], features)


def _pull(population: Population, items: Whole, weights: Numbers) -> Numbers:
    """Return how much items draw all others behind them."""
    near, pull = population.near[items], population.pull[items] * weights[:, None]
    size = len(population.taken)
    return np.bincount(near.ravel(), pull.ravel(), minlength=size).astype(float)


def _best(scores: Numbers) -> Whole:
    """Return the items with the highest scores above zero."""
    pool = min(POOL, len(scores) - 1)
    found = np.argpartition(-scores, pool)[:pool] if pool else np.zeros(1, np.int64)
    return found[scores[found] > 0]


def _features(
    own: Own,
    mine: NDArray[np.bool_],
    usual: Numbers,
    follow: Numbers,
    history: Numbers,
) -> NDArray[np.float64]:
    """Return the features of items, shape (items, features)."""
    logs = np.log(np.vstack([usual, follow, history]) + TINY)
    lengths = np.log1p([own.visits, own.size, len(own.items)])[:, None] * mine
    novelty = mine * len(own.items) / own.times.sum()
    return np.vstack([logs, logs * mine, mine, lengths, novelty]).T


def _usual(population: Population, items: Whole, at: float) -> Numbers:
    """Return what the population does with items, lately and over all."""
    lately, season = population.lately(at, 4)[items], population.lately(at, 1)[items]
    buyers = max(population.buyers, 1)
    return np.stack(
        [
            population.taken[items] / buyers,
            lately / max(lately.max(), 1),
            season / max(season.max(), 1),
            population.again[items],
            population.ever[items],
        ]
    )


def _history(
    population: Population,
    own: Own,
    items: Whole,
    place: Whole,
    mine: NDArray[np.bool_],
    at: float,
) -> Numbers:
    """Return the customer's own record of items: how often, how lately, when due."""
    times = np.where(mine, own.times[place], 0)
    first, last = own.first[place], own.last[place]
    since = np.where(mine, own.visits - 1 - last, NEVER_VISITS)
    days = np.where(mine, at - own.days[last], NEVER_DAYS)
    repeats = np.maximum(times - 1, 0)
    visit_gap = _shrunk(
        repeats, (last - first).astype(float), population.visit_gap[items]
    )
    lasted = own.days[last] - own.days[first]
    day_gap = _shrunk(repeats, lasted, population.day_gap[items])
    return np.stack(
        [
            times / own.visits,
            (since + 1) / visit_gap,
            np.abs(np.log((np.maximum(days, 0) + 0.5) / day_gap)),
            (np.maximum(days, 0) + 0.5) / day_gap,
            np.where(mine, times / (own.visits - first), 0),
            since,
            np.maximum(days, 0),
            *(np.where(mine, faded[place], 0) for faded in own.faded),
        ]
    )


def _shrunk(repeats: Numbers, span: NDArray[np.floating], usual: Numbers) -> Numbers:
    """Return the own gap between two times, shrunk to what is usual for the item."""
    found: Numbers = np.maximum(span + 2 * usual, 0.5) / (repeats + 2)
    return found


@dataclass(frozen=True)
class BasketModel:
    """Population sums and the weights that put candidates in order."""

    population: Population
    linear: Linear

    def rank(self, visits: Sequence[Visit], at: float) -> Whole:
        """Return the candidates, best first; what is popular when nothing is known."""
        known = [(when, items) for when, items in visits if len(items)]
        if not known:
            lately = self.population.lately(at, 4)
            return np.lexsort((-self.population.taken, -lately))[: POOL * 2]
        found = candidates(self.population, known, at)
        scores = self.linear.score(found.features)
        return found.items[np.argsort(-scores, kind="stable")]


def fit_baskets(histories: Mapping[str, Sequence[Visit]], items: int) -> BasketModel:
    """Fit the model: the last visits of customers are what the earlier ones foretell.

    The visits to foretell stay out of the sums that foretell them.
    """
    names = sorted(histories)
    held = {name: _held(histories[name], len(names)) for name in names}
    before = [histories[x][: len(histories[x]) - held[x]] for x in names]
    linear = _fit(count(before, items), histories, held)
    return BasketModel(count([histories[x] for x in names], items), linear)


def _held(visits: Sequence[Visit], customers: int) -> int:
    """Return how many of a customer's last visits are to be foretold."""
    if len(visits) < 2:
        return 0
    most = min(PER_CUSTOMER, max(1, MOST_TARGETS // customers))
    return min(most, max(1, len(visits) // 4))


def _fit(
    population: Population,
    histories: Mapping[str, Sequence[Visit]],
    held: Mapping[str, int],
) -> Linear:
    targets = [
        (visits, place)
        for name, visits in sorted(histories.items())
        for place in range(len(visits) - held[name], len(visits))
        if place > 0
    ]
    random = np.random.default_rng(0)
    chosen = random.permutation(len(targets))[:MOST_TARGETS]
    features, wanted = [], []
    for number in chosen:
        visits, place = targets[number]
        at, truth = visits[place]
        known = [x for x in visits[:place] if len(x[1])]
        if known:
            found = candidates(population, known, at)
            features.append(found.features.astype(np.float32))
            wanted.append(np.isin(found.items, truth))
    if not features:
        return Linear(np.zeros(0), 0.0)
    return fit_logistic(np.concatenate(features), np.concatenate(wanted).astype(float))
