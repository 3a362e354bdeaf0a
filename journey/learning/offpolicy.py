"""What another policy would have earned, from what was shown with which propensity.

Only the last slot of a shortlist is drawn, so that it is what can be told about: who
stood to the draw, with which probability each, and whether what was shown was taken.
Estimates are by inverse propensity (Horvitz and Thompson, 1952), self-normalized
(Swaminathan and Joachims, 2015) and doubly robust (Dudik, Langford and Li, 2011).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.curate.pick import EXPLORE
from journey.learning.linear import Linear, Numbers, fit_logistic
from journey.learning.refit import GROUPS, amounts_of
from journey.learning.weights import Weights, weights_by_name
from journey.store.tables import Event, Option

SAMPLES = 400
LEVEL = (2.5, 97.5)
MOST = 100_000
Policy = Callable[["Drawn"], Numbers]


@dataclass(frozen=True)
class Drawn:
    """One draw: the contenders' amounts (contenders, 1 + groups) and propensities.

    `shown` is the place of what was shown, `taken` whether it was chosen, `model`
    the names of the models that decided.
    """

    customer: str
    model: str
    amounts: Numbers
    propensities: Numbers
    shown: int
    taken: float


@dataclass(frozen=True)
class Estimate:
    """A value with its interval of 95 %."""

    value: float
    low: float
    high: float


def read_draws(session: Session) -> list[Drawn]:
    """Return the draws of the log, oldest first."""
    kind = Event.kind == "shortlist_shown"
    query = select(Event.customer_id, Event.decided_by, Event.payload).where(kind)
    rows = session.execute(query.order_by(Event.number.desc()).limit(MOST)).all()
    chosen = select(Option.shortlist_id, Option.product_id)
    taken = {tuple(x) for x in session.execute(chosen.where(Option.choice == "chosen"))}
    found = [_drawn(str(who), model, told, taken) for who, model, told in rows]
    return [one for one in reversed(found) if one is not None]


def _drawn(
    customer: str, model: str, told: Mapping[str, object], taken: set[tuple[str, ...]]
) -> Drawn | None:
    contenders: list[dict[str, object]] = told.get("contenders") or []  # type: ignore[assignment]
    options: list[dict[str, str]] = told.get("options") or []  # type: ignore[assignment]
    if not contenders or not options:
        return None
    last = options[-1]["product"]
    names = [one["product"] for one in contenders]
    return Drawn(
        customer,
        model,
        np.array([amounts_of(one["terms"]) for one in contenders]),  # type: ignore[arg-type]
        np.array([one["propensity"] for one in contenders], float),
        names.index(last),
        float((str(told.get("shortlist")), last) in taken),
    )


def policy_of(session: Session, weights: Weights) -> Policy:
    """Return the policy that shows what these weights put first, and explores."""
    logged = weights_by_name(session)
    wanted = weights.stored()

    def policy(drawn: Drawn) -> Numbers:
        known = (logged[name] for name in drawn.model.split() if name in logged)
        before = next(known, Weights()).stored()
        factors = np.array([wanted[g] / before[g] for g in GROUPS])
        scores = drawn.amounts[:, 0] + drawn.amounts[:, 1:] @ (factors - 1)
        return exploring(scores)

    return policy


def exploring(scores: Numbers) -> Numbers:
    """Return the probabilities of showing the best, and of trying another."""
    found = np.full(len(scores), EXPLORE / max(len(scores) - 1, 1))
    found[int(scores.argmax())] = 1 - EXPLORE if len(scores) > 1 else 1.0
    return found


def evaluate(
    draws: Sequence[Drawn], policy: Policy, seed: int = 0
) -> dict[str, Estimate]:
    """Return the share that would have been taken, by each estimator.

    Intervals come from drawing customers again and again (bootstrap): what one
    customer does hangs together.
    """
    chances = [policy(one) for one in draws]
    weight = np.array(
        [
            p[x.shown] / x.propensities[x.shown]
            for p, x in zip(chances, draws, strict=True)
        ]
    )
    taken = np.array([one.taken for one in draws])
    guessed, meant = _guessed(draws, chances)
    parts = np.stack(
        [weight * taken, weight, meant + weight * (taken - guessed), taken]
    )
    names = sorted({one.customer for one in draws})
    numbers = {name: number for number, name in enumerate(names)}
    owner = np.array([numbers[one.customer] for one in draws])
    sums = np.stack([np.bincount(owner, x, len(names)) for x in parts])
    sizes = np.bincount(owner, minlength=len(names)).astype(float)
    random = np.random.default_rng(seed)
    again = random.multinomial(len(names), np.full(len(names), 1 / len(names)), SAMPLES)
    whole = _values(sums.sum(1), sizes.sum())
    drawn = again.astype(float)
    spread = _values(sums @ drawn.T, drawn @ sizes)
    return {
        name: Estimate(float(whole[name]), *map(float, np.percentile(x, LEVEL)))
        for name, x in spread.items()
    }


def _values(sums: Numbers, size: Any) -> dict[str, Numbers]:
    rewarded, weight, robust, taken = sums
    return {
        "as it was": taken / size,
        "IPS": rewarded / size,
        "SNIPS": rewarded / np.maximum(weight, 1e-9),
        "DR": robust / size,
    }


def _guessed(
    draws: Sequence[Drawn], chances: Sequence[Numbers]
) -> tuple[Numbers, Numbers]:
    """Return the guessed reward of what was shown, and the mean under the policy.

    The guess for a customer comes from the other half of the customers.
    """
    names = sorted({one.customer for one in draws})
    half = {name: n % 2 for n, name in enumerate(names)}
    rows = np.array([x.amounts[x.shown] for x in draws])
    taken = np.array([x.taken for x in draws])
    side = np.array([half[x.customer] for x in draws])
    models = [_fit(rows[side != n], taken[side != n]) for n in (0, 1)]
    shown, meant = np.zeros(len(draws)), np.zeros(len(draws))
    for n, (one, chance) in enumerate(zip(draws, chances, strict=True)):
        guess = models[side[n]].chance(one.amounts)
        shown[n], meant[n] = guess[one.shown], chance @ guess
    return shown, meant


def _fit(rows: Numbers, taken: Numbers) -> Linear:
    if not len(rows):
        return Linear(np.zeros(1 + len(GROUPS)), -9.0)
    return fit_logistic(rows, taken, ridge=5.0)
