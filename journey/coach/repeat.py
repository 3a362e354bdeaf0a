"""Repeat: known again, asked how it went, and taken on from there."""

from datetime import timedelta

from sqlalchemy import select

from journey import journeys, log, pending
from journey.coach import (
    back,
    checkin,
    hinting,
    replying,
    request,
    say,
    telling,
    written,
)
from journey.coach.grasp import quote, suggestions
from journey.coach.mandates import renewing
from journey.coach.outcomes import OUTCOMES, polarity
from journey.coach.replying import To
from journey.journeys import Outcome, Stage
from journey.people import goals
from journey.people.consent import Purpose
from journey.promises import promises
from journey.store.tables import (
    Conversation,
    Customer,
    Event,
    Goal,
    Journey,
    Pending,
    Promise,
)
from journey.turn import Move, Turn

AGAIN = timedelta(hours=6)
"""After this silence a customer is greeted as coming back."""
ASKED = "review_asked"
WHICH = 0.3
"""The share of a message that "which tip was that" must make up."""


def greet(turn: Turn) -> list[Move]:
    """Greet: somebody new, somebody in the middle of something, or somebody again."""
    last = last_heard(turn)
    log.write(turn.session, turn.heard, "greeted", returning=last is not None)
    if last is None:
        prompt = Move(_hello(turn), buttons=suggestions(turn))
        pending.expect(turn, "situation", prompt)
        return [prompt]
    if turn.now - last.at < AGAIN:
        return [Move("utter_greet_short"), *back.way_back(turn)]
    return welcome_back(turn)


def _hello(turn: Turn) -> str:
    """Return how to greet somebody new; who was just told who we are is not twice."""
    conversation = turn.session.get(Conversation, turn.heard.conversation_id)
    told = conversation is not None and conversation.disclosed_at == turn.now
    return "utter_what_today" if told else "utter_greet"


def last_heard(turn: Turn) -> Event | None:
    """Return the message before this one, on whatever channel it came."""
    query = (
        select(Event)
        .where(Event.customer_id == turn.heard.customer_id)
        .where(Event.kind == "message_heard")
        .where(Event.message_id != turn.heard.message_id)
        .order_by(Event.number.desc())
        .limit(1)
    )
    return turn.session.scalar(query)


def welcome_back(turn: Turn) -> list[Move]:
    """Greet with what was agreed, and ask how it went."""
    pending.clear(turn)
    journey = to_review(turn)
    hello = Move("utter_welcome_back", {"name": _name(turn)})
    if journey is None and (said := renewing.mention(turn) or hinting.mention(turn)):
        return [hello, *said]
    if journey is None:
        prompt = Move("utter_what_today", buttons=suggestions(turn))
        pending.expect(turn, "situation", prompt)
        return [hello, prompt]
    journeys.resume(turn, journey)
    return [hello, *ask_how_it_went(turn, journey)]


def ask_how_it_went(turn: Turn, journey: Journey) -> list[Move]:
    """Say what was agreed and ask how that went, as it was promised."""
    for promise in _to_ask(turn, journey):
        promises.keep_promise(turn.session, promise, turn.now)
    return [_remember(turn, journey), _ask_how(turn, journey)]


def _name(turn: Turn) -> str:
    customer = turn.session.get(Customer, turn.heard.customer_id)
    name = customer.name if customer else None
    return f", {name}" if name else ""


def to_review(turn: Turn) -> Journey | None:
    """Return the last journey about a need of which we do not know how it went."""
    query = (
        select(Journey)
        .where(Journey.customer_id == turn.heard.customer_id)
        .where(Journey.need.is_not(None))
        .where((Journey.state == "open") | (Journey.outcome == Outcome.ORDERED))
        .order_by(Journey.stage_at.desc())
        .limit(1)
    )
    return turn.session.scalar(query)


def _goal_of(turn: Turn, journey: Journey) -> Goal | None:
    return next((g for g in goals.open_goals(turn) if g.journey_id == journey.id), None)


def _remember(turn: Turn, journey: Journey) -> Move:
    goal = _goal_of(turn, journey)
    if goal and goal.step:
        return Move(
            "utter_remember_step", {"goal": quote(goal.text), "step": goal.step}
        )
    need = turn.knowledge.needs[str(journey.need)]
    return Move("utter_remember_need", {"need": need.name})


def _ask_how(turn: Turn, journey: Journey) -> Move:
    need = turn.knowledge.needs[str(journey.need)]
    goal = _goal_of(turn, journey)
    if goal and goal.step:
        prompt = Move("utter_ask_step_went")
    else:
        prompt = Move("utter_ask_how_went", {"question": need.check_in.text})
    return pending.expect(turn, "feedback", prompt, journey=journey.id)


def feedback(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take how it went into the journey, and go on from there."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    if journey is None:
        return None
    said = replying.meaning(turn, To.OUTCOME)
    if said not in OUTCOMES and (tip := _which_tip(turn, journey)):
        return tip
    waits = written.react(turn, said, Purpose.CHECK_IN)
    if waits is None:
        waits = checkin.not_now(turn, journey, said)
    if waits is not None:
        return waits
    value = polarity(turn)
    if value is None and turn.heard.intent == "refuse_option":
        value = "bad"
    if value is None:
        return _ask_polarity(turn, journey) if _is_feedback(turn) else None
    return take(turn, journey, value)


def _which_tip(turn: Turn, journey: Journey) -> list[Move] | None:
    """Say once more what was advised, and ask again."""
    language = turn.knowledge.language(turn.heard.language)
    need = turn.knowledge.needs.get(journey.need or "")
    if need is None or language.heard("which_tip", turn.heard.text) < WHICH:
        return None
    return [Move("utter_advice", {"advice": need.advice}), *back.way_back(turn)]


def _is_feedback(turn: Turn) -> bool:
    return turn.heard.intent in ("give_feedback", "share_situation", "give_preference")


def _ask_polarity(turn: Turn, journey: Journey) -> list[Move]:
    buttons = tuple(
        say.labelled(turn, f"went_{kind}", "give_feedback", feedback=kind)
        for kind in OUTCOMES
    )
    prompt = Move("utter_ask_better_or_not", buttons=buttons)
    pending.expect(turn, "feedback", prompt, journey=journey.id)
    return [Move("utter_heard_you"), prompt]


def take(turn: Turn, journey: Journey, value: str) -> list[Move]:
    """Log how it went, and say what comes next; nobody need be asked any more."""
    log.write(
        turn.session,
        turn.heard,
        "feedback_given",
        journey=journey,
        value=value,
        said=turn.heard.text,
    )
    if value == "good" and telling.told_others(turn):
        telling.note(turn, journey)
    for promise in _to_ask(turn, journey):
        promises.keep_promise(turn.session, promise, turn.now)
    return _AFTER[value](turn, journey)


def _to_ask(turn: Turn, journey: Journey) -> list[Promise]:
    held = promises.open_promises(turn.session, turn.heard.customer_id, "check_in")
    return [promise for promise in held if promise.journey_id == journey.id]


def _after_good(turn: Turn, journey: Journey) -> list[Move]:
    pending.clear(turn)
    journeys.close(turn, journey, Outcome.HELPED)
    goal = _goal_of(turn, journey)
    if goal:
        return _next_step(turn, journey, goal)
    return [Move("utter_glad")]


def _next_step(turn: Turn, journey: Journey, goal: Goal) -> list[Move]:
    journey.state, journey.outcome, journey.closed_at = "open", None, None
    prompt = Move("utter_ask_next_step")
    about = {"journey": journey.id, "goal": goal.id}
    pending.expect(turn, "own_step", prompt, **about)
    return [Move("utter_glad_step"), prompt]


def _after_mixed(turn: Turn, journey: Journey) -> list[Move]:
    prompt = Move("utter_ask_what_is_missing", buttons=_what_now(turn))
    pending.expect(turn, "not_helped", prompt, journey=journey.id)
    return [Move("utter_partly"), prompt]


def _after_bad(turn: Turn, journey: Journey) -> list[Move]:
    prompt = Move("utter_ask_what_now", buttons=_what_now(turn))
    pending.expect(turn, "not_helped", prompt, journey=journey.id)
    return [Move("utter_sorry_not_helped"), prompt]


_AFTER = {"good": _after_good, "mixed": _after_mixed, "bad": _after_bad}


def _what_now(turn: Turn) -> tuple[say.Button, ...]:
    return (
        say.labelled(turn, "look", "affirm", choice="look"),
        say.labelled(turn, "person", "ask_human"),
        say.labelled(turn, "leave", "deny", choice="leave"),
    )


def not_helped(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Look again, or leave it."""
    journey = turn.session.get(Journey, waiting.about["journey"])
    if journey is None:
        return None
    choices = {str(entity.value) for entity in turn.heard.of("choice")}
    if "look" in choices or turn.heard.intent in ("affirm", "ask_recommendation"):
        journey.state, journey.outcome = "open", None
        pending.done(turn)
        return request.offer(turn, journey)
    if "leave" in choices or turn.heard.intent in ("deny", "refuse_option"):
        pending.clear(turn)
        journeys.close(turn, journey, Outcome.NOT_HELPED)
        return [Move("utter_leave_it")]
    return None


def give_feedback(turn: Turn) -> list[Move]:
    """Take feedback that nobody asked for."""
    journey = to_review(turn)
    if journey and journey.stage in (Stage.REPEAT, Stage.RESPOND):
        value = polarity(turn)
        return take(turn, journey, value) if value else _ask_polarity(turn, journey)
    if polarity(turn) == "good" and telling.told_others(turn):
        telling.note(turn, None)
    log.write(
        turn.session,
        turn.heard,
        "feedback_given",
        value=polarity(turn) or "unclear",
        said=turn.heard.text,
    )
    return [Move("utter_feedback_noted"), *back.way_back(turn)]


INTENTS = {"greet": greet, "give_feedback": give_feedback}
EXPECTS = {"feedback": feedback, "not_helped": not_helped}
