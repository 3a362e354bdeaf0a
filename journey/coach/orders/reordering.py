"""The same again: found in what was bought before."""

from journey import log, pending
from journey.coach.orders import naming, ordering, placing
from journey.coach.orders.purchases import Bought, bought, named_numbers, visible
from journey.coach.shortlist.refining import wishes_of
from journey.curate.fit import CATEGORY
from journey.learning.again import usual_choice
from journey.learning.histories import own_orders
from journey.orders.stock import Line
from journey.people.consent import Purpose, has_consent
from journey.turn import Move, Turn

SURE = 0.95
"""From this certainty on the usual one is put to the yes without asking which."""


def again(turn: Turn) -> list[Move]:
    """Order again what was bought before; ask one question when it is not clear."""
    lines = bought(turn, visible(turn))
    if not lines:
        return _never_bought(turn, "utter_no_orders_yet")
    if not _names_something(turn):
        return _whole(turn, lines)
    found = _newest_each(_meant(turn, lines))
    if not found:
        return _never_bought(turn, "utter_not_bought_before")
    found = _usual(turn, found) or found
    if len(found) > 1:
        products = [line.product for line in found]
        return [naming.which_product(turn, products, placing.pieces(turn))]
    return _confirm(turn, [Line(found[0].product.id, placing.pieces(turn))])


def _confirm(turn: Turn, lines: list[Line]) -> list[Move]:
    """Put it to the yes; that it was asked for again is a lesson before any order."""
    journey, products = ordering.journey_for(turn), [line.product_id for line in lines]
    log.write(
        turn.session, turn.heard, "asked_again", journey=journey, products=products
    )
    return ordering.confirm(turn, journey, lines)


def _names_something(turn: Turn) -> bool:
    kinds = ("product", "category", "brand", "attribute", "material", "colour", "size")
    return bool(turn.heard.of(*kinds) or named_numbers(turn))


def _meant(turn: Turn, lines: list[Bought]) -> list[Bought]:
    """Return the lines that fit all that is named of them."""
    heard, found = turn.heard, lines
    numbers = set(named_numbers(turn))
    products = {str(e.value) for e in heard.of("product")}
    kinds = set() if products else _kinds(turn)
    brands = {str(e.value) for e in heard.of("brand")}
    if numbers:
        found = [x for x in found if x.order.number in numbers]
    if products:
        found = [x for x in found if x.product.id in products]
    if kinds:
        found = [x for x in found if x.product.category in kinds]
    if brands:
        found = [x for x in found if x.product.brand in brands]
    traits = {e.value for e in heard.of("attribute", "material", "colour", "size")}
    exact = [x for x in found if traits & _traits(x)]
    return exact or found


def _kinds(turn: Turn) -> set[str]:
    values = [
        x.value["value"] for x in wishes_of(turn, None) if x.attribute == CATEGORY
    ]
    return {
        str(one)
        for value in values
        for one in (value if isinstance(value, list) else [value])
    }


def _traits(line: Bought) -> set[object]:
    attributes = line.product.attributes
    return {name for name, has in attributes.items() if has is True} | {
        value for value in attributes.values() if isinstance(value, str)
    }


def _newest_each(lines: list[Bought]) -> list[Bought]:
    newest: dict[str, Bought] = {}
    for line in lines:
        newest.setdefault(line.product.id, line)
    return list(newest.values())


def _usual(turn: Turn, lines: list[Bought]) -> list[Bought]:
    """Return the one line that is surely meant, nothing where it must be asked."""
    models, customer = turn.knowledge.ready.models(turn.session), turn.heard.customer_id
    kinds = {line.product.category for line in lines}
    agreed = has_consent(
        turn.session, customer, Purpose.LEARNING, turn.now, unsaid=True
    )
    if len(lines) < 2 or len(kinds) > 1 or models.choice is None or not agreed:
        return []
    prices = {
        line.product.id: (line.product.category, float(line.product.price))
        for line in lines
    }
    found = usual_choice(models, own_orders(turn.session, customer), prices)
    if found is None or found[1] < SURE:
        return []
    name, sure = found
    log.write(
        turn.session,
        turn.heard,
        "usual_taken",
        decided_by=models.id,
        product=name,
        sure=round(sure, 4),
    )
    return [line for line in lines if line.product.id == name]


def _whole(turn: Turn, lines: list[Bought]) -> list[Move]:
    """Order the last order again as it was."""
    last = [x for x in lines if x.order is lines[0].order]
    pieces = placing.pieces(turn) if placing.counts(turn) else None
    same = [Line(x.product.id, pieces or x.item.quantity) for x in last]
    pending.clear(turn)
    return _confirm(turn, same)


def _never_bought(turn: Turn, name: str) -> list[Move]:
    """Say that it was not bought here before, and go on with what is named."""
    if turn.heard.of("product", "category", "attribute"):
        return [Move(name), *naming.order_named(turn)]
    prompt = Move("utter_ask_what")
    return [Move(name), pending.expect(turn, "kind", prompt)]
