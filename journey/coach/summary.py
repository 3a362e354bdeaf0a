"""Summing up in the customer's words, and asking before looking or advising."""

from collections.abc import Mapping

from journey import journeys, log, pending
from journey.coach import back, checkin, replying, request, say
from journey.coach.grasp import quote
from journey.coach.replying import To
from journey.journeys import Outcome
from journey.needs import beliefs
from journey.needs.schema import Need
from journey.people import facts
from journey.store.tables import Journey, Pending
from journey.turn import Move, Turn

SOME = 0.25
"""The share of a short message that a phrase must account for."""


def sum_up(turn: Turn, journey: Journey, need: Need) -> list[Move]:
    """Say all of it back in the customer's words, and ask before looking."""
    log.write(
        turn.session, turn.heard, "summary_given", journey=journey, need=need.need
    )
    prompt = Move("utter_ask_permission", buttons=_permission_buttons(turn))
    pending.expect(turn, "permission", prompt, journey=journey.id)
    return [summary(turn, journey, need), prompt]


def _permission_buttons(turn: Turn) -> tuple[say.Button, ...]:
    return (
        say.labelled(turn, "look", "affirm", choice="look"),
        say.labelled(turn, "tip", "affirm", choice="tip"),
        say.labelled(turn, "wrong", "deny", choice="wrong"),
    )


def summary(turn: Turn, journey: Journey, need: Need) -> Move:
    """Return what we understood: the need, the facts, and the customer's words."""
    parts = _facts_in_words(turn, journey, need)
    language = turn.knowledge.language(turn.heard.language)
    facts_said = language.join(parts)
    whole = need.summary.replace("{facts}", facts_said)
    text = whole if parts else language.says["wants"].format(need=need.name)
    own = _own_words(turn, journey, need)
    if own:
        return Move("utter_summary", {"summary": text, "said": own})
    return Move("utter_summary_plain", {"summary": text})


def _facts_in_words(turn: Turn, journey: Journey, need: Need) -> list[str]:
    known = facts.known(turn, journey.who)
    words: Mapping[str, Mapping[str, str]] = need.fact_words
    said = [words[a][v] for a, v in known.items() if v in words.get(a, {})]
    language = turn.knowledge.language(turn.heard.language)
    if journey.who:
        who = language.people.get(journey.who, journey.who)
        said = [language.says["for_whom"].format(who=who), *said]
    return said


def _own_words(turn: Turn, journey: Journey, need: Need) -> str:
    belief = beliefs.beliefs_of(turn, journey)[need.need]
    spoken = [t["said"] for t in belief.evidence if t["kind"] in ("cue", "model")]
    return quote(max(spoken, key=len)) if any(spoken) else ""


def permission(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Look for products, give a tip, or hear what was wrong, as the customer says."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    if journey is None or journey.need is None:
        return None
    if replying.meaning(turn, To.OFFER) == "why":
        return [Move("utter_why_permission"), *back.way_back(turn)]
    choice = _permission_choice(turn)
    if choice == "look":
        _confirmed(turn, journey)
        pending.done(turn)
        return request.offer(turn, journey)
    if choice == "tip":
        _confirmed(turn, journey)
        return advise(turn, journey)
    if choice == "wrong":
        prompt = Move("utter_what_is_wrong")
        pending.expect(turn, "correction", prompt, journey=journey.id)
        return [prompt]
    if choice == "no":
        prompt = Move("utter_no_look", buttons=_no_buttons(turn))
        pending.expect(turn, "permission", prompt, journey=journey.id, refused=True)
        return [prompt]
    return let_be(turn, journey) if choice == "leave" else None


def _permission_choice(turn: Turn) -> str | None:
    for entity in turn.heard.of("choice"):
        return str(entity.value)
    language = turn.knowledge.language(turn.heard.language)
    text = turn.heard.text
    for kind in ("tip", "wrong", "leave", "look"):
        if language.heard(kind, text) >= SOME:
            return kind
    if turn.heard.intent in ("affirm", "ask_recommendation"):
        return "look"
    return "no" if turn.heard.intent in ("deny", "refuse_option") else None


def _no_buttons(turn: Turn) -> tuple[say.Button, ...]:
    return (
        say.labelled(turn, "wrong", "deny", choice="wrong"),
        say.labelled(turn, "tip", "affirm", choice="tip"),
        say.labelled(turn, "leave", "deny", choice="leave"),
    )


def _confirmed(turn: Turn, journey: Journey) -> None:
    log.write(
        turn.session,
        turn.heard,
        "summary_confirmed",
        journey=journey,
        need=journey.need,
    )


def advise(turn: Turn, journey: Journey) -> list[Move]:
    """Give the free tip that was asked for, and offer to ask how it went."""
    need = turn.knowledge.needs[str(journey.need)]
    tip = Move("utter_advice", {"advice": need.advice})
    return [tip, *checkin.offer(turn, journey, need.check_in.after_days)]


def let_be(turn: Turn, journey: Journey) -> list[Move]:
    """Leave it there, without a push."""
    pending.clear(turn)
    journeys.close(turn, journey, Outcome.CANCELLED)
    return [Move("utter_leave_it")]
