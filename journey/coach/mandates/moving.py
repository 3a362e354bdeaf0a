"""Another day for what a mandate orders: the wish is heard, and the order put off."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from journey import pending
from journey.coach import say
from journey.coach.mandates import carrying
from journey.foresight.foresight import VETOED
from journey.mandates import executions
from journey.mandates.executions import State
from journey.people.goals import deadline
from journey.store.tables import Execution, Mandate, Product
from journey.turn import Move, Turn

WISH = 0.2
"""The share of a message that "instead" or "wait" must make up."""
SOON = timedelta(days=2)
WAIT = timedelta(days=7)
"""So long is waited when no day was said."""
ELSEWHERE = frozenset(
    "track_order ask_policy share_situation state_goal ask_recommendation"
    " compare_options complain give_feedback".split()
)
"""Where a day or a number is part of something else."""


def postpones(turn: Turn) -> bool:
    """Tell whether a later day is wished for, not none."""
    return _heard(turn, "postpone") >= WISH


def waits(turn: Turn) -> bool:
    """Tell whether a message says to wait."""
    return _heard(turn, "waits") >= WISH


def denies(turn: Turn) -> bool:
    """Tell whether a message with a day in it says no: "no, not on Friday"."""
    plain = not postpones(turn) and not waits(turn)
    return plain and (_heard(turn, "refuse") > 0 or carrying.says_skip(turn))


def _heard(turn: Turn, kind: str) -> float:
    language = turn.knowledge.language(turn.heard.language)
    return language.heard(kind, turn.heard.text)


def is_elsewhere(turn: Turn, execution: Execution) -> bool:
    """Tell whether a message speaks of something else than an order of a mandate."""
    product = turn.session.get_one(Product, execution.product_id)
    named = {str(e.value) for e in turn.heard.of("product", "category")}
    if named:
        return not named & {product.id, product.category, execution.product_id}
    return turn.heard.intent in ELSEWHERE and not postpones(turn)


def wished(turn: Turn, at: datetime) -> datetime | None:
    """Return the day that is wished for what is ordered `at` a moment.

    It is at that hour of the customer's clock. Who says "next week instead" on a
    Friday of what is ordered on Monday means the week after, and on a Sunday nobody
    means the next morning.
    """
    zone = say.zone(turn)
    here = at.astimezone(zone)
    day = _named(turn, here)
    if day is None:
        return at + WAIT if waits(turn) else None
    soonest = here + (SOON if _is_span(turn) else timedelta(0))
    if postpones(turn) and day.date() <= soonest.date():
        day = here + WAIT
    return max(day.astimezone(UTC), turn.now)


def _named(turn: Turn, here: datetime) -> datetime | None:
    """Return the day that a message names, at the hour of `here`."""
    today = turn.now.astimezone(here.tzinfo)
    for entity in turn.heard.of("duration"):
        days = 0 if entity.value.get("every") else int(entity.value["days"])
        if days:
            since = here if _heard(turn, "from_there") else today
            return _at_hour(since + timedelta(days=days), here)
    limited = any(x.value.get("op") == "<=" for x in turn.heard.of("date"))
    if limited and not postpones(turn):
        # "I need it by Friday" is about the parcel.
        return None
    named = deadline(turn)
    return _at_hour(named, here) if named else None


def _is_span(turn: Turn) -> bool:
    """Tell whether a whole week or month is named, not a day."""
    return any(x.value.get("op") == "between" for x in turn.heard.of("date"))


def _at_hour(day: datetime, here: datetime) -> datetime:
    return datetime.combine(day.date(), here.time(), tzinfo=here.tzinfo)


def move(turn: Turn, execution: Execution, day: datetime) -> Move:
    """Order on another day what was announced or is planned."""
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    execution.order_at = execution.act_at = day
    if execution.state == State.PLANNED:
        execution.act_at = day - timedelta(days=mandate.notice_days)
    carrying.note(turn, "mandate_moved", execution, at=day.isoformat())
    return Move("utter_mandate_moved", {"day": say.day(turn, day)})


def wait(turn: Turn, execution: Execution, until: datetime) -> Move:
    """Look again at what is in the way of an order on another day."""
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    executions.postpone(execution, mandate, until)
    carrying.note(turn, "mandate_moved", execution, at=until.isoformat())
    return Move("utter_mandate_waits", {"day": say.day(turn, until)})


def skip(turn: Turn, execution: Execution, why: str = "vetoed") -> Move:
    """Order nothing this time, and learn that it was too early."""
    executions.close(execution, State.SKIPPED, why, turn.now)
    product = turn.session.get_one(Product, execution.product_id)
    carrying.note(turn, VETOED, execution)
    values = {"name": product.name, "day": next_day(turn, execution)}
    return Move("utter_mandate_skipped", values)


def next_day(turn: Turn, execution: Execution) -> str:
    """Return the day around which the mandate of an execution orders next."""
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    turn.session.flush()
    following = executions.following(turn.session, mandate, turn.knowledge, turn.now)
    return say.day(turn, following)


def put_off(turn: Turn, meant: Sequence[Mandate]) -> list[Move]:
    """Put off, or leave, the next orders of mandates; nothing when none is wished."""
    found = (executions.open_of(turn.session, mandate) for mandate in meant)
    moves = (_later(turn, execution) for execution in found if execution)
    return [move for move in moves if move]


def _later(turn: Turn, execution: Execution) -> Move | None:
    later = postpones(turn) or carrying.says_pause(turn)
    day = wished(turn, execution.order_at) if later else None
    if day is None and not carrying.says_skip(turn):
        return None
    pending.forget(turn, carrying.EXECUTION, execution.id)
    if day is None:
        return skip(turn, execution)
    asked = execution.state == State.ASKED
    return wait(turn, execution, day) if asked else move(turn, execution, day)
