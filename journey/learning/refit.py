"""A challenger to the serving model: fitted to past choices, promoted when better.

Every option keeps the terms of its score. From what was chosen of what stood side by
side, the challenger learns how much each kind of learned term should count. It is
fitted to the older choices and must foretell the newest ones better than the model
that serves (prequential evaluation: Dawid, 1984).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.curate.score import LEARNED
from journey.learning.conditional import fit_conditional, softmax
from journey.learning.linear import Numbers
from journey.learning.verdict import Verdict, surely_better
from journey.learning.weights import KIND, Model, Weights, serving_model
from journey.people.consent import Purpose, unwilling
from journey.store.tables import Journey, Option, Shortlist

NEWEST = timedelta(days=14)
LEAST = 50
"""So many choices at least, in the older and in the newest part."""
MOST = 50_000
RIDGE = 20.0
FARTHEST = 3.0
"""A weight changes by this factor at most in one fit."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "kept": ("kept",),
    "returned": ("returned",),
    "taste": ("taste", "leaning"),
    "crowd": ("often_chosen", "chances"),
    "returns": ("returns",),
    "follows": ("follows",),
    "next": ("again", "after", "likely"),
    "due": ("due", "due_later"),
    "refused": ("refused",),
    "disappointed": ("disappointed",),
    "passed_over": ("passed_over",),
}
PLACE = {about: n for n, names in enumerate(GROUPS.values()) for about in names}


@dataclass(frozen=True)
class Chosen:
    """One shortlist from which something was taken: (options, 1 + groups) amounts."""

    at: datetime
    amounts: Numbers
    taken: int


def challenge_weights(session: Session, now: datetime) -> Verdict:
    """Fit a challenger to past choices, and judge it by the newest ones."""
    chosen = past_choices(session)
    older = [x for x in chosen if x.at <= now - NEWEST]
    newest = [x for x in chosen if x.at > now - NEWEST]
    if min(len(older), len(newest)) < LEAST:
        return Verdict(KIND, len(chosen), 0.0, 0.0)
    plain = np.eye(1, 1 + len(GROUPS))[0] * _heat(older)
    fitted = _fit(older)
    told, tried = (_foretold(newest, w) for w in (plain, fitted))
    return Verdict(
        KIND,
        len(chosen),
        float(np.mean(told)),
        float(np.mean(tried)),
        better=surely_better(told, tried),
        weights=_changed(session, _fit(chosen)).stored(),
    )


def past_choices(session: Session) -> list[Chosen]:
    """Return shortlists from which something was taken, oldest first.

    Those of customers who do not want learning are left out.
    """
    query = (
        select(Option, Shortlist.at, Journey.customer_id)
        .join(Shortlist, Shortlist.id == Option.shortlist_id)
        .join(Journey, Journey.id == Option.journey_id)
        .order_by(Shortlist.at.desc(), Option.shortlist_id, Option.rank)
        .limit(MOST)
    )
    refused = unwilling(session, Purpose.LEARNING)
    lists = defaultdict[tuple[datetime, str], list[Option]](list)
    for option, at, customer in session.execute(query):
        if customer not in refused:
            lists[at, option.shortlist_id].append(option)
    return [
        _chosen(at, options)
        for (at, _), options in sorted(lists.items(), key=lambda pair: pair[0])
        if len(options) > 1 and any(x.choice == "chosen" for x in options)
    ]


def _chosen(at: datetime, options: Sequence[Option]) -> Chosen:
    amounts = np.array([amounts_of(x.terms.get("terms", ())) for x in options])
    taken = next(n for n, x in enumerate(options) if x.choice == "chosen")
    return Chosen(at, amounts, taken)


def amounts_of(terms: Iterable[Sequence[Any]]) -> list[float]:
    """Return the whole score, then what each group of learned terms has in it."""
    found = [0.0] * (1 + len(GROUPS))
    for kind, about, amount in terms:
        found[0] += amount
        if kind == LEARNED and about in PLACE:
            found[1 + PLACE[about]] += amount
    return found


def _fit(chosen: Sequence[Chosen]) -> Numbers:
    taken = [x.taken for x in chosen]
    return fit_conditional([x.amounts for x in chosen], taken, RIDGE)


def _heat(chosen: Sequence[Chosen]) -> float:
    """Return how sharply choices follow the scores as they stood."""
    scores = [x.amounts[:, :1] for x in chosen]
    return float(fit_conditional(scores, [x.taken for x in chosen], 1.0)[0])


def _foretold(chosen: Sequence[Chosen], weights: Numbers) -> list[float]:
    """Return the log of the probability that was given to what was taken."""
    chances = [softmax(x.amounts @ weights)[x.taken] for x in chosen]
    return [float(x) for x in np.log(np.maximum(chances, 1e-9))]


def _changed(session: Session, fitted: Numbers) -> Weights:
    """Return the serving weights with what the fit says about each group."""
    model: Model = serving_model(session)
    heat, old = max(float(fitted[0]), 1e-6), model.weights.stored()
    factors = np.clip((heat + fitted[1:]) / heat, 1 / FARTHEST, FARTHEST)
    new = {g: old[g] * float(f) for g, f in zip(GROUPS, factors, strict=True)}
    new["durable"] = old["durable"] * new["kept"] / old["kept"]
    return replace(model.weights, **new)
