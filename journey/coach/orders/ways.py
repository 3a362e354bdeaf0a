"""Ways of delivery: which are offered, which one was chosen or asked for."""

from journey import pending
from journey.coach import say
from journey.coach.orders.placing import delivery_of, money
from journey.coach.say import Button
from journey.orders import shipping
from journey.orders.shipping import Pairs, Way
from journey.people.goals import deadline
from journey.turn import Move, Turn

WAY = "way."
"""Before the way that a button stands for."""
QUESTIONS = ("ask_policy", "ask_about_option")
LEAST = 0.15


def chosen(turn: Turn) -> Way:
    """Return the way of delivery that was chosen for what is asked about."""
    return Way(pending.row(turn).about.get("way", Way.STANDARD))


def others(turn: Turn, pairs: Pairs, way: Way) -> tuple[Button, ...]:
    """Offer the faster way with its day and price, or the way back from it."""
    policy, says = turn.knowledge.policies.delivery, say.says(turn)
    quick = shipping.faster(policy, pairs, turn.now)
    if way is Way.STANDARD and quick is None:
        return ()
    other = delivery_of(turn, pairs) if way is Way.EXPRESS or not quick else quick
    price = money(turn, other.fee) if other.fee else says["no_price"]
    label = "express" if other.way == Way.EXPRESS else "standard_way"
    day = say.delivery_day(turn, other.day)
    title = says[f"button_{label}"].format(day=day, price=price)
    return (say.button(title, "change_order", choice=f"{WAY}{other.way}"),)


def too_late(turn: Turn, pairs: Pairs, way: Way) -> list[Move]:
    """Say when something cannot be there on the day that a message names."""
    by, usual = deadline(turn), delivery_of(turn, pairs, way)
    if by is None or usual.day.date() <= by.date():
        return []
    quick = shipping.faster(turn.knowledge.policies.delivery, pairs, turn.now)
    # A day that is named ends at midnight, wherever parcels leave.
    named = turn.knowledge.language(turn.heard.language).day(by)
    values = {"wanted": named}
    if quick and way is Way.STANDARD and quick.day.date() <= by.date():
        values |= {"price": money(turn, quick.fee)}
        return [Move("utter_in_time_by_express", values)]
    first = min(usual.day, quick.day) if quick else usual.day
    return [Move("utter_not_in_time", {**values, "day": say.delivery_day(turn, first)})]


def wanted(turn: Turn, *, asked: bool = False) -> Way | None:
    """Return the way of delivery that a message or a button asks for.

    A question asks for none, unless it is to be `asked` for one.
    """
    for mark in turn.heard.of("choice"):
        if str(mark.value).startswith(WAY):
            return Way(str(mark.value).removeprefix(WAY))
    question = turn.heard.intent in QUESTIONS and not asked
    if question or turn.heard.of("product", "category"):
        return None
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("standard_way", turn.heard.text) >= LEAST:
        return Way.STANDARD
    quick = language.heard("express", turn.heard.text) >= LEAST
    return Way.EXPRESS if quick else None
