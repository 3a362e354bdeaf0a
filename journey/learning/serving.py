"""What was learned, as terms of the score of each candidate for one customer."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from heapq import nsmallest
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.curate.candidate import Candidates
from journey.curate.fit import Described, Sold
from journey.curate.score import LEARNED, Term
from journey.learning.again import Expected, expect
from journey.learning.crowd import Crowd, crowd_of, followers
from journey.learning.fading import faded
from journey.learning.histories import own_orders
from journey.learning.mutes import Words, words_of
from journey.learning.ready import Models, Ready
from journey.learning.tastes import Taste, taste_of
from journey.people.consent import Purpose, has_consent
from journey.store.prepared import Prepared
from journey.store.tables import Event, LearnedTaste

KEPT_AFTER = timedelta(days=7)
"""What was ordered and did not go back within so many days was kept."""
SPOKEN = 0.05
"""A weaker liking moves the score and is not given as a reason."""
ALIKE = 2
"""So many traits must draw a customer before we say that it is like their choices."""
OFTEN = 3
LIKELIER = 0.15
DUE = 0.5
"""From this probability on it is said that something is due."""
LIKELIEST = 16
"""So many products that are likely next come into question wherever they stand."""

_MINE: BindParameter[str] = bindparam("customer")
_LAST = Prepared(select(func.max(Event.number)))


class Experience(NamedTuple):
    """How the customer took one product."""

    product_id: str
    shown: int
    chosen: int
    ordered: int
    returned: int
    good: int
    bad: int
    refused_trait: int
    refused_itself: int
    liked: int
    disliked: int
    ordered_at: datetime | None


_TASTES = Prepared(
    select(*(LearnedTaste.__table__.c[x] for x in Experience._fields)).where(
        LearnedTaste.customer_id == _MINE
    )
)
Own = Mapping[str, Experience]
"""By product the customer's own row of `learned_tastes`."""


@dataclass(frozen=True)
class Known:
    """All that was learned about a customer and bears on one shortlist."""

    session: Session
    models: Models
    state: int
    need: str
    own: Own
    described: Mapping[str, Described]
    said: Words
    expected: Expected
    totals: tuple[int, int]
    now: datetime

    @property
    def model(self) -> str:
        """The names of the models that decide, as they are logged."""
        return self.models.id

    @property
    def likely(self) -> Sequence[str]:
        """The products that are likeliest next, best first."""
        found = ((-chance, x) for x, (_, chance) in self.expected.next.items())
        return [product for _, product in nsmallest(LIKELIEST, found)]

    def terms(self, products: Iterable[Sold]) -> dict[str, tuple[Term, ...]]:
        """Return, by product, what was learned about it.

        The number of queries does not grow with the products.
        """
        shown = {product.id: product for product in products}
        crowd = crowd_of(self.session, self.need, list(shown), self.totals)
        scale = self._scale(shown.values(), crowd)
        return {
            name: tuple([t for t in scale.terms(product) if t.amount])
            for name, product in shown.items()
        }

    def _scale(self, products: Iterable[Sold], crowd: Crowd) -> "Scale":
        weights = {x: faded(row.weight, self.now) for x, row in crowd.rows.items()}
        candidates = [(x, 1 + weights.get(x.id, 0.0)) for x in products]
        rows = [
            (row, self.described[name])
            for name, row in self.own.items()
            if name in self.described
        ]
        taste = taste_of(rows, candidates, self.said, self.now)
        fits = {x.id: taste.fit(x) for x, _ in candidates} if rows else {}
        follows = {} if self.models.baskets else followers(self.session, self._last())
        return Scale(self, taste, fits, crowd, follows)

    def _last(self) -> list[str]:
        """Return what was in the customer's last order."""
        rows = self.own.items()
        times = {k: x.ordered_at for k, x in rows if x.ordered_at and x.ordered}
        last = max(times.values(), default=None)
        return [product for product, at in times.items() if at == last]


@dataclass(frozen=True)
class Scale:
    """What each of some candidates is weighed with."""

    known: Known
    taste: Taste
    fits: Mapping[str, float]
    crowd: Crowd
    follows: Mapping[str, float]

    @cached_property
    def usual(self) -> float:
        """How candidates fit the taste in the mean."""
        return sum(self.fits.values()) / max(len(self.fits), 1)

    def terms(self, product: Sold) -> Iterator[Term]:
        """Yield what was learned for and against a product."""
        own, weights = self.known.own, self.known.models.weights
        if product.id in own:
            yield from self._experience(product, own[product.id])
        if self.fits:
            yield from self._taste(product)
        if product.id in self.crowd.rows:
            yield from self._crowd(product)
        if follows := self.follows.get(product.id):
            yield _term("follows", weights.follows * math.sqrt(follows))
        if expected := self.known.expected.next.get(product.id):
            why, chance = expected
            yield _term(why, weights.next * math.sqrt(chance))
        if due := self.known.expected.due.get(product.id):
            yield _term("due" if due >= DUE else "due_later", weights.due * due)

    def _experience(self, product: Sold, row: Experience) -> Iterator[Term]:
        weights = self.known.models.weights
        if row.returned:
            yield _term("returned", -weights.returned)
        elif row.bad > row.good:
            yield _term("disappointed", -weights.disappointed)
        elif row.ordered > 0 and self._kept(row):
            again = product.uses_up_days is not None or row.ordered > 1
            weight = weights.kept if again else weights.durable
            yield _term("kept", 2 * weight * _certain(row.ordered))
        if refused := row.refused_itself + row.refused_trait:
            yield _term("refused", -2 * weights.refused * _certain(refused))
        if (passed := row.shown - row.chosen - row.ordered) > 0:
            yield _term("passed_over", -weights.passed_over * math.log1p(passed))

    def _kept(self, row: Experience) -> bool:
        return bool(row.ordered_at and row.ordered_at <= self.known.now - KEPT_AFTER)

    def _taste(self, product: Sold) -> Iterator[Term]:
        liking = math.tanh(self.fits[product.id] - self.usual)
        amount = self.known.models.weights.taste * liking
        said = amount >= SPOKEN and self.taste.drawing(product, SPOKEN) >= ALIKE
        yield _term("taste" if said else "leaning", amount)

    def _crowd(self, product: Sold) -> Iterator[Term]:
        weights, own = self.known.models.weights, self.known.own
        lift = self.crowd.lift(product.id)
        chosen = own[product.id].chosen if product.id in own else 0
        others = self.crowd.chosen_by_others(product.id, chosen)
        often = lift >= LIKELIER and others >= OFTEN
        yield _term(
            "often_chosen" if often else "chances",
            weights.crowd * max(-1.0, min(1.0, lift)),
        )
        yield _term("returns", -weights.returns * self.crowd.returns(product.id))


def recall(
    session: Session,
    customer_id: str,
    *,
    need: str | None,
    now: datetime,
    ready: Ready,
    candidates: Candidates,
) -> Known:
    """Return what was learned, with the customer's own part when they agree to it.

    What is no longer in the catalogue is looked up.
    """
    models, state = ready.models(session), learning_state(session)
    willing = has_consent(session, customer_id, Purpose.LEARNING, now, unsaid=True)
    own = _own(session, customer_id) if willing else {}
    known = {name: candidates.get(name) for name in own}
    gone = [name for name, product in known.items() if product is None]
    described: dict[str, Described] = {x: p for x, p in known.items() if p is not None}
    described |= find_products(session, gone) if gone else {}
    bought = own_orders(session, customer_id) if own and models.foretell else []
    return Known(
        session=session,
        models=models,
        state=state,
        need=need or "",
        own=own,
        described=described,
        said=words_of(session, customer_id) if own else {},
        expected=expect(models, bought, now) if bought else Expected(),
        totals=ready.totals(session, need or "", state),
        now=now,
    )


def learning_state(session: Session) -> int:
    """Return how far in the log has been learned: a replay up to there gives it."""
    return next(_LAST.rows(session.connection()))[0] or 0


def _own(session: Session, customer_id: str) -> Own:
    rows = _TASTES.rows(session.connection(), customer=customer_id)
    return {row.product_id: row for row in map(Experience._make, rows)}


def _term(about: str, amount: float) -> Term:
    return Term(LEARNED, about, amount)


def _certain(count: int) -> float:
    """Return how much is known from so many: a half from one, nearly all from many."""
    return count / (count + 1)
