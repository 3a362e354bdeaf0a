"""What was learned, as terms of the score of each candidate for one customer."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.consent import Purpose, has_consent
from journey.curate.score import LEARNED, Term
from journey.learning.crowd import Crowd, crowd_of, followers
from journey.learning.tastes import Taste, taste_of
from journey.learning.weights import Weights, serving_model
from journey.store.tables import Event, Journey, LearnedMute, LearnedTaste, Product

KEPT_AFTER = timedelta(days=7)
"""What was ordered and did not go back within so many days was kept."""
SPOKEN = 0.05
"""A weaker liking moves the score and is not given as a reason."""
ALIKE = 2
"""So many traits must draw a customer before we say that it is like their choices."""
OFTEN = 3
LIKELIER = 0.15
BIND = 900
"""So many ids go into one query; SQLite and PostgreSQL both take that."""

Own = dict[str, tuple[LearnedTaste, Product]]


@dataclass(frozen=True)
class Known:
    """All that was learned and bears on one shortlist."""

    own: Own
    taste: Taste
    usual: float
    crowd: Crowd
    follows: Mapping[str, float]
    weights: Weights
    now: datetime

    def terms(self, product: Product) -> Iterator[Term]:
        """Yield what was learned for and against a product."""
        if product.id in self.own:
            yield from self._experience(product, self.own[product.id][0])
        if self.own:
            yield from self._taste(product)
        yield from self._crowd(product)

    def _experience(self, product: Product, row: LearnedTaste) -> Iterator[Term]:
        if row.returned:
            yield _term("returned", -self.weights.returned)
        elif row.bad > row.good:
            yield _term("disappointed", -self.weights.disappointed)
        elif row.ordered > 0 and self._kept(row):
            again = product.uses_up_days is not None or row.ordered > 1
            weight = self.weights.kept if again else self.weights.durable
            yield _term("kept", 2 * weight * _certain(row.ordered))
        if refused := row.refused_itself + row.refused_trait:
            yield _term("refused", -2 * self.weights.refused * _certain(refused))
        if (passed := row.shown - row.chosen - row.ordered) > 0:
            yield _term("passed_over", -self.weights.passed_over * math.log1p(passed))

    def _kept(self, row: LearnedTaste) -> bool:
        return row.ordered_at is not None and row.ordered_at <= self.now - KEPT_AFTER

    def _taste(self, product: Product) -> Iterator[Term]:
        liking = math.tanh(self.taste.fit(product) - self.usual)
        amount = self.weights.taste * liking
        chosen = self.taste.liked.having
        drawn = sum(
            pull > SPOKEN and trait in chosen
            for trait, pull in self.taste.pulls(product).items()
        )
        said = amount >= SPOKEN and drawn >= ALIKE
        yield _term("taste" if said else "leaning", amount)

    def _crowd(self, product: Product) -> Iterator[Term]:
        lift = self.crowd.lift(product.id)
        own = self.own[product.id][0].chosen if product.id in self.own else 0
        others = self.crowd.chosen_by_others(product.id, own)
        often = lift >= LIKELIER and others >= OFTEN
        yield _term(
            "often_chosen" if often else "chances",
            self.weights.crowd * max(-1.0, min(1.0, lift)),
        )
        yield _term("returns", -self.weights.returns * self.crowd.returns(product.id))
        follows = self.follows.get(product.id, 0.0)
        yield _term("follows", self.weights.follows * math.sqrt(follows))


def terms_for(
    session: Session, customer_id: str, product_ids: Sequence[str], now: datetime
) -> dict[str, tuple[Term, ...]]:
    """Return, by product, what was learned about it for a customer.

    The number of queries does not grow with the products.
    """
    products = _products(session, product_ids)
    crowd = crowd_of(session, _need(session, customer_id))
    own = own_sums(session, customer_id, now)
    candidates = {x: 1 + crowd.weight(x.id, now) for x in products.values()}
    muted = muted_traits(session, customer_id) if own else frozenset()
    taste = taste_of(list(own.values()), candidates, muted, now)
    fits = [taste.fit(product) for product in products.values()] if own else []
    known = Known(
        own=own,
        taste=taste,
        usual=sum(fits) / len(fits) if fits else 0.0,
        crowd=crowd,
        follows=followers(session, _last_order(own)),
        weights=serving_model(session).weights,
        now=now,
    )
    return {
        product.id: tuple(t for t in known.terms(product) if t.amount)
        for product in products.values()
    }


def learning_state(session: Session) -> int:
    """Return how far in the log has been learned: a replay up to there gives it."""
    return session.scalar(select(func.max(Event.number))) or 0


def model_id(session: Session) -> str:
    """Return the name of the model that serves."""
    return serving_model(session).id


def _products(session: Session, ids: Sequence[str]) -> dict[str, Product]:
    return find_products(session, ids)


def _need(session: Session, customer_id: str) -> str:
    query = (
        select(Journey.need)
        .where(Journey.customer_id == customer_id, Journey.state == "open")
        .order_by(Journey.stage_at.desc())
    )
    return session.scalar(query.limit(1)) or ""


def own_sums(session: Session, customer_id: str, now: datetime) -> Own:
    """Return the customer's own sums, none when they do not want learning."""
    if not has_consent(session, customer_id, Purpose.LEARNING, now, unsaid=True):
        return {}
    query = (
        select(LearnedTaste, Product)
        .join(Product, Product.id == LearnedTaste.product_id)
        .where(LearnedTaste.customer_id == customer_id)
    )
    rows = session.execute(query.execution_options(populate_existing=True))
    return {product.id: (taste, product) for taste, product in rows}


def muted_traits(session: Session, customer_id: str) -> frozenset[str]:
    """Return the traits of which a customer does not want anything learned."""
    query = select(LearnedMute.trait).where(LearnedMute.customer_id == customer_id)
    return frozenset(session.scalars(query))


def _last_order(own: Own) -> list[str]:
    times = {k: x.ordered_at for k, (x, _) in own.items() if x.ordered_at and x.ordered}
    last = max(times.values(), default=None)
    return [product for product, at in times.items() if at == last]


def _term(about: str, amount: float) -> Term:
    return Term(LEARNED, about, amount)


def _certain(count: int) -> float:
    """Return how much is known from so many: a half from one, nearly all from many."""
    return count / (count + 1)
