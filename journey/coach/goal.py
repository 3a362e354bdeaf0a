"""Towards a goal: one small step, and a day to ask how it went."""

from journey import journeys, pending
from journey.coach import checkin, say
from journey.coach.grasp import quote, settle
from journey.needs import beliefs
from journey.people import goals
from journey.store.tables import Goal, Journey, Pending
from journey.turn import Move, Turn

STEP_DAYS = 7
"""A small step is asked about after a week."""
LOST = 0.9
"""From this confidence on words that are out of scope are no step either."""
WORDS = 3
"""Fewer words than this are no step of one's own."""


def state(turn: Turn) -> list[Move]:
    """Keep a goal and look for the smallest next step."""
    journey = journeys.start(turn)
    beliefs.hear(turn, journey)
    need, p = beliefs.ranked(beliefs.beliefs_of(turn, journey))[0]
    if p >= beliefs.SURE:
        settle(turn, journey, need)
    goal = goals.set_goal(turn, journey, turn.heard.text)
    return [_reflect(turn, goal), *_propose(turn, journey, goal)]


def _reflect(turn: Turn, goal: Goal) -> Move:
    language = turn.knowledge.language(turn.heard.language)
    if goal.by is None:
        return Move("utter_reflect_goal", {"goal": quote(goal.text)})
    values = {"goal": quote(goal.text), "day": language.day(goal.by)}
    return Move("utter_reflect_goal_by", values)


def _propose(turn: Turn, journey: Journey, goal: Goal) -> list[Move]:
    need = turn.knowledge.needs.get(journey.need or "")
    if need is None or need.goal is None:
        return own_step(turn, journey, goal)
    buttons = (
        say.labelled(turn, "try", "affirm"),
        say.labelled(turn, "own_step", "deny", choice="own"),
    )
    prompt = Move("utter_propose_step", {"step": need.goal.step}, buttons=buttons)
    about = {"journey": journey.id, "goal": goal.id, "step": need.goal.step}
    return [pending.expect(turn, "step", prompt, **about)]


def own_step(turn: Turn, journey: Journey, goal: Goal) -> list[Move]:
    """Ask for a step of the customer's own."""
    prompt = Move("utter_ask_own_step")
    about = {"journey": journey.id, "goal": goal.id}
    return [pending.expect(turn, "own_step", prompt, **about)]


def step(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take the step that was proposed, or another one."""
    journey, goal = _of(turn, waiting)
    if turn.heard.intent == "affirm":
        return _agree(turn, journey, goal, waiting.about["step"])
    if turn.heard.intent in ("deny", "refuse_option"):
        return own_step(turn, journey, goal)
    return None


def take_own(turn: Turn, waiting: Pending) -> list[Move] | None:
    """Take the customer's words as their step."""
    journey, goal = _of(turn, waiting)
    language = turn.knowledge.language(turn.heard.language)
    if language.heard("unsure", turn.heard.text) >= 0.5:
        return None
    enough = len(turn.heard.text.split()) >= WORDS
    lost = turn.heard.intent == "out_of_scope" and turn.heard.confidence >= LOST
    if lost or turn.heard.intent in ("goodbye", "deny") or not enough:
        return None
    return _agree(turn, journey, goal, quote(turn.heard.text))


def _agree(turn: Turn, journey: Journey, goal: Goal, agreed: str) -> list[Move]:
    goals.agree_step(turn, goal, agreed, journey)
    kept = Move("utter_step_agreed", {"step": agreed})
    return [kept, *checkin.offer(turn, journey, STEP_DAYS)]


def _of(turn: Turn, waiting: Pending) -> tuple[Journey, Goal]:
    journey = turn.session.get_one(Journey, waiting.about["journey"])
    return journey, turn.session.get_one(Goal, waiting.about["goal"])


INTENTS = {"state_goal": state}
EXPECTS = {"step": step, "own_step": take_own}
