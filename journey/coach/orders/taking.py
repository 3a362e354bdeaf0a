"""A product that the coach offered of itself: taken, with more, or another instead."""

from collections.abc import Sequence
from decimal import Decimal

from journey import journeys, pending
from journey.coach import back, replying, request
from journey.coach.orders import addressing, naming, ordering, placing, tracking
from journey.coach.replying import SURE, To
from journey.coach.shortlist.refining import wishes_of
from journey.curate.fit import CATEGORY, PRICE
from journey.curate.keep import keep_wishes
from journey.curate.score import LIKE
from journey.curate.wishes import Draft
from journey.journeys import Experience, Stage
from journey.orders.stock import Line
from journey.store.tables import Product
from journey.turn import Move, Turn

BUYS = frozenset({"affirm", "order_product", "choose_option", "reorder"})
COUNTED = BUYS | {"change_order", "give_preference"}
"""With a number of pieces these are a yes."""
ANOTHER = frozenset(
    {"give_preference", "ask_recommendation", "refuse_option", "state_goal"}
)
ASKS = frozenset("ask_about_option compare_options ask_policy track_order".split())
TRAITS = frozenset({"attribute", "brand", "category", "by"})
ADDRESSED = frozenset({"change_order", "out_of_scope", "share_situation"})
LEAST, MORE = 0.01, 0.1


def meaning(turn: Turn) -> str | None:
    """Return what a message means as a reply to an offered product.

    A clear question about the thing is no yes, and asks for no reason why we wrote.
    """
    said = replying.meaning(turn, To.OFFER)
    about = turn.heard.intent == "ask_about_option" and turn.heard.confidence >= SURE
    asks = about and not replying.agrees(turn)
    return None if said in ("why", "yes") and asks else said


def take(turn: Turn, product: Product, said: str | None) -> list[Move] | None:
    """Read how an offered product is taken; None when it is about something else.

    `said` is what the message means as a reply to the offer.
    """
    if said not in (None, "yes"):
        return None
    if said is None and turn.heard.intent in ASKS:
        return _when(turn, product)
    if (most := _limit(turn)) is not None and most < product.price:
        return _costs_more(turn, product)
    if _goes_elsewhere(turn, said):
        return _to_another_address(turn, product)
    besides = [x for x in naming.named(turn) if x.category != product.category]
    if turn.heard.of("product", "category") and besides:
        more = _says(turn, "order_more", MORE) and len(besides) == 1
        return _confirm(turn, product, besides) if said and more else None
    if _other_trait(turn, product) or (said is None and _wants_another(turn)):
        return another(turn, product)
    return _confirm(turn, product) if said == "yes" or _buys(turn) else None


def _confirm(
    turn: Turn, product: Product, besides: Sequence[Product] = ()
) -> list[Move]:
    pending.done(turn)
    lines = _lines(turn, product) if not besides else [Line(product.id, 1)]
    lines += [Line(x.id, placing.pieces(turn)) for x in besides]
    return ordering.confirm(turn, ordering.journey_for(turn), lines)


def _lines(turn: Turn, product: Product) -> list[Line]:
    return [Line(product.id, placing.pieces(turn))]


def _buys(turn: Turn) -> bool:
    """Tell whether the intent is to take it: surely, or with a number of pieces."""
    if turn.heard.of("count") and turn.heard.intent in COUNTED:
        return True
    return turn.heard.intent in BUYS and turn.heard.confidence >= replying.CLEAR


def _other_trait(turn: Turn, product: Product) -> bool:
    """Tell whether a message points at something else: "the ground one"."""
    marks = [x for x in turn.heard.of("reference") if TRAITS & x.value.keys()]
    named = [str(x.value) for x in turn.heard.of("product")]
    return bool(marks) or (bool(named) and product.id not in named)


def _wants_another(turn: Turn) -> bool:
    if _says(turn, "instead", LEAST):
        return True
    return turn.heard.intent in ANOTHER and not turn.heard.of("count")


def _limit(turn: Turn) -> Decimal | None:
    """Return up to which price it is wanted: "only if it's under 10"."""
    named = [Decimal(str(e.value["amount"])) for e in turn.heard.of("money")]
    return min(named, default=None)


def _costs_more(turn: Turn, product: Product) -> list[Move]:
    values = {"name": product.name, "price": placing.money(turn, product.price)}
    return [Move("utter_costs_more", values), *back.way_back(turn)]


def another(turn: Turn, product: Product) -> list[Move]:
    """Show what else there is of its kind, by what is wished for."""
    pending.done(turn)
    named = [x for x in naming.named(turn) if turn.heard.of("product")]
    if len(named) == 1:
        return _confirm(turn, named[0])
    journey = journeys.start(
        turn, stage=Stage.REQUEST, experience=Experience.CURATED_OFFERING
    )
    text = turn.heard.text
    wishes = [Draft(CATEGORY, "==", {"value": [product.category]}, text)]
    if _says(turn, "cheaper", LEAST):
        wishes.append(Draft(PRICE, "<", {"value": float(product.price)}, text))
    wishes.append(Draft(LIKE, "==", {"value": product.id}, text, hard=False))
    keep_wishes(turn, journey, wishes)
    keep_wishes(turn, journey, wishes_of(turn, journey))
    return request.offer(turn, journey)


def _goes_elsewhere(turn: Turn, said: str | None) -> bool:
    fits = said == "yes" or turn.heard.intent in BUYS | ADDRESSED
    return fits and addressing.wanted(turn)


def _to_another_address(turn: Turn, product: Product) -> list[Move]:
    pending.done(turn)
    journey = ordering.journey_for(turn)
    return addressing.change(turn, journey, _lines(turn, product))


def _when(turn: Turn, product: Product) -> list[Move] | None:
    """Say when it would come; where an order is, is another question."""
    if not _says(turn, "would_arrive", MORE) or _says(turn, "mine", MORE):
        return None
    return [tracking.would_come(turn, _lines(turn, product))]


def _says(turn: Turn, kind: str, least: float) -> bool:
    language = turn.knowledge.language(turn.heard.language)
    return language.heard(kind, turn.heard.text) >= least
