"""A shortlist: from a journey's wishes to one to four options, kept and logged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select

from journey import log
from journey.catalogue.products import find_products
from journey.curate.facts import clauses_of
from journey.curate.fit import Limit, Sold
from journey.curate.pick import Picked, pick
from journey.curate.reasons import Teller
from journey.curate.score import LIKE, Scored, Scorer, Term
from journey.curate.search import Search, serves_of
from journey.store.tables import Journey, Option, Product, Shortlist
from journey.turn import Turn


class Learned(Protocol):
    """What was learned for one shortlist, and who decides on it."""

    @property
    def model(self) -> str:
        """The names of the models that decide, as they are logged."""

    @property
    def state(self) -> int:
        """How far in the log was learned."""

    @property
    def likely(self) -> Sequence[str]:
        """The products that are likeliest next."""

    def terms(self, products: Iterable[Sold]) -> Mapping[str, Sequence[Term]]:
        """Return, by product, what was learned about it."""


@dataclass(frozen=True)
class Shown:
    """A shortlist that was kept, with the products on it."""

    shortlist: Shortlist
    options: tuple[Option, ...]
    products: Mapping[str, Product]


def make_shortlist(
    turn: Turn, journey: Journey, found: Search, learned: Learned
) -> Shown | None:
    """Rank what fits, pick at most four, and keep and log them with their reasons."""
    choice = pick(rank(turn, journey, found, learned), turn.random)
    picked = choice.picked
    if not picked:
        return None
    shortlist = Shortlist(journey_id=journey.id, decided_by=learned.model, at=turn.now)
    turn.session.add(shortlist)
    turn.session.flush()
    teller = teller_for(
        turn, journey, found.limits, [one.scored.product for one in picked]
    )
    options = [
        _option(shortlist, rank, one, teller) for rank, one in enumerate(picked, 1)
    ]
    turn.session.add_all(options)
    _log(turn, journey, shortlist, options, learned, choice.contenders)
    products = find_products(turn.session, [x.product_id for x in options])
    return Shown(shortlist, tuple(options), products)


def rank(turn: Turn, journey: Journey, found: Search, learned: Learned) -> list[Scored]:
    """Return what fits with its score, the best first."""
    likes = [str(wish.value) for wish in found.wishes if wish.attribute == LIKE]
    kinds = turn.knowledge.catalogue.categories
    scorer = Scorer(
        attributes=turn.knowledge.catalogue.attributes,
        serves=serves_of(turn, journey),
        wishes=found.wishes,
        learned=learned.terms(found.fitting),
        arrivals=turn.arrivals,
        models=find_products(turn.session, likes) if likes else {},
        cares={x: category.cares for x, category in kinds.items()},
    )
    return scorer.rank(found.fitting)


def teller_for(
    turn: Turn,
    journey: Journey,
    limits: Sequence[Limit],
    products: Sequence[Sold],
) -> Teller:
    """Return what tells the reasons of products that stand side by side."""
    return Teller(
        catalogue=turn.knowledge.catalogue,
        language=turn.knowledge.language(turn.heard.language),
        shown=products,
        limits=limits,
        clauses=clauses_of(turn, journey),
        arrivals=turn.arrivals,
    )


def last_shortlist(turn: Turn, journey: Journey) -> Shown | None:
    """Return what was shown last in a journey."""
    query = (
        select(Shortlist)
        .where(Shortlist.journey_id == journey.id)
        .order_by(Shortlist.at.desc())
        .limit(1)
    )
    shortlist = turn.session.scalar(query)
    if shortlist is None:
        return None
    rows = select(Option).where(Option.shortlist_id == shortlist.id)
    options = tuple(turn.session.scalars(rows.order_by(Option.rank)))
    products = find_products(turn.session, [option.product_id for option in options])
    return Shown(shortlist, options, products)


def _option(shortlist: Shortlist, rank: int, one: Picked, teller: Teller) -> Option:
    product = one.scored.product
    return Option(
        shortlist_id=shortlist.id,
        journey_id=shortlist.journey_id,
        rank=rank,
        product_id=product.id,
        price=float(product.price),
        reason=teller.reason(one.scored),
        drawback=teller.drawback(one.scored),
        terms={"terms": _stored(one.scored)},
        propensity=one.propensity,
    )


def _log(
    turn: Turn,
    journey: Journey,
    shortlist: Shortlist,
    options: Sequence[Option],
    learned: Learned,
    contenders: Sequence[Picked],
) -> None:
    log.write(
        turn.session,
        turn.heard,
        "shortlist_shown",
        journey=journey,
        decided_by=learned.model,
        learning_state=learned.state,
        shortlist=shortlist.id,
        options=[
            {
                "product": option.product_id,
                "rank": option.rank,
                "propensity": option.propensity,
                "reason": option.reason,
                "drawback": option.drawback,
            }
            for option in options
        ],
        contenders=[
            {
                "product": one.scored.product.id,
                "propensity": one.propensity,
                "terms": _stored(one.scored),
            }
            for one in contenders
        ],
    )


def _stored(scored: Scored) -> list[list[Any]]:
    return [[term.kind, term.about, round(term.amount, 6)] for term in scored.terms]
