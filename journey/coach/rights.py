"""Data rights: what we know, and forgetting it."""

from sqlalchemy import select

from journey import journeys, log, pending
from journey.catalogue.products import find_products
from journey.coach import back, learned, say
from journey.coach.orders import purchases
from journey.mandates import mandates
from journey.people import consent, facts, goals
from journey.store.tables import Erasure, Fact, Journey
from journey.turn import Move, Turn

SHOWN = 6
FORGET_ALL = 0.34
"""The share of a request that "forget me" must make up to mean everything."""


def tell(turn: Turn) -> list[Move]:
    """Say in plain words all that we hold about a customer."""
    language = turn.knowledge.language(turn.heard.language)
    known = facts.all_of(turn)
    told = [facts.in_words(f, turn.knowledge, language) for f in known]
    parts = {
        "facts": [*told, *learned.in_words(turn)],
        "needs": _needs(turn),
        "goals": [goal.text for goal in goals.open_goals(turn)],
        "orders": _orders(turn),
        "mandates": _mandates(turn),
        "consents": _consents(turn),
    }
    moves = [
        Move(f"utter_known_{kind}", {kind: language.join(said)})
        for kind, said in parts.items()
        if said
    ]
    if not moves:
        return [Move("utter_known_nothing")]
    log.write(turn.session, turn.heard, "lessons_told")
    return [
        Move("utter_known"),
        *moves,
        Move("utter_can_forget", buttons=_buttons(turn)),
    ]


def _needs(turn: Turn) -> list[str]:
    query = (
        select(Journey.need)
        .where(Journey.customer_id == turn.heard.customer_id, Journey.need.is_not(None))
        .distinct()
    )
    needs = turn.knowledge.needs
    found = [n for n in turn.session.scalars(query) if n]
    return [needs[n].name for n in found if n in needs]


def _orders(turn: Turn) -> list[str]:
    text = say.says(turn)["known_order"]
    return [
        text.format(number=order.called, status=order.status)
        for order in purchases.visible(turn)
    ]


def _mandates(turn: Turn) -> list[str]:
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    products = find_products(turn.session, [m.product_id for m in living])
    return [products[m.product_id].name for m in living]


def _consents(turn: Turn) -> list[str]:
    says = say.says(turn)
    held = consent.agreed(turn.session, turn.heard.customer_id, turn.now)
    return [says[f"consent_{purpose}"] for purpose in held]


def _buttons(turn: Turn) -> tuple[say.Button, ...]:
    language = turn.knowledge.language(turn.heard.language)
    label = language.says["button_forget"]
    single = [
        say.button(
            label.format(fact=facts.in_words(fact, turn.knowledge, language)),
            "forget_me",
            fact=fact.about,
        )
        for fact in facts.all_of(turn)[:SHOWN]
    ]
    return (
        *single,
        *learned.buttons(turn),
        say.labelled(turn, "forget_all", "forget_me", fact="*"),
    )


def forget(turn: Turn) -> list[Move]:
    """Forget one thing at once; everything only after a yes."""
    if dropped := learned.forget(turn):
        return dropped
    fact = _meant(turn)
    if fact is None:
        return [_ask_whether_all(turn)]
    language = turn.knowledge.language(turn.heard.language)
    said = facts.in_words(fact, turn.knowledge, language)
    facts.forget(turn, fact)
    return [Move("utter_fact_forgotten", {"fact": said}), *back.way_back(turn)]


def _meant(turn: Turn) -> Fact | None:
    for entity in turn.heard.of("fact"):
        return facts.find(turn, str(entity.value))
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("everything", turn.heard.text) >= FORGET_ALL:
        return None
    return facts.meant(turn, turn.heard.text)


def _ask_whether_all(turn: Turn) -> Move:
    buttons = (
        say.labelled(turn, "forget_all", "affirm"),
        say.labelled(turn, "keep", "deny"),
    )
    prompt = Move("utter_confirm_forget", buttons=buttons)
    return pending.interrupt(turn, "forget", prompt)


def confirm(turn: Turn, waiting: object) -> list[Move] | None:
    """Have everything erased after a yes; the worker does it after this reply."""
    del waiting
    if turn.heard.intent == "affirm" or _pressed_all(turn):
        erasure = Erasure(customer_id=turn.heard.customer_id, requested_at=turn.now)
        turn.session.add(erasure)
        for journey in journeys.opened(turn):
            journeys.close(turn, journey, journeys.Outcome.CANCELLED)
        pending.clear(turn)
        return [Move("utter_forgotten")]
    if turn.heard.intent in ("deny", "refuse_option"):
        return [Move("utter_kept"), *back.finished(turn)]
    return None


def _pressed_all(turn: Turn) -> bool:
    return any(entity.value == "*" for entity in turn.heard.of("fact"))


INTENTS = {"ask_my_data": tell, "forget_me": forget}
EXPECTS = {"forget": confirm}
ASIDES = frozenset({"ask_my_data"})
