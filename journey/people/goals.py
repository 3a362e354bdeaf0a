"""Goals: what a customer wants to reach, and the next small step."""

from datetime import UTC, date, datetime, time

from sqlalchemy import select

from journey import log
from journey.store.tables import Goal, Journey
from journey.turn import Turn


def set_goal(turn: Turn, journey: Journey, text: str) -> Goal:
    """Keep a goal in the customer's words, with the day by which they want it."""
    goal = Goal(
        customer_id=turn.heard.customer_id,
        journey_id=journey.id,
        text=text,
        by=deadline(turn),
        created_at=turn.now,
    )
    turn.session.add(goal)
    turn.session.flush()
    by = goal.by.date().isoformat() if goal.by else None
    log.write(turn.session, turn.heard, "goal_set", journey=journey, goal=text, by=by)
    return goal


def agree_step(turn: Turn, goal: Goal, step: str, journey: Journey | None) -> None:
    """Keep the next small step that the customer agreed to."""
    goal.step = step
    log.write(turn.session, turn.heard, "step_agreed", journey=journey, step=step)


def open_goals(turn: Turn) -> list[Goal]:
    """Return the customer's open goals, the newest first."""
    query = select(Goal).where(
        Goal.customer_id == turn.heard.customer_id, Goal.state == "open"
    )
    return list(turn.session.scalars(query.order_by(Goal.created_at.desc())))


def deadline(turn: Turn) -> datetime | None:
    """Return the end of the day that the message names, if it is still to come."""
    for entity in turn.heard.of("date"):
        named = entity.value.get("date") if isinstance(entity.value, dict) else None
        if named:
            end = datetime.combine(date.fromisoformat(named), time(23, 59), tzinfo=UTC)
            return end if end > turn.now else None
    return None
