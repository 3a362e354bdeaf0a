"""The learners of the product behind the protocol of an evaluation harness.

They hold the order log in memory and call the very functions that serve.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from journey.learning.baskets import BasketModel, fit_baskets
from journey.learning.choice import ChoiceModel
from journey.learning.described import DescribedModel
from journey.learning.due import DueModel
from journey.learning.population import Visit
from journey.learning.records import Choice

MOSTLY = 0.9
"""From this share of occasions with one thing taken on, it is always one."""


class Order(Protocol):
    """One visit of one customer."""

    customer: str
    at: float
    items: Sequence[str]


class Event(Protocol):
    """One purchase of one kind of thing; `quantity` may say how many pieces."""

    customer: str
    category: str
    at: float


class Interaction(Protocol):
    """What one customer was shown and took."""

    customer: str
    context: dict[str, Any]
    shown: list[str]
    accepted: list[str]


class NextBasket:
    """Which items will this customer take at the next visit?"""

    def __init__(self) -> None:
        """Know nothing."""
        self._orders: dict[str, list[tuple[float, tuple[str, ...]]]] = {}
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._visits: dict[str, list[Visit]] = {}
        self._model: BasketModel | None = None

    def fit(self, order_history: Iterable[Order]) -> None:
        """Learn the population from orders, each customer's oldest first."""
        for order in order_history:
            self._keep(order.customer, order.at, tuple(order.items))
        self._refit()

    def observe(self, order: Order) -> None:
        """Take in one more visit; the weights wait for the next fit."""
        self._keep(order.customer, order.at, tuple(order.items))
        visit = (float(order.at), self._known(order.items))
        self._visits.setdefault(order.customer, []).append(visit)

    def merge(self, other: "NextBasket") -> None:
        """Take in what another shard of customers holds."""
        for customer, orders in other._orders.items():
            self._orders.setdefault(customer, []).extend(orders)
        self._model = None

    def recommend(self, customer: str, k: int, at: float) -> list[str]:
        """Return k items, best first; popular ones for a customer never seen."""
        if self._model is None:
            self._refit()
        assert self._model is not None
        visits = self._visits.get(customer, [])
        found = self._model.rank(visits, at)[:k]
        more = [x for x in self._model.population.popular[: 2 * k] if x not in found]
        return [self._names[x] for x in [*found, *more][:k]]

    def _keep(self, customer: str, at: float, items: tuple[str, ...]) -> None:
        self._orders.setdefault(customer, []).append((float(at), items))

    def _refit(self) -> None:
        self._names = sorted(
            {x for o in self._orders.values() for _, i in o for x in i}
        )
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._visits = {
            customer: [(at, self._known(items)) for at, items in orders]
            for customer, orders in self._orders.items()
        }
        self._model = fit_baskets(self._visits, len(self._names))

    def _known(
        self, items: Iterable[str]
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        found = [self._numbers[x] for x in items if x in self._numbers]
        return np.array(list(dict.fromkeys(found)), np.int64)


class Replenish:
    """When will this customer need this again?

    A day is a number, whole or not, counted from any day.
    """

    def __init__(self, max_gap: float = 90.0, days: float = 14.0) -> None:
        """Ask about `days` ahead; after `max_gap` days something was given up."""
        self._model = DueModel(max_gap, days)

    def fit(self, events: Sequence[Event]) -> None:
        """Learn from purchases, in whatever order."""
        ordered = sorted(events, key=lambda event: event.at)
        self._model.warm([_purchase(event) for event in ordered])

    def observe(self, event: Event) -> None:
        """Take in one more purchase, not before those that are known."""
        self._model.observe(*_purchase(event))

    def merge(self, other: "Replenish") -> None:
        """Add what was fitted to other customers: sums add up, weights are fitted anew.

        Raises:
            ValueError: a customer is known on both sides.
        """
        self._model.merge(other._model)

    def predict_next_need(
        self, customer: str, at: float, categories: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return by category the day of the next need, not before `at`."""
        self._model.keep_up(at)
        known = self._known(customer, categories)
        if not known:
            return {}
        dates = self._model.dates(customer, known, at)
        return dict(zip(known, dates.tolist(), strict=True))

    def due(
        self,
        customer: str,
        at: float,
        days: float,
        categories: Sequence[str] | None = None,
    ) -> dict[str, float]:
        """Return by category the probability of a need within so many days."""
        self._model.keep_up(at)
        known = self._known(customer, categories)
        if not known:
            return {}
        chances = self._model.chances_within(customer, known, at, days)
        return dict(zip(known, chances.tolist(), strict=True))

    def _known(self, customer: str, categories: Sequence[str] | None) -> list[str]:
        pairs = self._model.rhythms.pairs.get(customer, {})
        return [
            x for x in (categories if categories is not None else pairs) if x in pairs
        ]


def _purchase(event: Event) -> tuple[str, str, float, float]:
    pieces = float(getattr(event, "quantity", 1) or 1)
    return event.customer, event.category, float(event.at), max(pieces, 1.0)


class Repeat:
    """Which of the options will this customer take this time?

    Where one of a few known options is taken each time, it is a repeated choice;
    else options are described, and any number of them is accepted.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self._choice = ChoiceModel()
        self._described = DescribedModel()
        self._single = self._seen = 0

    def fit(self, log: Iterable[Interaction]) -> None:
        """Learn from other customers, each one's oldest choice first."""
        found = [_choice(x.customer, x.context, x.shown, x.accepted) for x in log]
        for choice in found:
            self._count(choice)
        model = self._choice if self._one_of_few else self._described
        model.warm(found)

    def choose(
        self, customer: str, context: dict[str, Any], candidates: list[str], k: int
    ) -> list[str]:
        """Return k options, the likeliest first."""
        model = self._choice if self._one_of_few else self._described
        scores = model.scores(customer, context["features"], candidates)
        order = np.argsort(-scores, kind="stable")[:k]
        return [candidates[n] for n in order]

    def sure(
        self, customer: str, context: dict[str, Any], candidates: list[str]
    ) -> float:
        """Return the probability that the first choice is the one taken."""
        return self._choice.sure(customer, context["features"], candidates)

    def learn(
        self,
        customer: str,
        context: dict[str, Any],
        shown: list[str],
        accepted: list[str],
    ) -> None:
        """Take in what was taken of what was shown."""
        choice = _choice(customer, context, shown, accepted)
        self._count(choice)
        if self._one_of_few:
            self._choice.learn(choice)
        else:
            self._described.learn(choice)

    def _count(self, choice: Choice) -> None:
        self._seen += 1
        self._single += len(choice.taken) == 1

    @property
    def _one_of_few(self) -> bool:
        return self._single >= MOSTLY * self._seen


def _choice(
    customer: str, context: dict[str, Any], shown: list[str], accepted: list[str]
) -> Choice:
    return Choice(customer, context["features"], shown, accepted)
