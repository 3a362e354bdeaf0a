"""Choosing: an option taken, refused, or all of them left."""

from journey import journeys, log, pending
from journey.coach import say
from journey.coach.orders import naming, ordering, placing
from journey.coach.shortlist import explaining, offering
from journey.coach.shortlist.options import Table, on_table, pointed
from journey.coach.shortlist.refining import changes_of, take_steps
from journey.curate.fit import BRAND
from journey.curate.keep import keep_wishes
from journey.curate.refused import Choice, Why, pass_over
from journey.curate.refused import refuse as refuse_option
from journey.curate.wishes import Draft
from journey.journeys import Outcome
from journey.orders.stock import Line
from journey.store.tables import Option
from journey.turn import Move, Turn

LEAST = 0.01


def choose(turn: Turn) -> list[Move]:
    """Take the option that is meant, and ask for one confirmation."""
    table = on_table(turn)
    if _asks(turn):
        return explaining.about(turn)
    if table is None or _named_elsewhere(turn, table):
        return naming.order_named(turn)
    options = pointed(turn, table) or _middle(turn, table)
    if _denied(turn):
        return refuse(turn)
    if not options:
        return [_which(turn, table, table.options)]
    several = turn.heard.of("product") or _several(turn)
    if len(options) > 1 and not several:
        return [_which(turn, table, options)]
    return _take(turn, table, options)


def of_kind(turn: Turn, table: Table) -> list[Move] | None:
    """Take what "I'll take the ear plugs" means on the table; None if nothing."""
    kinds = {str(e.value) for e in turn.heard.of("category") if not e.negated}
    options = [x for x in table.options if table.product(x).category in kinds]
    if len(options) > 1:
        return [_which(turn, table, options)]
    return _take(turn, table, options) if options else None


def _asks(turn: Turn) -> bool:
    """Tell whether "how much is the second" was taken for a choice."""
    language = turn.knowledge.language(turn.heard.language)
    text = turn.heard.text
    typed = not turn.heard.of("product")
    return typed and any(language.heard(x, text) >= LEAST for x in ("price", "why"))


def _named_elsewhere(turn: Turn, table: Table) -> bool:
    named = {str(e.value) for e in turn.heard.of("product")}
    return bool(named) and not named & set(table.shown.products)


def _middle(turn: Turn, table: Table) -> list[Option]:
    """Return what "I'll take it" means; a place that nothing has means nothing."""
    lost = turn.heard.of("reference", "colour", "material", "attribute", "brand")
    return [table.middle] if table.middle and not lost else []


def _denied(turn: Turn) -> bool:
    marks = turn.heard.of("reference")
    return bool(marks) and all(mark.negated for mark in marks)


def _several(turn: Turn) -> bool:
    marks = turn.heard.of("reference")
    return any(mark.value.get("all") for mark in marks) or len(marks) > 1


def _take(turn: Turn, table: Table, options: list[Option]) -> list[Move]:
    for option in options:
        option.choice, option.chosen_at = Choice.CHOSEN, turn.now
        log.write(
            turn.session,
            turn.heard,
            "option_chosen",
            journey=table.journey,
            product=option.product_id,
        )
    asked = int(pending.row(turn).about.get("count") or 1)
    pieces = max(placing.pieces(turn), asked)
    lines = [Line(option.product_id, pieces) for option in options]
    return ordering.confirm(turn, table.journey, lines)


def _which(
    turn: Turn, table: Table, options: tuple[Option, ...] | list[Option]
) -> Move:
    """Ask which of several is meant."""
    buttons = offering.choose_buttons(table.shown, options)
    prompt = Move("utter_which_option", buttons=buttons)
    return pending.expect(turn, "choice", prompt, journey=table.journey.id)


def refuse(turn: Turn) -> list[Move]:
    """Take away what was refused, with its reason, and show what is left and next."""
    table = on_table(turn)
    if table is None:
        return [Move("utter_all_right")]
    drafts, steps = changes_of(turn, table)
    gone = _refused(turn, table, bool(steps))
    if gone is None:
        return [_which_not(turn, table)]
    keep_wishes(turn, table.journey, [*drafts, *_traits(turn, table, gone)])
    ended = take_steps(turn, table, steps)
    if ended:
        offering.wait_for_choice(turn, table.journey, table.shown)
        return [ended]
    changed = bool(drafts or steps)
    intro = "utter_shortlist_changed" if changed else "utter_shortlist_more"
    return offering.offer(turn, table.journey, intro=intro)


def _refused(turn: Turn, table: Table, steps: bool) -> list[Option] | None:
    """Record which options go; None when it is not clear which."""
    text, language = turn.heard.text, turn.knowledge.language(turn.heard.language)
    targets = pointed(turn, table)
    if language.heard("else", text) >= LEAST and not targets:
        pass_over(turn, table.options)
        return []
    if not targets and language.heard("this_one", text) >= LEAST:
        targets = [table.middle] if table.middle else []
        if not targets:
            return None
    if targets:
        for option in targets:
            refuse_option(turn, table.journey, option, _why(turn, steps), text)
        return targets
    if steps or turn.heard.of("brand", "colour", "material", "size", "attribute"):
        return []
    for option in table.options:
        if option.choice is None:
            refuse_option(turn, table.journey, option, Why.NONE_OF_THEM, text)
    return []


def _why(turn: Turn, steps: bool) -> Why:
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("too_dear", turn.heard.text) >= LEAST:
        return Why.PRICE
    traits = {"attribute", "brand", "category"}
    by_trait = any(traits & mark.value.keys() for mark in turn.heard.of("reference"))
    return Why.TRAIT if by_trait or steps else Why.ITSELF


def _traits(turn: Turn, table: Table, gone: list[Option]) -> list[Draft]:
    """Return what goes with the refused: a brand, a colour, a thing it has."""
    drafts, text = [], turn.heard.text
    language = turn.knowledge.language(turn.heard.language)
    asked = pending.row(turn).about.get("brand")
    if gone and (asked or language.heard("this_brand", text) >= LEAST):
        brand = table.product(gone[0]).brand
        drafts.append(Draft(BRAND, "!=", {"value": brand}, text))
    for mark in turn.heard.of("reference"):
        if "brand" in mark.value:
            drafts.append(Draft(BRAND, "!=", {"value": mark.value["brand"]}, text))
        elif "attribute" in mark.value:
            drafts += _trait(turn, str(mark.value["attribute"]))
    return drafts


def _trait(turn: Turn, value: str) -> list[Draft]:
    attributes, text = turn.knowledge.catalogue.attributes, turn.heard.text
    if value in attributes:
        if attributes[value].type != "boolean":
            return []
        return [Draft(value, "==", {"value": False}, text)]
    names = [name for name, x in attributes.items() if value in x.values]
    return [Draft(name, "!=", {"value": value}, text) for name in names[:1]]


def _which_not(turn: Turn, table: Table) -> Move:
    buttons = tuple(
        say.button(table.product(x).name, "refuse_option", product=x.product_id)
        for x in table.options
    )
    prompt = Move("utter_which_not", buttons=buttons)
    language = turn.knowledge.language(turn.heard.language)
    brand = language.heard("this_brand", turn.heard.text) >= LEAST
    return pending.expect(turn, "choice", prompt, journey=table.journey.id, brand=brand)


def no(turn: Turn, table: Table, *, again: bool) -> list[Move]:
    """Take a bare no to what was shown: ask what is missing, then leave it."""
    if again:
        pending.clear(turn)
        journeys.close(turn, table.journey, Outcome.CANCELLED)
        return [Move("utter_leave_it")]
    return [what_instead(turn, table)]


def what_instead(turn: Turn, table: Table) -> Move:
    """Ask what should be different."""
    buttons = (
        say.labelled(turn, "others", "refuse_option"),
        say.labelled(turn, "leave", "deny", choice="leave"),
    )
    prompt = Move("utter_what_instead", buttons=buttons)
    return pending.expect(
        turn, "choice", prompt, journey=table.journey.id, refused=True
    )
