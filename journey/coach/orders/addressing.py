"""Where a parcel goes: asked once, kept, and changed at a word."""

from collections.abc import Mapping, Sequence
from typing import Any

from journey import log, pending
from journey.coach import say
from journey.orders.address import in_line, is_abroad, missing, read_address
from journey.orders.stock import Line
from journey.store.tables import Customer, Journey, Pending
from journey.turn import Move, Turn

COUNTRIES = "delivery_countries"
LEAST = 0.08


def unknown(customer: Customer) -> bool:
    """Tell whether a customer's address is not known well enough for a parcel."""
    return not customer.address or bool(missing(customer.address))


def said(address: Mapping[str, str] | None) -> str:
    """Return an address as it is said."""
    return in_line(address)


def ask(turn: Turn, name: str, **about: Any) -> Move:
    """Ask where it shall go."""
    return pending.expect(turn, "address", Move(name), **about)


def wanted(turn: Turn) -> bool:
    """Tell whether a message is about another address."""
    if any(e.value == "address" for e in turn.heard.of("choice")):
        return True
    if not missing(read_address(turn.heard.text)):
        return True
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("address", turn.heard.text) >= LEAST


def change(turn: Turn, journey: Journey, lines: Sequence[Line]) -> list[Move]:
    """Take another address, or ask for it, before the order is confirmed."""
    from journey.coach.orders import ordering

    given = read_address(turn.heard.text)
    if not missing(given):
        keep(turn, given)
        return ordering.confirm(turn, journey, lines)
    about = {"journey": journey.id, "lines": ordering.stored(lines)}
    return [ask(turn, "utter_ask_other_address", **about)]


def keep(turn: Turn, address: Mapping[str, str]) -> None:
    """Keep a customer's address for this order and later ones."""
    customer = turn.session.get_one(Customer, turn.heard.customer_id)
    customer.address = dict(address)
    turn.session.flush()
    log.write(turn.session, turn.heard, "address_given")


def take(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read an address, ask for what is missing in it, then go on with the order."""
    from journey.coach.orders import amending, ordering

    if is_abroad(turn.heard.text):
        return [_not_there(turn)]
    about = {k: v for k, v in waiting.about.items() if k not in ("prompt", "partly")}
    heard = read_address(turn.heard.text)
    given = {**waiting.about.get("partly", {}), **heard}
    if not heard and waiting.about.get("partly"):
        given = _fill(turn, given)
    if turn.heard.intent in ("deny", "cancel_order", "goodbye") and not heard:
        return ordering.forget_order(turn, waiting)
    if given == waiting.about.get("partly", {}):
        return None
    lacking = missing(given)
    if lacking:
        return [_ask_rest(turn, lacking, given, about)]
    if "order" in about:
        return amending.readdress(turn, about["order"], given)
    keep(turn, given)
    journey = turn.session.get_one(Journey, about["journey"])
    return ordering.confirm(turn, journey, ordering.lines_in(about))


def _not_there(turn: Turn) -> Move:
    """Say where we deliver; the question for the address stays open."""
    told = {policy.policy: policy.text for policy in turn.knowledge.policies.policies}
    return Move("utter_not_delivered_there", {"answer": told.get(COUNTRIES, "")})


def _fill(turn: Turn, given: dict[str, str]) -> dict[str, str]:
    """Take a bare answer such as "Berlin" for the one thing that was asked."""
    lacking = missing(given)
    if lacking and lacking[0] == "city" and turn.heard.text.strip():
        return {**given, "city": turn.heard.text.strip(" .")}
    return given


def _ask_rest(
    turn: Turn, lacking: list[str], given: dict[str, str], about: dict[str, Any]
) -> Move:
    says = say.says(turn)
    language = turn.knowledge.language(turn.heard.language)
    words = language.join([says[f"address_{part}"] for part in lacking])
    prompt = Move("utter_ask_address_rest", {"missing": words})
    return pending.expect(turn, "address", prompt, partly=given, **about)
