"""Returns: which thing, why, and what the shop's policy says about it."""

from dataclasses import dataclass
from typing import Any

from journey import log, pending
from journey.coach import back, say
from journey.coach.orders import placing
from journey.coach.orders.purchases import Bought, bought, meant, visible
from journey.orders.orders import SENT
from journey.orders.returns import Refusal, ReturnPolicy, Wish, find_return
from journey.owner import handoff
from journey.store.tables import Pending
from journey.turn import Move, Turn

MOST = 5
LEAST = 0.05
REASONS = ("damaged", "does_not_fit", "not_as_expected", "not_needed")
OTHER = frozenset("ask_policy ask_human ask_if_bot track_order forget_me".split())


@dataclass(frozen=True)
class Told:
    """What was told of a return so far: in which words, and of how many pieces."""

    text: str
    pieces: int = 0

    @staticmethod
    def of(waiting: Pending, text: str) -> "Told":
        """Return what a question was asked with, and what was said to it."""
        about = waiting.about
        return Told(f"{about.get('said', '')} {text}", int(about.get("pieces", 0)))

    def kept(self) -> dict[str, Any]:
        """Return it as a question keeps it."""
        return {"said": self.text, "pieces": self.pieces}

    def of_line(self, line: Bought) -> int | None:
        """Return how many pieces of a line go back; None stands for all of them."""
        return self.pieces if 0 < self.pieces < line.item.quantity else None


def give_back(turn: Turn) -> list[Move]:
    """Take back what is meant, if the policy allows it."""
    lines = bought(turn, visible(turn))
    if not lines:
        return [Move("utter_no_order_here")]
    named = meant(turn, lines)
    sent = [line for line in named or lines if line.order.status in SENT]
    if not sent:
        return [_not_sent(turn, (named or lines)[0])]
    open_still = [x for x in sent if find_return(turn.session, x.item) is None]
    if not open_still:
        values = {"name": sent[0].product.name}
        return [Move("utter_return_already", values)]
    # Of what was bought more than once the newest is meant.
    newest = list({x.product.id: x for x in reversed(open_still)}.values())[::-1]
    if len(newest) > 1:
        return [_which(turn, newest)]
    return begin(turn, newest[0], Told(turn.heard.text, placing.some(turn)))


def _not_sent(turn: Turn, line: Bought) -> Move:
    values = {"number": line.order.called, "name": line.product.name}
    button = say.labelled(turn, "cancel_it", "cancel_order", order=line.order.number)
    return Move("utter_return_not_sent", values, buttons=(button,))


def _which(turn: Turn, lines: list[Bought]) -> Move:
    buttons = tuple(
        say.button(line.product.name, "return_order", product=line.product.id)
        for line in lines[:MOST]
    )
    prompt = Move("utter_which_item", buttons=buttons)
    items = [line.item.id for line in lines]
    told = {"said": turn.heard.text, "pieces": placing.some(turn)}
    return pending.interrupt(turn, "return_item", prompt, items=items, **told)


def which(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read which thing shall go back."""
    lines = bought(turn, visible(turn))
    among = [line for line in lines if line.item.id in waiting.about["items"]]
    named = {str(e.value) for e in turn.heard.of("product", "category")}
    found = [x for x in among if {x.product.id, x.product.category} & named]
    for mark in turn.heard.of("reference"):
        index = int(mark.value.get("index") or 0)
        found += among[index - 1 : index] if index > 0 else among[-1:] if index else []
    if not found:
        return None
    told = Told.of(waiting, turn.heard.text)
    pending.done(turn)
    return begin(turn, found[0], told)


def begin(turn: Turn, line: Bought, told: Told) -> list[Move]:
    """Check the policy for a line, and ask what is still to be known."""
    why = policy_of(turn).refuse(line.order, line.item, line.product, turn.now)
    language = turn.knowledge.language(turn.heard.language)
    damaged = language.heard("damaged", told.text) >= LEAST
    sealed = language.heard("unopened", told.text) >= LEAST
    if damaged and why in (Refusal.FINAL, Refusal.HYGIENE):
        return [Move("utter_return_damaged"), *handoff.ask(turn, "damaged")]
    if why == Refusal.HYGIENE:
        if sealed:
            return _for(turn, line, told, unopened=True)
        return [_ask_unopened(turn, line, told)]
    if why is not None:
        return [_refused(turn, line, why)]
    return _for(turn, line, told)


def _for(turn: Turn, line: Bought, told: Told, *, unopened: bool = False) -> list[Move]:
    """Take back what was told the reason of; ask for it when there was none."""
    language = turn.knowledge.language(turn.heard.language)
    said = (name for name in REASONS if language.heard(name, told.text) >= LEAST)
    if reason := next(said, None):
        wish = Wish(reason, told.of_line(line), unopened=unopened)
        return _request(turn, line, wish)
    return [_ask_reason(turn, line, told, unopened=unopened)]


def policy_of(turn: Turn) -> ReturnPolicy:
    """Return the shop's policy."""
    rules = turn.knowledge.policies.returns
    return ReturnPolicy(
        days=rules.days,
        hygiene_categories=frozenset(rules.hygiene_categories),
        final_categories=frozenset(rules.final_categories),
    )


def _refused(turn: Turn, line: Bought, why: str) -> Move:
    rules = turn.knowledge.policies.returns
    values = {
        "name": line.product.name,
        "days": str(rules.days),
        "day": say.delivery_day(turn, line.order.deliver_by),
    }
    button = say.labelled(turn, "person", "ask_human")
    return Move(f"utter_return_{why}", values, buttons=(button,))


def _ask_unopened(turn: Turn, line: Bought, told: Told) -> Move:
    buttons = (
        say.labelled(turn, "unopened", "affirm"),
        say.labelled(turn, "opened", "deny"),
    )
    values = {"name": line.product.name}
    prompt = Move("utter_return_ask_unopened", values, buttons=buttons)
    about = {"item": line.item.id, **told.kept()}
    return pending.interrupt(turn, "return_unopened", prompt, **about)


def unopened(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read whether something is still unopened."""
    line = _line(turn, waiting)
    language, text = turn.knowledge.language(turn.heard.language), turn.heard.text
    if line is None:
        return None
    opened = language.heard("opened", text) >= LEAST
    closed = language.heard("unopened", text) >= LEAST
    if turn.heard.intent == "deny" or (opened and not closed):
        return [_refused(turn, line, "hygiene"), *back.finished(turn)]
    if turn.heard.intent == "affirm" or closed:
        told = Told.of(waiting, text)
        pending.done(turn)
        return _for(turn, line, told, unopened=True)
    return None


def _ask_reason(
    turn: Turn, line: Bought, told: Told, *, unopened: bool = False
) -> Move:
    buttons = tuple(
        say.labelled(turn, name, "return_order", reason=name) for name in REASONS
    )
    values = {"name": line.product.name}
    prompt = Move("utter_return_ask_reason", values, buttons=buttons)
    about = {"item": line.item.id, "unopened": unopened, **told.kept()}
    return pending.interrupt(turn, "return_reason", prompt, **about)


def because(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take the reason, in the customer's words or by button."""
    line = _line(turn, waiting)
    if line is None or turn.heard.intent in OTHER:
        return None
    pressed = [str(e.value) for e in turn.heard.of("reason")]
    reason = pressed[0] if pressed else turn.heard.text
    pieces = Told.of(waiting, turn.heard.text).of_line(line)
    wish = Wish(reason, pieces, unopened=bool(waiting.about.get("unopened")))
    pending.done(turn)
    return _request(turn, line, wish)


def _line(turn: Turn, waiting: Pending) -> Bought | None:
    lines = bought(turn, visible(turn))
    return next((x for x in lines if x.item.id == waiting.about["item"]), None)


def _request(turn: Turn, line: Bought, wish: Wish) -> list[Move]:
    row = turn.shop.take_back(
        turn.session, line.order, line.item, wish, policy_of(turn), turn.now
    )
    log.write(
        turn.session,
        turn.heard,
        "return_requested",
        order=line.order.number,
        product=line.product.id,
        reason=wish.reason,
        refund=float(row.refund),
    )
    rules = turn.knowledge.policies.returns
    values = {
        "name": placing.items_in_words(turn, [(line.product, row.quantity)]),
        "refund": placing.money(turn, row.refund),
        "days": str(rules.refund_days),
        "cost": placing.money(turn, rules.fee)
        if rules.fee
        else say.says(turn)["free_of_charge"],
    }
    return [Move("utter_return_requested", values), *back.way_back(turn)]
