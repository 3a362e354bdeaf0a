"""Contests: a challenger of each kind against what serves, on the newest days.

The challenger is fitted to what came before them and foretells them in time order
(prequential evaluation: Dawid, 1984). It serves only when it is surely better, and
is then fitted to all days. What stays serving has its counts made anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from journey.learning.histories import day_of, read_histories
from journey.learning.kinds import KINDS, Kind
from journey.learning.promotion import parts_of, promote, serving_row
from journey.learning.refit import challenge_weights
from journey.learning.stories import Past, read_needs
from journey.learning.verdict import Verdict, surely_better
from journey.store.engine import reading
from journey.store.tables import ModelParts, Product

NEWEST = 14.0
LEAST = 50
"""So many answers at least must judge a challenger."""


@dataclass(frozen=True)
class Seen:
    """What a contest needs of the database: the past, and what serves by kind."""

    past: Past
    serving: Mapping[str, bytes] = field(default_factory=dict)


def refit_models(session: Session, *, now: datetime, random: Random) -> int:
    """Let challengers compete as a job; nobody waits for a lock meanwhile."""
    del random
    session.commit()
    for verdict in compete(session, now):
        settle(session, verdict, now)
    return 0


def compete(session: Session, now: datetime) -> list[Verdict]:
    """Let a challenger of each kind compete; all is read without a lock."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    with reading(engine) as quiet:
        weights = challenge_weights(quiet, now)
        seen = read_seen(quiet)
    return [weights, *(challenge(kind, seen, day_of(now)) for kind in KINDS)]


def read_seen(session: Session, kinds: Sequence[Kind] = KINDS) -> Seen:
    """Return what contests need of the database."""
    query = select(Product.id, Product.category, Product.price)
    rows = session.execute(query)
    prices = {name: (kind, float(price)) for name, kind, price in rows}
    found = {}
    for kind in kinds:
        row = serving_row(session, kind.name)
        parts = parts_of(session, row.id) if row else None
        if parts is not None:
            found[kind.name] = parts.data
    return Seen(Past(read_histories(session), prices, read_needs(session)), found)


def challenge(kind: Kind, seen: Seen, today: float) -> Verdict:
    """Fit a challenger and judge it beside what serves."""
    past, day = seen.past, today - NEWEST
    serves = seen.serving.get(kind.name)
    older = past.before(day)
    told = kind.judge(serves, past, day)
    if len(told) < LEAST or not older.histories.of:
        return Verdict(kind.name, len(told), 0.0, 0.0)
    tried = kind.judge(kind.fit(older), past, day)
    better = surely_better(told, tried)
    data = kind.fit(past) if better else serves and kind.recount(serves, past)
    means = float(np.mean(told)), float(np.mean(tried))
    return Verdict(kind.name, len(told), *means, better=better, data=data or None)


def settle(session: Session, verdict: Verdict, now: datetime) -> str | None:
    """Let a better challenger serve, else renew counts; return a new model's name."""
    if verdict.better:
        report = {"serving": verdict.serving, "challenger": verdict.challenger}
        return promote(
            session,
            verdict.kind,
            weights=verdict.weights,
            report={**report, "answers": verdict.answers},
            now=now,
            data=verdict.data,
        )
    row = serving_row(session, verdict.kind)
    if row is not None and verdict.data is not None:
        parts = session.get_one(ModelParts, row.id)
        parts.data, parts.counted_at = verdict.data, now
    return None
