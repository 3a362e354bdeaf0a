"""What is said to news of an order: fine, faster, why, which, cancel it."""

from collections.abc import Callable, Mapping

from journey import pending
from journey.coach import back, complaint, replying, say, written
from journey.coach.orders import amending, cancelling, hastening, tracking
from journey.coach.orders.purchases import visible
from journey.coach.replying import To
from journey.orders.orders import is_open
from journey.orders.shipping import Way
from journey.people.consent import Purpose
from journey.store.tables import Order, Pending
from journey.turn import Move, Turn

KIND = "news"
WRITING = 0.1
"""The share of a message that "write to me" makes up: why we write is asked."""
Reader = Callable[[Turn, Pending], list[Move] | None]


def listen(turn: Turn, number: int | None, why: str = "") -> None:
    """Hear what is said next as an answer to news of an order.

    `why` is what the news was: the end of the name of a text that explains it.
    """
    pending.listen(turn, KIND, order=number, why=why)


def answer(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read what is said to the news."""
    said = replying.meaning(turn, To.NEWS)
    if said in ("stranger", "never"):
        return written.react(turn, said, Purpose.PROMISE_NEWS)
    reader = _READERS.get(said or "")
    moves = reader(turn, waiting) if reader else None
    return moves or _recount(turn, waiting) or _declined(turn)


def _order(turn: Turn, waiting: Pending) -> Order | None:
    number = waiting.about.get("order")
    return next((x for x in visible(turn) if x.number == number), None)


def _fine(turn: Turn, _waiting: Pending) -> list[Move]:
    return [Move("utter_news_fine"), *back.finished(turn)]


def _cancel(turn: Turn, waiting: Pending) -> list[Move] | None:
    order = _order(turn, waiting)
    if order is None:
        return None
    pending.done(turn)
    return cancelling.whole(turn, order)


def _hurry(turn: Turn, waiting: Pending) -> list[Move] | None:
    order = _order(turn, waiting)
    if order is None:
        return None
    if is_open(order):
        return hastening.offer(turn, order, Way.EXPRESS)
    return [tracking.status(turn, order)]


def _why(turn: Turn, waiting: Pending) -> list[Move] | None:
    language = turn.knowledge.language(turn.heard.language)
    cause = waiting.about.get("why")
    if not cause or language.heard("write_to_me", turn.heard.text) >= WRITING:
        return written.why(turn, Purpose.PROMISE_NEWS)
    return [Move(f"utter_why_{cause}", buttons=(say.labelled(turn, *PERSON),))]


def _which(turn: Turn, waiting: Pending) -> list[Move] | None:
    order = _order(turn, waiting)
    return [tracking.status(turn, order)] if order else None


def _upset(turn: Turn, _waiting: Pending) -> list[Move]:
    return complaint.complain(turn)


def _recount(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Change how many pieces come: "make it two while you're at it"."""
    order = _order(turn, waiting)
    counts = turn.heard.of("count") and turn.heard.intent in amending.RECOUNTS
    return amending.change(turn) if counts and order and is_open(order) else None


def _declined(turn: Turn) -> list[Move] | None:
    if turn.heard.intent != "deny":
        return None
    return [Move("utter_all_right"), *back.finished(turn)]


PERSON = ("person", "ask_human")
_READERS: Mapping[str, Reader] = {
    "fine": _fine,
    "cancel": _cancel,
    "hurry": _hurry,
    "why": _why,
    "which": _which,
    "upset": _upset,
}
EXPECTS = {KIND: answer}
