"""Mandates ended, paused, and gone on with: each by one sentence."""

from collections.abc import Sequence

from journey import log, pending
from journey.catalogue.products import find_products
from journey.coach import back, say
from journey.coach.mandates import carrying, moving, terms
from journey.coach.orders.purchases import is_called
from journey.mandates import executions, mandates
from journey.mandates.mandates import State
from journey.people.consent import Purpose, has_consent, record_consent
from journey.store.tables import Mandate, Pending, Product
from journey.turn import Move, Turn

WISH = 0.2
"""The share of a message that "go on" must make up."""
SHORT = 0.5
"""The same where nothing else speaks for it."""
SO_MANY = 0.3
"""The same of "stop ordering", said of whatever it may be."""
ENDS = 0.1
"""The same of "stop ordering"."""
ABOUT = ("product", "category")


def revoke(turn: Turn) -> list[Move]:
    """End the mandates that are named, else all of them, at once."""
    if (turned := pause_or_resume(turn)) is not None:
        return turned
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    if not living:
        return [Move("utter_no_mandate")]
    ended = named_in(turn, living) or living
    language = turn.knowledge.language(turn.heard.language)
    for_good = language.heard("ends", turn.heard.text) >= ENDS
    if not for_good and (put_off := moving.put_off(turn, ended)):
        return [*put_off, *back.way_back(turn)]
    end(turn, ended, living)
    names = _names(turn, ended)
    return [Move("utter_mandate_revoked", {"names": names}), *back.way_back(turn)]


def end(turn: Turn, ended: Sequence[Mandate], living: Sequence[Mandate]) -> None:
    """End mandates for good; with the last one ends the consent to ordering."""
    for mandate in ended:
        forget_question(turn, mandate)
        mandates.revoke_mandate(turn.session, mandate, turn.now)
        _log(turn, "mandate_revoked", mandate)
    if len(ended) == len(living):
        decide(turn, False, turn.heard.text or say.says(turn)["mandate_end"])
        log.write(
            turn.session, turn.heard, "consent_withdrawn", purpose=Purpose.MANDATE
        )


def pause_or_resume(turn: Turn) -> list[Move] | None:
    """Pause or go on, when a message says that of a mandate that there is."""
    language = turn.knowledge.language(turn.heard.language)
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    meant = named_in(turn, living) or living
    active = [x for x in meant if x.state == State.ACTIVE]
    paused = [x for x in meant if x.state == State.PAUSED]
    if active and carrying.says_pause(turn):
        # "Pause it until March" needs no word to go on.
        put_off = moving.put_off(turn, active) if moving.names_day(turn) else []
        return [*put_off, *back.way_back(turn)] if put_off else pause(turn, active)
    if paused and language.heard("resume", turn.heard.text) >= WISH:
        return resume(turn, paused)
    return None


def for_good(turn: Turn) -> bool:
    """Tell whether a message ends a mandate in so many words."""
    language = turn.knowledge.language(turn.heard.language)
    return language.heard("revokes", turn.heard.text) >= SO_MANY


def hear(turn: Turn) -> list[Move] | None:
    """End what is ordered of ourselves at a plain word, whatever is talked about."""
    if not for_good(turn):
        return None
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    return revoke(turn) if living else None


def said(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Pause or go on at a short sentence that says just that, whatever it was heard as.

    "Go on" may be an answer: it counts where nothing is asked.
    """
    language = turn.knowledge.language(turn.heard.language)
    kinds = ["pause"] if pending.prompt(waiting) else ["pause", "resume"]
    short = any(language.heard(x, turn.heard.text) >= SHORT for x in kinds)
    return pause_or_resume(turn) if short else None


def pause(turn: Turn, active: Sequence[Mandate]) -> list[Move]:
    """Order nothing until the customer says go on."""
    for mandate in active:
        forget_question(turn, mandate)
        mandates.pause_mandate(turn.session, mandate, turn.now)
        _log(turn, "mandate_paused", mandate)
    names = _names(turn, active)
    return [Move("utter_mandate_paused", {"names": names}), *back.way_back(turn)]


def forget_question(turn: Turn, mandate: Mandate) -> None:
    """Wait no more for an answer about an order that is not to come."""
    execution = executions.open_of(turn.session, mandate)
    if execution is not None:
        pending.forget(turn, "execution", execution.id)


def resume(turn: Turn, paused: Sequence[Mandate]) -> list[Move]:
    """Go on with what was paused; after a STOP the words are agreed to anew."""
    if not may_order(turn):
        mandate = paused[0]
        product = turn.session.get_one(Product, mandate.product_id)
        return [terms.ask_to_agree(turn, product, terms.of(mandate))]
    for mandate in paused:
        mandates.resume_mandate(mandate)
        _log(turn, "mandate_resumed", mandate)
    names = _names(turn, paused)
    return [Move("utter_mandate_resumed", {"names": names}), *back.way_back(turn)]


def may_order(turn: Turn) -> bool:
    """Tell whether the customer's consent to ordering still stands."""
    return has_consent(turn.session, turn.heard.customer_id, Purpose.MANDATE, turn.now)


def _log(turn: Turn, kind: str, mandate: Mandate) -> None:
    log.write(
        turn.session,
        turn.heard,
        kind,
        mandate=mandate.id,
        product=mandate.product_id,
    )


def _names(turn: Turn, found: Sequence[Mandate]) -> str:
    products = find_products(turn.session, [x.product_id for x in found])
    language = turn.knowledge.language(turn.heard.language)
    return language.join([products[x.product_id].name for x in found])


def named_in(turn: Turn, living: Sequence[Mandate]) -> Sequence[Mandate]:
    """Return the mandates whose product or kind a message names.

    Who has allowed several calls each by any word of its name: "the filters".
    """
    products = find_products(turn.session, [x.product_id for x in living])
    named = {str(e.value) for e in turn.heard.of(*ABOUT)}
    found = [
        x for x in living if {x.product_id, products[x.product_id].category} & named
    ]
    return found or [x for x in living if is_called(turn, products[x.product_id])]


def decide(turn: Turn, granted: bool, text: str) -> None:
    """Put into the ledger whether we may order, with the exact words."""
    record_consent(
        turn.session,
        turn.heard.customer_id,
        Purpose.MANDATE,
        granted,
        text=text,
        source=turn.heard.message_id,
        now=turn.now,
    )
