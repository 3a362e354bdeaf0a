"""Offering: a shortlist as a card, or honestly what gives way when nothing fits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from journey import journeys, log, pending
from journey.coach import say
from journey.curate.facts import clauses_of
from journey.curate.fit import CATEGORY
from journey.curate.keep import keep_wishes, limits_in
from journey.curate.reasons import Teller
from journey.curate.relax import Way, find_ways
from journey.curate.search import Search, search
from journey.curate.shortlist import Shown, last_shortlist, make_shortlist, teller_for
from journey.curate.wishes import Draft
from journey.curate.wording import in_words, limits_in_words
from journey.journeys import Stage
from journey.learning.serving import Known, recall
from journey.orders import shipping
from journey.store.tables import Constraint, Journey, Option, Pending, Product
from journey.turn import Move, Turn

WAYS = 3


def offer(turn: Turn, journey: Journey, *, intro: str | None = None) -> list[Move]:
    """Show what fits, or say that nothing does and what gives way."""
    journeys.enter(turn, journey, Stage.REQUEST)
    learned = learned_for(turn, journey)
    found = search(turn, journey, learned.likely)
    before = last_shortlist(turn, journey) if intro else None
    shown = make_shortlist(turn, journey, found, learned)
    if shown is None:
        return stuck(turn, journey, found)
    wait_for_choice(turn, journey, shown)
    lost = lost_since(turn, journey, before, shown) if before else []
    if lost:
        named = turn.knowledge.language(turn.heard.language).join(lost)
        return [Move("utter_shortlist_loses", {"lost": named}, card(turn, shown))]
    return [Move(*_introduced(turn, journey, found, shown, intro), card(turn, shown))]


def lost_since(turn: Turn, journey: Journey, before: Shown, shown: Shown) -> list[str]:
    """Return, by name, what the customer's own facts ask for and a change took away.

    It was offered before, and no option that is shown now has it.
    """
    attributes = turn.knowledge.catalogue.attributes
    return [
        attributes[name].name
        for name in clauses_of(turn, journey)
        if name in attributes and has_any(before, name) and not has_any(shown, name)
    ]


def has_any(shown: Shown, attribute: str) -> bool:
    """Return whether an option has an attribute that is had or not."""
    return any(x.attributes.get(attribute) is True for x in shown.products.values())


def learned_for(turn: Turn, journey: Journey) -> Known:
    """Return what was learned and bears on a journey's shortlist."""
    return recall(
        turn.session,
        journey.customer_id,
        need=journey.need,
        now=turn.now,
        ready=turn.knowledge.ready,
        candidates=turn.knowledge.candidates,
    )


def wait_for_choice(turn: Turn, journey: Journey, shown: Shown, **about: Any) -> Move:
    """Wait for one of the options to be chosen; return the question."""
    prompt = Move("utter_which_option", buttons=choose_buttons(shown, shown.options))
    about = {"journey": journey.id, **about}
    return pending.expect(turn, "choice", prompt, **about)


def choose_buttons(shown: Shown, options: Sequence[Option]) -> tuple[say.Button, ...]:
    """Return a button for each option, with its name."""
    return tuple(
        say.button(
            shown.products[x.product_id].name, "choose_option", product=x.product_id
        )
        for x in options
    )


def _introduced(
    turn: Turn, journey: Journey, found: Search, shown: Shown, intro: str | None
) -> tuple[str, dict[str, str]]:
    """Return the text that goes before the card, and what fills it."""
    teller = teller_for(turn, journey, found.limits, list(shown.products.values()))
    wishes = limits_in_words(teller, found.limits)
    if intro:
        return intro, {"wishes": wishes}
    if len(shown.options) == 1:
        return "utter_shortlist_one", {}
    if wishes and journey.need is None:
        return "utter_shortlist_for", {"wishes": wishes}
    return "utter_shortlist", {}


def card(turn: Turn, shown: Shown) -> Mapping[str, Any]:
    """Return the options as the page shows them."""
    options = [_shown(turn, shown.products[x.product_id], x) for x in shown.options]
    return {"shortlist": {"id": shown.shortlist.id, "options": options}}


def _shown(turn: Turn, product: Product, option: Option) -> dict[str, Any]:
    language = turn.knowledge.language(turn.heard.language)
    policy = turn.knowledge.policies.delivery
    day = shipping.day_of(policy, [(product, 1)], shipping.Way.STANDARD, turn.now)
    _, payload = say.button("", "choose_option", product=product.id)
    return {
        "rank": option.rank,
        "product": product.id,
        "name": product.name,
        "brand": product.brand,
        "image": product.image,
        "price": float(product.price),
        "currency": turn.knowledge.catalogue.currency,
        "unit": product.unit,
        "reason": option.reason,
        "drawback": option.drawback,
        "delivery": language.says["card_delivery"].format(
            day=say.delivery_day(turn, day)
        ),
        "choose": payload,
    }


def stuck(turn: Turn, journey: Journey, found: Search) -> list[Move]:
    """Say that nothing (more) fits, and which wish would have to give way."""
    teller = teller_for(turn, journey, found.limits, found.shelf)
    limits = [limit for limit in found.limits if limit.attribute != CATEGORY]
    ways = find_ways(found.shelf, limits, turn.arrivals)[:WAYS]
    seen = last_shortlist(turn, journey) is not None
    kind = "no_more" if seen else "nothing_fits"
    values = {"wishes": limits_in_words(teller, limits), "kind": kind_of(turn, found)}
    if not ways:
        name = f"utter_{kind}_at_all" if limits or seen else "utter_nothing_in_stock"
        return [pending.expect(turn, "choice", Move(name, values), journey=journey.id)]
    values["ways"] = teller.language.says["or"].join(_way(teller, way) for way in ways)
    prompt = Move(f"utter_{kind}", values, buttons=_way_buttons(turn, teller, ways))
    about = [
        {"limit": limits[way.number].id, "nearest": _stored(way.nearest)}
        for way in ways
    ]
    return [pending.expect(turn, "way", prompt, journey=journey.id, ways=about)]


def kind_of(turn: Turn, found: Search) -> str:
    """Return what is looked for, in one word."""
    names = [x.value["value"] for x in found.limits if x.attribute == CATEGORY]
    categories = turn.knowledge.catalogue.categories
    for value in names:
        for name in value if isinstance(value, list) else [value]:
            if name in categories:
                return categories[name].name
    return say.says(turn)["something"]


def _way(teller: Teller, way: Way) -> str:
    says = teller.language.says
    count = len(way.products)
    number = says.get(f"count_{count}", str(count))
    if way.nearest is None:
        said = in_words(teller, way.limit)
        return says["way_without"].format(wish=said, count=number)
    end = "from" if way.limit.op.startswith("<") else "down"
    value = teller.value(way.limit.attribute, way.nearest)
    return says[f"way_{end}"].format(
        name=teller.name(way.limit.attribute), value=value, count=number
    )


def _way_buttons(
    turn: Turn, teller: Teller, ways: Sequence[Way]
) -> tuple[say.Button, ...]:
    says = say.says(turn)
    titles = [
        says["button_way_to"].format(
            name=teller.name(way.limit.attribute),
            value=teller.value(way.limit.attribute, way.nearest),
        )
        if way.nearest is not None
        else says["button_way_without"].format(wish=in_words(teller, way.limit))
        for way in ways
    ]
    return tuple(
        say.button(title, "give_preference", choice=f"way.{number}")
        for number, title in enumerate(titles)
    )


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def give_way(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Let the wish give way that the customer picked."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    number = _picked(turn, waiting)
    if journey is None or number is None:
        return None
    way = waiting.about["ways"][number]
    limit = turn.session.get(Constraint, way["limit"])
    if limit is not None and way["nearest"] is None:
        _drop(turn, journey, limit)
    elif limit is not None:
        op = "<=" if limit.op.startswith("<") else ">="
        nearest = Draft(limit.attribute, op, {"value": way["nearest"]}, "")
        keep_wishes(turn, journey, [nearest])
    return offer(turn, journey, intro="utter_shortlist_changed")


def _picked(turn: Turn, waiting: Pending) -> int | None:
    for entity in turn.heard.of("choice"):
        name, _, number = str(entity.value).partition(".")
        if name == "way" and int(number) < len(waiting.about["ways"]):
            return int(number)
    return 0 if turn.heard.intent == "affirm" else None


def _drop(turn: Turn, journey: Journey, limit: Constraint) -> None:
    turn.session.delete(limit)
    log.write(
        turn.session,
        turn.heard,
        "constraint_dropped",
        journey=journey,
        attribute=limit.attribute,
        op=limit.op,
    )
    turn.session.flush()


def category_in(turn: Turn, journey: Journey | None) -> str | None:
    """Return the one category that a journey is about, if it is about one."""
    for limit in limits_in(turn, journey) if journey else []:
        value = limit.value.get("value")
        if limit.attribute == CATEGORY and limit.op == "==" and value:
            return str(value[0] if isinstance(value, list) else value)
    return None
