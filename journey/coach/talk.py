"""Small talk and questions about the shop and the coach itself."""

from journey import log, pending
from journey.coach import say
from journey.coach.grasp import suggestions
from journey.coach.mandates import ending
from journey.mandates import mandates
from journey.orders.policies import find_policy
from journey.people import consent
from journey.people.consent import Purpose
from journey.promises import promises
from journey.store.tables import Conversation, Customer, Pending
from journey.turn import Move, Turn

OFFERED = 3
WHOLE = 0.7
"""The share of a message that a question about the coach itself makes up."""
WHY = {"answer": "utter_why_asked", "confirm_order": "utter_why_confirm"}
"""What is said to who asks why something is asked."""


def thank(turn: Turn) -> list[Move]:
    """Take thanks."""
    del turn
    return [Move("utter_welcome")]


def goodbye(turn: Turn) -> list[Move]:
    """Say goodbye, and when we speak again if that was agreed."""
    held = promises.open_promises(turn.session, turn.heard.customer_id, "check_in")
    pending.clear(turn)
    if held:
        return [Move("utter_goodbye_until", {"day": say.day(turn, held[0].due_at)})]
    return [Move("utter_goodbye")]


def agree(turn: Turn) -> list[Move]:
    """Take a yes that answers nothing."""
    return [Move("utter_nothing_open", buttons=suggestions(turn))]


def decline(turn: Turn) -> list[Move]:
    """Take a no that answers nothing."""
    del turn
    return [Move("utter_all_right")]


def are_you_a_bot(turn: Turn) -> list[Move]:
    """Say what we are."""
    del turn
    return [Move("utter_i_am_a_bot")]


def about_itself(turn: Turn, waiting: Pending) -> list[Move]:
    """Say why we ask, or what we can do, when just that is asked."""
    language, text = turn.knowledge.language(turn.heard.language), turn.heard.text
    why = WHY.get(waiting.expects)
    if why and language.heard("why_asked", text) >= WHOLE:
        return [Move(why)]
    if language.heard("abilities", text) >= WHOLE:
        return [Move("utter_abilities", buttons=suggestions(turn))]
    return []


def policy(turn: Turn) -> list[Move]:
    """Answer a question about the shop, or say which ones can be answered."""
    named = [str(entity.value) for entity in turn.heard.of("policy")]
    policies = turn.knowledge.policies
    by_name = {policy.policy: policy for policy in policies.policies}
    found = by_name.get(named[0]) if named else find_policy(policies, turn.heard.text)
    if found:
        return [Move("utter_policy", {"answer": found.text})]
    buttons = tuple(
        say.button(p.names[0].capitalize(), "ask_policy", policy=p.policy)
        for p in policies.policies[:OFFERED]
    )
    return [Move("utter_which_policy", buttons=buttons)]


def language(turn: Turn) -> list[Move]:
    """Speak another language if there is one, else say so."""
    spoken = turn.knowledge.languages
    wanted = [str(entity.value) for entity in turn.heard.of("language")]
    if not wanted or wanted[0] not in spoken:
        names = turn.knowledge.language(turn.heard.language)
        known = names.join([language.name for language in spoken.values()])
        return [Move("utter_language_unknown", {"languages": known})]
    _speak(turn, wanted[0])
    return [Move("utter_language_set", {"language": spoken[wanted[0]].name})]


def _speak(turn: Turn, code: str) -> None:
    conversation = turn.session.get(Conversation, turn.heard.conversation_id)
    customer = turn.session.get(Customer, turn.heard.customer_id)
    for row in (conversation, customer):
        if row:
            row.language = code


def stop(turn: Turn, said_in: str = "en") -> list[Move]:
    """Withdraw the consent to be written to, at once and on record."""
    says = say.says(turn)
    consent.stop_writing(
        turn.session,
        turn.heard.customer_id,
        turn.heard.text or says["stop"],
        source=turn.heard.message_id,
        now=turn.now,
    )
    log.write(turn.session, turn.heard, "consent_withdrawn", purpose=Purpose.PROACTIVE)
    for promise in promises.open_promises(
        turn.session, turn.heard.customer_id, "check_in"
    ):
        promises.settle_promise(
            turn.session, promise, promises.State.RELEASED, turn.now
        )
    paused = _pause_mandates(turn)
    if text := turn.knowledge.stops.said.get(said_in):
        return [Move("utter_stopped_in", {"text": text}), *paused]
    return [Move("utter_stopped"), *paused]


def start(turn: Turn, said_in: str = "en") -> list[Move] | None:
    """Take back a STOP: what was agreed to before it holds again."""
    heard = turn.heard
    purposes = consent.start_writing(
        turn.session, heard.customer_id, source=heard.message_id, now=turn.now
    )
    if purposes is None:
        return None
    for purpose in purposes:
        log.write(turn.session, heard, "consent_given", purpose=purpose)
    living = mandates.living_mandates(turn.session, heard.customer_id)
    paused = [Move("utter_started_orders")] if living else []
    if not purposes:
        return [Move("utter_started_nothing"), *paused]
    if text := turn.knowledge.stops.started.get(said_in):
        return [Move("utter_stopped_in", {"text": text}), *paused]
    language = turn.knowledge.language(heard.language)
    what = language.join([language.says[f"purpose_{x}"] for x in purposes])
    return [Move("utter_started", {"what": what}), *paused]


def _pause_mandates(turn: Turn) -> list[Move]:
    """Order nothing of ourselves any more: it could not be announced."""
    living = mandates.living_mandates(turn.session, turn.heard.customer_id)
    active = [x for x in living if x.state == mandates.State.ACTIVE]
    return ending.pause(turn, active) if active else []


INTENTS = {
    "thank": thank,
    "goodbye": goodbye,
    "affirm": agree,
    "deny": decline,
    "ask_if_bot": are_you_a_bot,
    "ask_policy": policy,
    "change_language": language,
    "stop_messages": stop,
}
ASIDES = frozenset({"ask_if_bot", "ask_policy", "change_language", "thank"})
