"""Request: understand what is wished for, offer what fits, and help to choose."""

from collections import Counter

from journey import journeys, pending
from journey.coach import back, clarify, summary
from journey.coach.shortlist import choosing, explaining, kinds, offering
from journey.coach.shortlist.offering import category_in, give_way
from journey.coach.shortlist.offering import offer as offer
from journey.coach.shortlist.options import Table, on_table, pointed
from journey.coach.shortlist.refining import (
    changes_of,
    spoken_kind,
    take_steps,
    wishes_of,
)
from journey.curate.fit import CATEGORY, keeps
from journey.curate.keep import keep_wishes
from journey.curate.search import search
from journey.curate.wishes import Draft
from journey.journeys import Experience, Outcome, Stage
from journey.store.tables import Journey, Pending
from journey.turn import Move, Turn

SOON = 0.25
"""The share of a message that "faster" must make up to be about the delivery."""
RATHER = 0.4
"""The same of what asks for a tip instead."""


def recommend(turn: Turn) -> list[Move]:
    """Find what somebody asks for; coach them when they name a need and no thing."""
    from journey.coach import recognize

    named = turn.heard.of("category", "product")
    if turn.heard.of("need", "cue") and not named:
        moves = recognize.share(turn)
        _keep_for_later(turn)
        return moves
    journey = _going_on(turn)
    wishes = wishes_of(turn, journey)
    if not wishes and not named:
        return _nothing_said(turn, journey)
    journey = journey or journeys.start(
        turn, stage=Stage.REQUEST, experience=Experience.CURATED_OFFERING
    )
    keep_wishes(turn, journey, [*wishes, *_of_product(turn, wishes)])
    if category_in(turn, journey) or journey.need:
        return offer(turn, journey)
    return _ask_kind(turn, journey)


def _going_on(turn: Turn) -> Journey | None:
    """Return the journey that a request goes on with; another kind is another one."""
    journey = journeys.current(turn)
    if journey is None or journey.stage == Stage.REPEAT:
        return None
    wanted = spoken_kind(turn, None)
    if wanted is None:
        return journey
    if journey.need and wanted in turn.knowledge.needs[journey.need].serves.categories:
        return journey
    before = category_in(turn, journey)
    fresh = journey.stage == Stage.REQUEST and journey.need is None
    return journey if fresh and before in (None, wanted) else None


def _keep_for_later(turn: Turn) -> None:
    """Keep what a message about a need wishes for besides: "under 50, not leather"."""
    journey = journeys.current(turn)
    if journey:
        keep_wishes(turn, journey, wishes_of(turn, journey))


def _of_product(turn: Turn, wishes: list[Draft]) -> list[Draft]:
    """Return the category of a product that is named without one, and more like it."""
    products = turn.knowledge.catalogue.products
    named = [str(e.value) for e in turn.heard.of("product") if str(e.value) in products]
    if not named or any(wish.attribute == CATEGORY for wish in wishes):
        return []
    kind, said = products[named[0]].category, turn.heard.text
    liked = [
        Draft("like", "==", {"value": name}, said, hard=False) for name in named[:1]
    ]
    return [Draft(CATEGORY, "==", {"value": [kind]}, said), *liked]


def _nothing_said(turn: Turn, journey: Journey | None) -> list[Move]:
    unknown = kinds.not_sold(turn)
    if unknown:
        return unknown
    if journey and (journey.need or category_in(turn, journey)):
        return offer(turn, journey)
    return ask_what(turn)


def ask_what(turn: Turn) -> list[Move]:
    """Ask what is looked for."""
    return [kinds.ask_any(turn, "utter_ask_what")]


def _ask_kind(turn: Turn, journey: Journey) -> list[Move]:
    """Ask what kind of thing, of those in which something fits."""
    fitting = _fitting_kinds(turn, journey)
    if len(fitting) == 1:
        return _take_kind(turn, journey, fitting[0])
    prompt = Move("utter_ask_kind", buttons=kinds.buttons(turn, fitting))
    about = {"journey": journey.id, "kinds": fitting}
    return [pending.expect(turn, "kind", prompt, **about)]


def _fitting_kinds(turn: Turn, journey: Journey) -> list[str]:
    """Return the kinds with most products that have all that is wished for."""
    found = search(turn, journey)
    limits = [limit for limit in found.limits if limit.op != "!="]
    having = [
        x for x in found.fitting if all(keeps(x, y, turn.arrivals) for y in limits)
    ]
    return kinds.commonest(
        Counter(product.category for product in having or found.fitting)
    )


def _take_kind(turn: Turn, journey: Journey, kind: str) -> list[Move]:
    wish = Draft(CATEGORY, "==", {"value": [kind]}, turn.heard.text)
    keep_wishes(turn, journey, [wish])
    return offer(turn, journey)


def kind(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take the kind of thing that was asked for, named or by its place."""
    if turn.heard.of("category", "product"):
        return recommend(turn)
    kinds: list[str] = waiting.about.get("kinds", [])
    journey = turn.session.get(Journey, waiting.about.get("journey", ""))
    for mark in turn.heard.of("reference"):
        index = int(mark.value.get("index") or 0)
        if journey and index and -len(kinds) <= index <= len(kinds):
            return _take_kind(turn, journey, kinds[index - 1 if index > 0 else index])
    return None


def refine(turn: Turn) -> list[Move]:
    """Change what is looked for and show what fits now."""
    table = on_table(turn)
    if table is None or _other_kind(turn, table.journey):
        return _first_wish(turn)
    drafts, steps = changes_of(turn, table)
    if not drafts and not steps:
        return _unclear(turn, table)
    keep_wishes(turn, table.journey, drafts)
    ended = take_steps(turn, table, steps)
    if ended:
        offering.wait_for_choice(turn, table.journey, table.shown)
        return [ended]
    return offer(turn, table.journey, intro="utter_shortlist_changed")


def _other_kind(turn: Turn, journey: Journey) -> bool:
    before, wanted = category_in(turn, journey), spoken_kind(turn, None)
    return bool(wanted and before and wanted != before)


def _first_wish(turn: Turn) -> list[Move]:
    """Take a wish before anything was shown."""
    journey = journeys.current(turn)
    if turn.heard.of("category", "product", "need", "cue") or journey is None:
        return recommend(turn)
    wishes = wishes_of(turn, journey)
    if not wishes:
        return clarify.miss(turn)
    keep_wishes(turn, journey, wishes)
    if journey.stage == Stage.RECOGNIZE and journey.need is None:
        return [Move("utter_wish_noted"), *back.way_back(turn)]
    if journey.need or category_in(turn, journey):
        return offer(turn, journey)
    return _ask_kind(turn, journey)


def _unclear(turn: Turn, table: Table) -> list[Move]:
    """Read a message without a wish as a choice, or ask what should be different."""
    if pointed(turn, table):
        return choosing.choose(turn)
    if turn.heard.of("need", "cue"):
        return recommend(turn)
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("express", turn.heard.text) >= SOON:
        return explaining.deliveries(turn, table)
    attributes = turn.knowledge.catalogue.attributes
    for entity in turn.heard.of("attribute"):
        if str(entity.value) in attributes:
            name = attributes[str(entity.value)].name
            return [Move("utter_not_stated", {"name": name})]
    return [choosing.what_instead(turn, table)]


def waiting_choice(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read a short answer to a shortlist: yes, no, or a word that points."""
    if turn.heard.intent in INTENTS:
        return None
    table = on_table(turn)
    if table is None:
        return None
    drafts, steps = changes_of(turn, table)
    if turn.heard.intent == "affirm":
        return choosing.choose(turn)
    if turn.heard.intent == "deny":
        if drafts or steps:
            return refine(turn)
        return choosing.no(turn, table, again=bool(waiting.about.get("refused")))
    plain = not steps and all(draft.attribute == CATEGORY for draft in drafts)
    orders = plain and turn.heard.intent == "order_product"
    if orders and (taken := choosing.of_kind(turn, table)):
        return taken
    if turn.heard.intent in UNSURE and (drafts or steps):
        return refine(turn)
    if turn.heard.intent in UNSURE and pointed(turn, table):
        return choosing.choose(turn)
    return None


def leave(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Leave a search when the customer says so, or no when nothing fits."""
    journey = turn.session.get(Journey, waiting.about.get("journey", ""))
    choices = {str(e.value) for e in turn.heard.of("choice")}
    stuck = waiting.expects == "way" and turn.heard.intent == "deny"
    if journey is None or not (stuck or "leave" in choices):
        return None
    pending.clear(turn)
    journeys.close(turn, journey, Outcome.CANCELLED)
    return [Move("utter_leave_it")]


def choice(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what is said while options are on the table."""
    return leave(turn, waiting) or _tip(turn) or waiting_choice(turn, waiting)


def _tip(turn: Turn) -> list[Move] | None:
    """Give the tip of a need to who would rather have it than a thing."""
    table, language = on_table(turn), turn.knowledge.language(turn.heard.language)
    if table is None or table.journey.need is None:
        return None
    asked = language.heard("rather_tip", turn.heard.text) >= RATHER
    return summary.advise(turn, table.journey) if asked else None


def way(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read which wish may give way."""
    return give_way(turn, waiting) or leave(turn, waiting)


UNSURE = frozenset({"out_of_scope", "share_situation", "order_product", "complain"})
INTENTS = {
    "ask_recommendation": recommend,
    "give_preference": refine,
    "ask_about_option": explaining.about,
    "compare_options": explaining.side_by_side,
    "choose_option": choosing.choose,
    "refuse_option": choosing.refuse,
}
EXPECTS = {"choice": choice, "way": way, "kind": kind}
ASIDES: frozenset[str] = frozenset()
