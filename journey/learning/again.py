"""What a customer takes next and needs again, as the models that serve foretell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from journey.learning.baskets import candidates
from journey.learning.due import DueModel
from journey.learning.fading import EPOCH
from journey.learning.histories import Bought, as_visits, day_of
from journey.learning.ranges import Prices, choice_among
from journey.learning.ready import Models

OWN, AFTER, LIKELY = "again", "after", "likely"


@dataclass(frozen=True)
class Expected:
    """By product: why and how likely it comes next, and how likely it is due.

    A product comes again, after what was taken last, or is just likely.
    """

    next: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    due: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Again:
    """A product that is needed again: when, and how likely within two weeks."""

    product: str
    at: datetime
    chance: float


def expect(models: Models, bought: Bought, now: datetime) -> Expected:
    """Return what the models expect of somebody who ordered so."""
    today, due = day_of(now), dict[str, float]()
    if models.due is not None:
        model, known = _known_to(models.due, bought, today)
        if known:
            due = dict(
                zip(known, model.chances("", known, today).tolist(), strict=True)
            )
    return Expected(_next(models, bought, today), due)


def _next(models: Models, bought: Bought, at: float) -> dict[str, tuple[str, float]]:
    if models.baskets is None:
        return {}
    visits = [x for x in as_visits(bought, models.numbers) if len(x[1])]
    if not visits:
        return {}
    found = candidates(models.baskets.population, visits, at)
    chances = models.baskets.linear.chance(found.features)
    why = np.where(found.own, OWN, np.where(found.drawn > 0, AFTER, LIKELY))
    rows = zip(found.items, why.tolist(), chances.tolist(), strict=True)
    return {models.products[item]: (reason, chance) for item, reason, chance in rows}


def needs_again(models: Models, bought: Bought, now: datetime) -> list[Again]:
    """Return what was ordered more than once, what is likeliest due first."""
    if models.due is None:
        return []
    today = day_of(now)
    model, known = _known_to(models.due, bought, today)
    if not known:
        return []
    days, chances = model.dates("", known, today), model.chances("", known, today)
    found = [
        Again(product, EPOCH + timedelta(days=float(day)), float(chance))
        for product, day, chance in zip(known, days, chances, strict=True)
    ]
    return sorted(found, key=lambda x: (-x.chance, x.product))


def _known_to(
    due: DueModel, bought: Bought, today: float
) -> tuple[DueModel, list[str]]:
    """Return a model that saw some orders, and what was taken more than once."""
    model = due.serving()
    for at, products in bought:
        for product in products:
            model.rhythms.observe("", product, at)
    pairs = model.rhythms.pairs[""].items()
    known = [x for x, p in pairs if p.times > 1 and today - p.last <= model.max_gap]
    return model, known


def usual_choice(
    models: Models, bought: Bought, prices: Prices
) -> tuple[str, float] | None:
    """Return which of a few products is taken this time, and how surely.

    None where no model serves or nothing like them was ordered.
    """
    options = sorted(prices)
    if models.choice is None or len(options) < 2:
        return None
    model = models.choice.serving()
    taken = [x for _, items in bought for x in items if x in prices]
    for item in taken:
        model.records.note(choice_among("", options, prices, (item,)))
    if not taken:
        return None
    features = choice_among("", options, prices).features
    best = options[int(model.scores("", features, options).argmax())]
    return best, model.sure("", features, options)
