"""What a journey looks for: what is in stock, and which of it keeps every limit."""

from collections.abc import Sequence
from dataclasses import dataclass

from journey.curate.candidates import find_candidates, find_shelf, find_stated, fits
from journey.curate.fit import CATEGORY, Sold
from journey.curate.keep import Bound, limits_in, wishes_in
from journey.curate.narrow import MANY, POOL, Aim, narrowed
from journey.curate.pick import POOL as TRIALS
from journey.curate.pick import SLOTS
from journey.curate.refused import Gone, gone_before, still_out
from journey.curate.score import Wish
from journey.needs.schema import Serves
from journey.store.tables import Journey
from journey.turn import Turn


@dataclass(frozen=True)
class Search:
    """What a journey looks for: the shelf in question and what bounds it."""

    limits: Sequence[Bound]
    wishes: Sequence[Wish]
    shelf: Sequence[Sold]
    fitting: Sequence[Sold]


def search(turn: Turn, journey: Journey, likely: Sequence[str] | None = None) -> Search:
    """Return what is in stock for a journey, and which of it keeps every limit.

    What was refused for a reason that still holds is on neither list. With `likely`
    products, a large shelf is narrowed to these and the best of the others.
    """
    limits, wishes = limits_in(turn, journey), wishes_in(turn, journey)
    named = any(limit.attribute == CATEGORY for limit in limits)
    serves = None if named else serves_of(turn, journey)
    kinds = (
        [name for name, fit in serves.categories.items() if fit > 0] if serves else None
    )
    out = gone_before(turn, journey)
    columns = turn.knowledge.columns
    narrow = likely is not None and len(columns.products) > MANY
    aim, pool = _aim(turn, journey, wishes), POOL + len(out)
    while narrow:
        among, whole = narrowed(columns, limits, kinds, aim, turn.arrivals, pool)
        asked = [*dict.fromkeys([*among, *(likely or ())])]
        left = _left(
            find_candidates(turn.session, turn.knowledge.candidates, asked, kinds), out
        )
        exact = [x for x in left if fits(x, limits, columns.stated, turn.arrivals)]
        if len(exact) >= SLOTS + TRIALS or (whole and exact):
            return Search(limits, wishes, left, exact)
        if whole:
            break
        pool *= 4
    shelf = find_shelf(
        turn.session, turn.knowledge.candidates, limits, categories=kinds
    )
    left, stated = _left(shelf, out), find_stated(shelf)
    exact = [x for x in left if fits(x, limits, stated, turn.arrivals)]
    return Search(limits, wishes, left, exact)


def _left(shelf: Sequence[Sold], out: Sequence[Gone]) -> list[Sold]:
    """Return a shelf without what was refused for a reason that still holds."""
    by_id = {product.id: product for product in shelf}
    gone = {
        option.product_id
        for option in out
        if option.product_id in by_id and still_out(option, by_id[option.product_id])
    }
    return [product for product in shelf if product.id not in gone]


def _aim(turn: Turn, journey: Journey, wishes: Sequence[Wish]) -> Aim:
    catalogue = turn.knowledge.catalogue
    less = {name for name, x in catalogue.attributes.items() if x.better == "less"}
    cares = {name: kind.cares for name, kind in catalogue.categories.items()}
    return Aim(serves_of(turn, journey), wishes, cares, less)


def serves_of(turn: Turn, journey: Journey) -> Serves | None:
    """Return which products serve a journey's need, if it has one."""
    need = turn.knowledge.needs.get(journey.need or "")
    return need.serves if need else None
