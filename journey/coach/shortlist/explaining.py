"""Explaining: why an option, what it has, how options differ."""

from collections.abc import Sequence

from journey import log, pending
from journey.catalogue.products import find_products
from journey.coach import back, clarify, talk
from journey.coach.orders import tracking
from journey.coach.orders.purchases import visible
from journey.coach.shortlist import offering
from journey.coach.shortlist.options import Table, in_focus, most, on_table, pointed
from journey.curate.compare import compare
from journey.curate.fit import DELIVERY, PRICE, value_of
from journey.curate.keep import limits_in, wishes_in
from journey.curate.reasons import Teller, first_sentence
from journey.curate.refine import direction
from journey.curate.score import Term, scored
from journey.curate.shortlist import teller_for
from journey.curate.wishes import choice_of
from journey.orders.orders import is_open
from journey.orders.policies import find_policy
from journey.store.tables import Option, Product
from journey.turn import Move, Turn

LEAST = 0.01
WHERE = 0.7
"""The share of a message that asks where something is, and nothing else."""
REASONS = 4


def about(turn: Turn) -> list[Move]:
    """Answer a question about an option out of what is stated, and nothing else."""
    table = on_table(turn)
    named = _named(turn, table)
    if _asks_where(turn) and (table is None or _is_ordered(turn, table)):
        return [*tracking.track(turn), *back.way_back(turn)]
    if table is None or named:
        return _without_table(turn, named)
    options = pointed(turn, table) or ([table.middle] if table.middle else [])
    if turn.knowledge.language(turn.heard.language).heard("why", turn.heard.text) > 0:
        return _after(turn, table, _why(turn, table, (options or table.options)[0]))
    teller = _teller(turn, table)
    asked = asked_about(turn, (options or table.options)[0].product_id)
    if (
        not asked
        and not options
        and find_policy(turn.knowledge.policies, turn.heard.text)
    ):
        return [*talk.policy(turn), *back.way_back(turn)]
    chosen = options or (list(table.options) if asked else list(table.options[:1]))
    products = [table.product(option) for option in chosen]
    focus = products[0].id if len(products) == 1 else table.focus
    return _after(turn, table, facts(teller, products, asked), focus)


def _asks_where(turn: Turn) -> bool:
    language = turn.knowledge.language(turn.heard.language)
    where = language.heard("where_is", turn.heard.text) >= WHERE
    return where and not turn.heard.of("product")


def _is_ordered(turn: Turn, table: Table) -> bool:
    """Tell whether something of what is shown was ordered: "where is it" is that."""
    own = (order for order in visible(turn) if order.journey_id == table.journey.id)
    return any(is_open(order) for order in own)


def _named(turn: Turn, table: Table | None) -> list[Product]:
    """Return the products that are named and are not on the table."""
    ids = [str(e.value) for e in turn.heard.of("product")]
    focus = in_focus(turn)
    ids += [focus] if focus and table is None and not ids else []
    known = set(table.shown.products) if table else set()
    return list(
        find_products(turn.session, [x for x in ids if x not in known]).values()
    )


def _without_table(turn: Turn, named: list[Product]) -> list[Move]:
    if not named and find_policy(turn.knowledge.policies, turn.heard.text):
        return [*talk.policy(turn), *back.way_back(turn)]
    if not named:
        return clarify.miss(turn)
    catalogue, language = turn.knowledge.catalogue, turn.knowledge.language("en")
    teller = Teller(catalogue, language, named, (), {}, turn.arrivals)
    answer = facts(teller, named[:1], asked_about(turn, named[0].id))
    return [answer, *back.way_back(turn)]


def _after(
    turn: Turn, table: Table, answer: Move, focus: str | None = None
) -> list[Move]:
    """Answer, and keep in mind which option was spoken of."""
    if pending.row(turn).expects not in ("choice", ""):
        return [answer, *back.way_back(turn)]
    named = answer.values.get("product") or focus
    about = {"focus": named} if named else {}
    offering.wait_for_choice(turn, table.journey, table.shown, **about)
    return [answer]


def _why(turn: Turn, table: Table, option: Option) -> Move:
    """Tell all that spoke for an option, from the terms that were stored."""
    product = table.product(option)
    terms = tuple(Term(*term) for term in option.terms.get("terms", ()))
    teller = _teller(turn, table)
    told = teller.reasons(scored(product, terms))[:REASONS]
    values = {"name": product.name, "drawback": option.drawback, "product": product.id}
    if not told:
        return Move(
            "utter_why_plain", {**values, "about": first_sentence(product.about)}
        )
    return Move("utter_why", {**values, "reasons": teller.language.join(told)})


def _teller(turn: Turn, table: Table) -> Teller:
    products = [table.product(option) for option in table.options]
    return teller_for(turn, table.journey, limits_in(turn, table.journey), products)


def asked_about(turn: Turn, product_id: str) -> list[str]:
    """Return the attributes that a question is about, price and delivery too."""
    language, text = turn.knowledge.language(turn.heard.language), turn.heard.text
    catalogue = turn.knowledge.catalogue
    asked = [PRICE] if language.heard("price", text) >= LEAST else []
    asked += [DELIVERY] if language.heard("arrive", text) >= LEAST else []
    kind = (
        catalogue.products[product_id].category
        if product_id in catalogue.products
        else None
    )
    for entity in turn.heard.of("attribute", "colour", "material", "size"):
        name = str(entity.value)
        choice = (
            name if name in catalogue.attributes else choice_of(entity, catalogue, kind)
        )
        asked += [choice] if choice else []
    return list(dict.fromkeys(asked))


def facts(teller: Teller, products: Sequence[Product], asked: Sequence[str]) -> Move:
    """Return what is stated about products, or that it is not stated."""
    says = teller.language.says
    if not asked:
        product = products[0]
        values = {"name": product.name, "about": product.about, "product": product.id}
        return Move(
            "utter_option_about", {**values, "drawback": teller.own_drawback(product)}
        )
    parts = []
    for name in asked:
        if len(products) == 1:
            value = _value(teller, products[0], name)
            parts.append(
                says["fact_one"].format(attribute=teller.name(name), value=value)
            )
        else:
            each = [
                says["fact_each"].format(name=x.name, value=_value(teller, x, name))
                for x in products
            ]
            said = says["fact_list"].join(each)
            parts.append(
                says["fact_one"].format(attribute=teller.name(name), value=said)
            )
    text = says["fact_stop"].join(part[:1].upper() + part[1:] for part in parts)
    if len(products) == 1:
        one = {"name": products[0].name, "facts": text, "product": products[0].id}
        return Move("utter_option_fact", one)
    return Move("utter_options_fact", {"facts": text})


def _value(teller: Teller, product: Product, attribute: str) -> str:
    return teller.value(attribute, value_of(product, attribute, teller.arrivals))


def deliveries(turn: Turn, table: Table) -> list[Move]:
    """Say of all that is shown when it would be there."""
    products = [table.product(option) for option in table.options]
    return _after(turn, table, facts(_teller(turn, table), products, [DELIVERY]))


def side_by_side(turn: Turn) -> list[Move]:
    """Compare options: which is the most of something, or all that differs."""
    table = on_table(turn)
    if table is None:
        return about(turn)
    best = _winner(turn, table)
    if best:
        return _after(turn, table, best)
    options = pointed(turn, table)
    if len(options) < 2:
        options = list(table.options)
    if len(options) < 2:
        return about(turn)
    return _after(turn, table, _table(turn, table, options))


def _winner(turn: Turn, table: Table) -> Move | None:
    """Answer "which is the quietest" and "which would you take"."""
    for mark in turn.heard.of("reference"):
        if "by" in mark.value and "pick" in mark.value:
            names = [mark.value["by"], *mark.value.get("or", ())]
            return _end(turn, table, names, mark.value["pick"])
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("you_take", turn.heard.text) >= LEAST:
        return _why(turn, table, table.options[0])
    attributes = turn.knowledge.catalogue.attributes
    for entity in turn.heard.of("attribute"):
        known = attributes.get(str(entity.value))
        if known and known.measured and not pointed(turn, table):
            sign = direction(known, turn.heard.span(entity))
            less = sign < 0 or (sign == 0 and known.better == "less")
            return _end(turn, table, [str(entity.value)], "min" if less else "max")
    return None


def _end(turn: Turn, table: Table, names: list[str], pick: str) -> Move | None:
    options = most(turn, table, names, pick)
    if not options:
        return None
    teller = _teller(turn, table)
    products = [table.product(option) for option in options]
    stated = [n for n in names if value_of(products[0], n, turn.arrivals) is not None]
    name = DELIVERY if not stated else stated[0]
    said = teller.language.join([product.name for product in products])
    value = _value(teller, products[0], name)
    values = {"name": said, "attribute": teller.name(name), "value": value}
    return Move("utter_most", {**values, "product": products[0].id})


def _table(turn: Turn, table: Table, options: list[Option]) -> Move:
    products = [table.product(option) for option in options]
    teller, journey = _teller(turn, table), table.journey
    cares = [limit.attribute for limit in teller.limits]
    cares += [wish.attribute for wish in wishes_in(turn, journey)]
    for product in products:
        category = turn.knowledge.catalogue.categories.get(product.category)
        cares += category.cares if category else ()
    rows = compare(products, cares, turn.arrivals)
    said = [
        [teller.name(x.attribute), *(teller.value(x.attribute, v) for v in x.values)]
        for x in rows
    ]
    log.write(
        turn.session,
        turn.heard,
        "options_compared",
        journey=journey,
        products=[product.id for product in products],
    )
    names = [product.name for product in products]
    attachment = {"comparison": {"options": names, "rows": said}}
    differ = teller.language.join([row[0] for row in said[1:]])
    if not differ:
        return Move("utter_compare_alike", attachment=attachment)
    return Move("utter_compare", {"differ": differ}, attachment)
