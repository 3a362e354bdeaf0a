"""Where a parcel goes: asked once, kept, and changed at a word."""

from collections.abc import Mapping, Sequence
from typing import Any

from journey import log, pending
from journey.coach import say
from journey.coach.orders import ways
from journey.coach.orders.spoken import address_in
from journey.orders import addressbook
from journey.orders.address import in_line, is_abroad, missing
from journey.orders.shipping import Way
from journey.orders.stock import Line
from journey.store.tables import Address, Customer, Journey, Pending
from journey.turn import Move, Turn

COUNTRIES = "delivery_countries"
LEAST = 0.08
MOST = 4
CHOICE, NEW = "address.", "address_new"


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
    if any(e.value in ("address", NEW) for e in turn.heard.of("choice")):
        return True
    if not missing(address_in(turn)):
        return True
    language = turn.knowledge.language(turn.heard.language)
    said = language.heard("address", turn.heard.text) >= LEAST
    return said or _chosen(turn) is not None or label_in(turn) is not None


def label_in(turn: Turn) -> str | None:
    """Return the place that a message names: home, work or a person's."""
    return turn.knowledge.language(turn.heard.language).place(turn.heard.text)


def _chosen(turn: Turn) -> Address | None:
    """Return the known address whose button was pressed."""
    pressed = [str(e.value) for e in turn.heard.of("choice")]
    ids = [x.removeprefix(CHOICE) for x in pressed if x.startswith(CHOICE)]
    known = turn.session.get(Address, ids[0]) if ids else None
    mine = known is not None and known.customer_id == turn.heard.customer_id
    return known if mine else None


def meant(turn: Turn) -> Mapping[str, str] | None:
    """Return the known address that is named or whose button was pressed."""
    chosen, label = _chosen(turn), label_in(turn)
    if chosen is None and label is not None:
        chosen = addressbook.called(turn.session, _customer(turn), label)
    return chosen.parts if chosen else None


def ask_other(turn: Turn, **about: Any) -> Move:
    """Ask for another address: of the place that is named, else of those known."""
    label = label_in(turn)
    if label is not None:
        language = turn.knowledge.language(turn.heard.language)
        name = Move("utter_ask_address_of", {"place": language.place_said(label)})
        return pending.expect(turn, "address", name, label=label, **about)
    known = addressbook.addresses_of(turn.session, _customer(turn))
    others = [x for x in known if x.parts != _customer(turn).address]
    new = any(e.value == NEW for e in turn.heard.of("choice"))
    if new or not others:
        return ask(turn, "utter_ask_other_address", **about)
    return which(turn, others, **about)


def which(turn: Turn, known: Sequence[Address], **about: Any) -> Move:
    """Ask which of several addresses is meant."""
    language = turn.knowledge.language(turn.heard.language)
    buttons = [
        say.button(
            language.place_said(x.label).capitalize() if x.label else in_line(x.parts),
            "change_order",
            choice=f"{CHOICE}{x.id}",
        )
        for x in known[:MOST]
    ]
    buttons.append(say.labelled(turn, "new_address", "change_order", choice=NEW))
    prompt = Move("utter_which_address", buttons=tuple(buttons))
    return pending.expect(turn, "address", prompt, **about)


def _customer(turn: Turn) -> Customer:
    return turn.session.get_one(Customer, turn.heard.customer_id)


def change(turn: Turn, journey: Journey, lines: Sequence[Line]) -> list[Move]:
    """Take another address, or ask for it, before the order is confirmed."""
    from journey.coach.orders import ordering

    given = address_in(turn)
    known = given if not missing(given) else meant(turn)
    way = ways.chosen(turn)
    if known is not None:
        keep(turn, known)
        return ordering.confirm(turn, journey, lines, way=way, settled=True)
    about = {"journey": journey.id, "lines": ordering.stored(lines), "way": way}
    return [ask_other(turn, **about)]


def keep(turn: Turn, address: Mapping[str, str], label: str | None = None) -> None:
    """Keep a customer's address for this order and later ones."""
    customer, name = _customer(turn), label or label_in(turn) or ""
    addressbook.keep(turn.session, customer, address, name, turn.now)
    if has_moved(turn):
        addressbook.settle(turn.session, customer)
    log.write(turn.session, turn.heard, "address_given")


def has_moved(turn: Turn) -> bool:
    """Tell whether a message says where the customer lives from now on."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("moved", turn.heard.text) > 0


def tells(turn: Turn) -> bool:
    """Tell whether a message is there to give an address, whatever it was taken for."""
    given = not missing(address_in(turn))
    return given and (has_moved(turn) or turn.heard.intent == "out_of_scope")


def hear(turn: Turn) -> bool:
    """Keep the whole address that a message has in it; tell whether there was one."""
    given = address_in(turn)
    if missing(given) or is_abroad(turn.heard.text):
        return False
    keep(turn, given)
    return True


def take(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Read an address, ask for what is missing in it, then go on with the order."""
    from journey.coach.orders import ordering

    if is_abroad(turn.heard.text):
        return [not_there(turn)]
    about = {k: v for k, v in waiting.about.items() if k not in ("prompt", "partly")}
    heard = address_in(turn)
    if not heard and wanted(turn):
        known = meant(turn)
        if known is None:
            return [ask_other(turn, **{k: v for k, v in about.items() if k != "label"})]
        return _go_on(turn, about, known)
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
    return _go_on(turn, about, given)


def _go_on(
    turn: Turn, about: Mapping[str, Any], address: Mapping[str, str]
) -> list[Move]:
    """Go on with what the address was asked for."""
    from journey.coach.orders import amending, ordering

    if "order" in about:
        return amending.readdress(turn, about["order"], address, about.get("label"))
    keep(turn, address, about.get("label"))
    journey = turn.session.get_one(Journey, about["journey"])
    lines, way = ordering.lines_in(about), Way(about.get("way", Way.STANDARD))
    return ordering.confirm(turn, journey, lines, way=way, settled=True)


def not_there(turn: Turn) -> Move:
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
