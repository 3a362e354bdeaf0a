"""Refining: what a message changes about what is looked for."""

from collections.abc import Iterator

from journey.coach.shortlist.offering import category_in
from journey.coach.shortlist.options import Table, pointed
from journey.curate.fit import CATEGORY, PRICE, value_of
from journey.curate.keep import keep_wishes
from journey.curate.refine import Scale, Step, as_drafts, read_steps
from journey.curate.score import LIKE
from journey.curate.search import search
from journey.curate.wishes import Draft, kind_of_values, read_wishes, stated_in
from journey.store.tables import Journey, Product
from journey.turn import Move, Turn

LEAST = 0.01


def scale_for(turn: Turn, kind: str | None, table: Table | None) -> Scale:
    """Return along what the talk can move: what the category or the options state."""
    catalogue = turn.knowledge.catalogue
    category = catalogue.categories.get(kind or "")
    cares = category.cares if category else ()
    stated = stated_in(catalogue, kind) if kind else set(catalogue.attributes)
    if table and not kind:
        products = table.shown.products.values()
        stated = {name for product in products for name in product.attributes}
    return Scale(catalogue, stated, cares)


def spoken_kind(turn: Turn, journey: Journey | None) -> str | None:
    """Return the category that a message or else its journey is about."""
    named = [str(e.value) for e in turn.heard.of("category") if not e.negated]
    return named[0] if named else category_in(turn, journey)


def wishes_of(turn: Turn, journey: Journey | None) -> list[Draft]:
    """Return what a first message wishes for; steps have nothing to start from."""
    kind = spoken_kind(turn, journey)
    scale = scale_for(turn, kind, None)
    language = turn.knowledge.language(turn.heard.language)
    drafts = read_wishes(turn.heard, scale.catalogue, kind)
    inferred = None if kind else kind_of_values(turn.heard, scale.catalogue)
    if inferred:
        drafts.append(Draft(CATEGORY, "==", {"value": [inferred]}, turn.heard.text))
    for step in read_steps(turn.heard, scale, language):
        if not any(draft.attribute == step.attribute for draft in drafts):
            drafts += as_drafts(step, scale, None, turn.arrivals)
    return drafts


def changes_of(turn: Turn, table: Table) -> tuple[list[Draft], list[Step]]:
    """Return the wishes that a message adds, and the steps away from what was shown."""
    kind = spoken_kind(turn, table.journey)
    scale = scale_for(turn, kind, table)
    language = turn.knowledge.language(turn.heard.language)
    drafts = read_wishes(turn.heard, scale.catalogue, kind)
    steps = [
        step
        for step in read_steps(turn.heard, scale, language)
        if not any(draft.attribute == step.attribute for draft in drafts)
    ]
    return [*drafts, *_likes(turn, table)], steps


def _likes(turn: Turn, table: Table) -> Iterator[Draft]:
    """Yield the wish for something like an option: "more like the second"."""
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("like", turn.heard.text) < LEAST:
        return
    middle = [table.middle] if table.middle else []
    for option in (pointed(turn, table) or middle)[:1]:
        value = {"value": option.product_id}
        yield Draft(LIKE, "==", value, turn.heard.text, hard=False)


def take_steps(turn: Turn, table: Table, steps: list[Step]) -> Move | None:
    """Keep the wishes that steps mean, or say that there is nothing beyond.

    A step is seen from the option that is pointed at or was spoken of last, else
    from the first.
    """
    start = (pointed(turn, table) or [table.middle or table.options[0]])[0]
    pivot = table.product(start)
    scale = scale_for(turn, category_in(turn, table.journey), table)
    for step in steps:
        end = _nothing_beyond(turn, table, step, pivot)
        if end is not None:
            return end
        keep_wishes(turn, table.journey, as_drafts(step, scale, pivot, turn.arrivals))
    return None


def _nothing_beyond(
    turn: Turn, table: Table, step: Step, pivot: Product
) -> Move | None:
    has = value_of(pivot, step.attribute, turn.arrivals)
    if not step.strict or has is None:
        return None
    fitting = search(turn, table.journey).fitting
    values = [value_of(x, step.attribute, turn.arrivals) for x in fitting]
    if any(v is not None and (v - has) * step.sign > 0 for v in values):
        return None
    name = _furthest(turn, table, step, pivot).name
    attribute = turn.knowledge.catalogue.attributes.get(step.attribute)
    if step.attribute == PRICE:
        already = "utter_cheapest_already" if step.sign < 0 else "utter_dearest_already"
        return Move(already, {"name": name})
    said = (attribute.more if step.sign > 0 else attribute.less) if attribute else ""
    return Move("utter_end_already", {"name": name, "more": str(said)})


def _furthest(turn: Turn, table: Table, step: Step, pivot: Product) -> Product:
    """Return which of what was shown is already at the end that a step leads to."""
    values = {
        product.id: value_of(product, step.attribute, turn.arrivals)
        for product in table.shown.products.values()
    }
    known = {key: float(x) * step.sign for key, x in values.items() if x is not None}
    return table.shown.products[max(known, key=known.__getitem__, default=pivot.id)]
