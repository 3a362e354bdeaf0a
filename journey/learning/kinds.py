"""The population's models of each kind: how they are fitted, judged and kept."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from journey.learning.baskets import BasketModel, fit_baskets
from journey.learning.choice import ChoiceModel
from journey.learning.conditional import softmax
from journey.learning.due import DueModel
from journey.learning.histories import Bought, Histories, as_visits
from journey.learning.latent import LatentModel, Story, Tally, latent_in
from journey.learning.packing import (
    pack_baskets,
    pack_choice,
    pack_due,
    pack_latent,
    unpack_baskets,
    unpack_choice,
    unpack_due,
    unpack_latent,
)
from journey.learning.population import Visit, count
from journey.learning.ranges import choices
from journey.learning.records import Records
from journey.learning.rhythm import Rhythms
from journey.learning.stories import Past

DAYS, GIVEN_UP = 14.0, 180.0
"""How far ahead a need is foretold, and after what silence it is given up."""
FIRST = 10
WORTH = 1 / np.log2(np.arange(FIRST) + 2)
MOST_JUDGED = 2000
FADES = 0.9


class Kind(Protocol):
    """One kind of model; a higher judgement is better, None where nothing is known."""

    name: str

    def fit(self, past: Past) -> bytes:
        """Fit a model to all of the past."""

    def recount(self, model: bytes, past: Past) -> bytes:
        """Count the past anew for a model whose weights stay."""

    def judge(self, model: bytes | None, past: Past, day: float) -> list[float]:
        """Return how well what came since a day was foretold, one by one.

        Without a model, what needs none is judged: plain counts of one's own.
        """


class Baskets:
    """What is ordered next."""

    name = "baskets"

    def fit(self, past: Past) -> bytes:
        """Fit the weights, and count the population anew."""
        products, visits = _numbered(past.histories)
        return pack_baskets(fit_baskets(visits, len(products)), products)

    def recount(self, model: bytes, past: Past) -> bytes:
        """Count what is popular and what follows what anew."""
        products, visits = _numbered(past.histories)
        sums = count([visits[x] for x in sorted(visits)], len(products))
        return pack_baskets(
            BasketModel(sums, unpack_baskets(model)[0].linear), products
        )

    def judge(self, model: bytes | None, past: Past, day: float) -> list[float]:
        """Return how much of each order stood how far up (nDCG of the first ten)."""
        products, visits = _numbered(past.histories.before(day))
        numbers = {name: number for number, name in enumerate(products)}
        sums = count([visits[x] for x in sorted(visits)], len(products))
        served = unpack_baskets(model)[0] if model else None
        found = []
        for known, at, items in _newest(past.histories, day):
            own = as_visits(known, numbers)
            own = [visit for visit in own if len(visit[1])]
            if not own:
                continue
            if served is None:
                ranked = _plain(known)[:FIRST]
            else:
                places = BasketModel(sums, served.linear).rank(own, at)[:FIRST]
                ranked = [products[x] for x in places]
            found.append(_gain(ranked, set(items)))
        return found


def _gain(ranked: Sequence[str], wanted: set[str]) -> float:
    hits = sum(w for x, w in zip(ranked, WORTH, strict=False) if x in wanted)
    return float(hits / WORTH[: len(wanted)].sum())


def _numbered(histories: Histories) -> tuple[list[str], dict[str, list[Visit]]]:
    """Return the products, and everybody's visits with their numbers."""
    products = histories.products
    numbers = {name: number for number, name in enumerate(products)}
    return products, {x: as_visits(b, numbers) for x, b in histories.of.items()}


def _plain(known: Bought) -> list[str]:
    """Return one's own products, the most and latest taken first."""
    weights = defaultdict[str, float](float)
    for back, (_, items) in enumerate(reversed(known)):
        for item in items:
            weights[item] += FADES**back
    return sorted(weights, key=lambda x: (-weights[x], x))


def _newest(
    histories: Histories, day: float
) -> Iterator[tuple[Bought, float, tuple[str, ...]]]:
    """Yield the orders since a day, each with those of its customer before it."""
    orders = [
        (bought[:place], at, items)
        for bought in histories.of.values()
        for place, (at, items) in enumerate(bought)
        if at >= day and place
    ]
    for place in np.linspace(0, len(orders) - 1, min(len(orders), MOST_JUDGED)):
        yield orders[int(place)]


class Due:
    """What is needed again."""

    name = "due"

    def fit(self, past: Past) -> bytes:
        """Fit the weights, and count the gaps anew."""
        model = DueModel(GIVEN_UP, DAYS)
        model.warm(_purchases(past.histories))
        return pack_due(model)

    def recount(self, model: bytes, past: Past) -> bytes:
        """Count the gaps anew."""
        kept, levels = unpack_due(model), Rhythms(GIVEN_UP)
        for customer, product, at in _purchases(past.histories):
            levels.observe(customer, product, at)
        kept.rhythms = levels
        return pack_due(kept)

    def judge(self, model: bytes | None, past: Past, day: float) -> list[float]:
        """Return the log of the probability given to what came or did not."""
        served = unpack_due(model).serving() if model else None
        before, found = past.histories.before(day), list[tuple[float, bool]]()
        for customer, bought in before.of.items():
            times = defaultdict[str, list[float]](list)
            for at, items in bought:
                for item in items:
                    times[item].append(at)
                    if served is not None:
                        served.rhythms.observe(customer, item, at)
            asked = [x for x, t in times.items() if len(t) > 1]
            asked = [x for x in asked if day - times[x][-1] <= GIVEN_UP]
            came = _since(past.histories.of[customer], day)
            chances = (
                served.chances(customer, asked, day)
                if served is not None and asked
                else np.full(len(asked), np.nan)
            )
            found += [
                (float(c), x in came) for c, x in zip(chances, asked, strict=True)
            ]
        usual = sum(x for _, x in found) / max(len(found), 1)
        return [_log(usual if np.isnan(c) else c, came) for c, came in found]


def _since(bought: Bought, day: float) -> set[str]:
    return {x for at, items in bought if day <= at < day + DAYS for x in items}


def _log(chance: float, came: bool) -> float:
    held = min(max(float(chance), 1e-4), 1 - 1e-4)
    return float(np.log(held if came else 1 - held))


def _purchases(histories: Histories) -> list[tuple[str, str, float]]:
    return [(name, x, at) for at, name, items in histories.orders() for x in items]


class Choices:
    """Which of a kind is taken again."""

    name = "choice"

    def fit(self, past: Past) -> bytes:
        """Fit the weights to all choices among products of a kind."""
        model = ChoiceModel()
        model.warm([x for _, x in choices(past.histories, past.prices)])
        return pack_choice(model)

    def recount(self, model: bytes, past: Past) -> bytes:
        """Count the shares of products anew."""
        kept = unpack_choice(model)
        kept.records = Records()
        for _, choice in choices(past.histories, past.prices):
            kept.records.count(choice)
        return pack_choice(kept)

    def judge(self, model: bytes | None, past: Past, day: float) -> list[float]:
        """Return the log of the probability given to what was taken."""
        served = unpack_choice(model) if model else ChoiceModel()
        found = []
        for at, choice in choices(past.histories, past.prices):
            if at >= day and served.records.of[choice.customer].times:
                scores = served.scores(choice.customer, choice.features, choice.shown)
                place = list(choice.shown).index(choice.taken[0])
                found.append(float(np.log(softmax(scores)[place] + 1e-9)))
            served.learn(choice)
        return found


class Latent:
    """What is needed that nobody said."""

    name = "latent"

    def fit(self, past: Past) -> bytes:
        """Count what follows what, what comes back, and when in the year."""
        return pack_latent(_counted(past.stories()))

    def recount(self, model: bytes, past: Past) -> bytes:
        """Count anew: there is nothing but counts."""
        del model
        return self.fit(past)

    def judge(self, model: bytes | None, past: Past, day: float) -> list[float]:
        """Return the log of the probability given to what came or did not."""
        before = past.before(day).stories()
        plain = _counted(before)
        served = unpack_latent(model) if model else None
        whole, names = past.stories(), list(before)
        found = []
        for place in np.linspace(0, len(names) - 1, min(len(names), MOST_JUDGED)):
            story = before[names[int(place)]]
            later = {x for at, x in whole[names[int(place)]] if 0 <= at - day < DAYS}
            told = served.outlooks(story, day, DAYS) if served else ()
            chances = {x.thing: x.chance for x in told}
            for thing in latent_in(plain.things, story, day):
                chance = chances.get(thing, plain.usual(thing, DAYS))
                found.append(_log(chance, thing in later))
        return found


def _counted(stories: Mapping[str, Story]) -> LatentModel:
    tally = Tally()
    end = max((story[-1][0] for story in stories.values()), default=0.0)
    for story in stories.values():
        tally.take(story, end)
    return LatentModel(tally)


KINDS: Sequence[Kind] = (Baskets(), Due(), Choices(), Latent())
