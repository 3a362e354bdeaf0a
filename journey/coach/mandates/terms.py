"""The terms of a mandate: heard in a message, and said in the words agreed to."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from journey import pending
from journey.coach import say
from journey.coach.orders import placing
from journey.coach.orders.placing import delivery_of
from journey.mandates.mandates import NOTICE_DAYS
from journey.orders import shipping
from journey.store.tables import Mandate, Product
from journey.turn import Move, Turn

WEEK = 7
HEARD = 0.12
MOST_NOTICE = 30
NUMBER = re.compile(r"\d+(?:[.,]\d\d?)?")


@dataclass(frozen=True)
class Terms:
    """What was said of a mandate; None where nothing was said.

    `when_due` says that it shall come when it is foreseen to be due.
    """

    cap: float | None = None
    days: int | None = None
    when_due: bool | None = None
    quantity: int | None = None
    notice: int | None = None
    substitutes: bool | None = None

    def over(self, before: "Terms") -> "Terms":
        """Return these terms, completed by those of before."""
        said = {k: v for k, v in asdict(self).items() if v is not None}
        if "days" in said:
            said["when_due"] = False
        elif "when_due" in said:
            said["days"] = None
        return replace(before, **said)

    def as_json(self) -> dict[str, Any]:
        """Return the terms as a question keeps them."""
        return asdict(self)

    @property
    def said_anything(self) -> bool:
        """Whether any term was said."""
        return any(value is not None for value in asdict(self).values())


def heard_in(turn: Turn) -> Terms:
    """Return the terms that a message says."""
    language = turn.knowledge.language(turn.heard.language)
    text = turn.heard.text
    notice = _notice(turn)
    due = language.heard("whenever_due", text) > 0
    days = _days(turn, notice, due)
    due = due and days is None
    alike = language.heard("substitutes", text) > 0
    same = language.heard("no_substitutes", text) > 0
    bare = _bare_limit(turn)
    return Terms(
        cap=_cap(turn) or bare,
        days=days,
        when_due=True if due else None,
        quantity=None if bare else _quantity(turn),
        notice=notice,
        substitutes=False if same else True if alike else None,
    )


def of(mandate: Mandate) -> Terms:
    """Return the terms of a mandate that was given."""
    return Terms(
        cap=float(mandate.cap) if mandate.cap is not None else None,
        days=mandate.every_days,
        when_due=mandate.every_days is None,
        quantity=mandate.quantity,
        notice=mandate.notice_days,
        substitutes=mandate.substitutes,
    )


def from_json(stored: Mapping[str, Any]) -> Terms:
    """Return terms as a question kept them."""
    return Terms(**stored)


def _cap(turn: Turn) -> float | None:
    amounts = [e.value["amount"] for e in turn.heard.of("money")]
    return float(amounts[0]) if amounts else None


def limits(turn: Turn) -> bool:
    """Tell whether a message says up to which price may be ordered."""
    language = turn.knowledge.language(turn.heard.language)
    said = language.heard("limit", turn.heard.text) >= HEARD
    return said and (_cap(turn) or _bare_limit(turn)) is not None


def changes(turn: Turn) -> bool:
    """Tell whether a message changes what was agreed to for good, not one order."""
    if limits(turn) or any(e.value.get("every") for e in turn.heard.of("duration")):
        return True
    return says_for_good(turn)


def says_for_good(turn: Turn) -> bool:
    """Tell whether a message says a term, and that it holds from now on."""
    language = turn.knowledge.language(turn.heard.language)
    always = language.heard("for_good", turn.heard.text) >= HEARD
    return always and heard_in(turn).said_anything


def _bare_limit(turn: Turn) -> float | None:
    """Return a limit without a currency: "change the max to 30"."""
    language = turn.knowledge.language(turn.heard.language)
    if turn.heard.of("money") or language.heard("limit", turn.heard.text) < HEARD:
        return None
    if turn.heard.of("duration", "product"):
        return None
    found = NUMBER.search(turn.heard.text)
    return float(found[0].replace(",", ".")) if found else None


def _notice(turn: Turn) -> int | None:
    """Return how many days ahead shall be announced: "tell me 5 days before"."""
    language = turn.knowledge.language(turn.heard.language)
    if not language.heard("ahead", turn.heard.text):
        return None
    found = [int(e.value["days"]) for e in turn.heard.of("duration")]
    return next((x for x in reversed(found) if 1 <= x <= MOST_NOTICE), None)


def _days(turn: Turn, notice: int | None, due: bool) -> int | None:
    """Return after how many days it is wanted again: "every" says it best."""
    pressed = [int(e.value) for e in turn.heard.of("every_days")]
    spans = [x.value for x in turn.heard.of("duration")]
    every = [int(x["days"]) for x in spans if x.get("every")]
    others = [int(x["days"]) for x in spans if not x.get("every")]
    if due or (notice is not None and len(others) < 2):
        others = []
    return next((days for days in [*pressed, *every, *others] if days > 0), None)


def _quantity(turn: Turn) -> int | None:
    counts = [e.value for e in turn.heard.of("count")]
    return next((int(x) for x in counts if isinstance(x, int) and 1 < x < 20), None)


def every(turn: Turn, days: int) -> str:
    """Return a rhythm as it is said."""
    says = say.says(turn)
    if days % WEEK == 0:
        weeks = days // WEEK
        return says["every_week" if weeks == 1 else "every_weeks"].format(count=weeks)
    return says["every_day" if days == 1 else "every_days"].format(count=days)


def rhythm(turn: Turn, terms: Terms) -> str:
    """Return when it shall come."""
    return every(turn, terms.days) if terms.days else say.says(turn)["when_due"]


def in_words(turn: Turn, product: Product, terms: Terms) -> str:
    """Return the exact words that are agreed to and kept in the ledger."""
    says = say.says(turn)
    kind = "mandate_alike" if terms.substitutes else "mandate_ask"
    return says["mandate_text"].format(
        every=rhythm(turn, terms),
        name=placing.items_in_words(turn, [(product, terms.quantity or 1)]),
        limit=limit(turn, terms),
        notice=terms.notice or NOTICE_DAYS,
        gone=says[kind],
    )


def limit(turn: Turn, terms: Terms) -> str:
    """Return up to which price is ordered, as it follows on the rhythm."""
    says = say.says(turn)
    if terms.cap is None:
        return says["mandate_no_cap"]
    return says["mandate_cap"].format(price=placing.money(turn, terms.cap))


def note(turn: Turn, product: Product, terms: Terms) -> str:
    """Say what it costs today, with a warning when that is over the cap already."""
    pairs = [(product, terms.quantity or 1)]
    cost = shipping.goods_of(pairs) + delivery_of(turn, pairs).fee
    over = terms.cap is not None and cost > Decimal(str(terms.cap))
    name = "mandate_over_cap" if over else "mandate_price_now"
    return say.says(turn)[name].format(price=placing.money(turn, cost))


def ask_to_agree(turn: Turn, product: Product, said: Terms) -> Move:
    """Ask whether the customer agrees to exactly these words."""
    text = in_words(turn, product, said)
    values = {"text": text, "note": note(turn, product, said)}
    buttons = (say.labelled(turn, "agree", "affirm"), say.labelled(turn, "no", "deny"))
    prompt = Move("utter_confirm_mandate", values, buttons=buttons)
    about = {"product": product.id, "terms": said.as_json(), "text": text}
    return pending.interrupt(
        turn, "confirm_mandate", prompt, **about, said=turn.heard.text
    )
