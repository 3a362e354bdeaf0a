"""Another day for what a mandate orders: the wish is heard, and the order put off."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from journey import pending
from journey.coach import say
from journey.coach.mandates import carrying
from journey.foresight.foresight import VETOED
from journey.mandates import executions
from journey.mandates.executions import State
from journey.store.tables import Execution, Mandate, Product
from journey.turn import Move, Turn

WISH = 0.2
"""The share of a message that "instead" or "wait" must make up."""
WHOLE = 0.6
"""The same of "later", which is said in many a way."""
SOON = timedelta(days=2)
WAIT = timedelta(days=7)
"""So long is waited when no day was said."""
SURE = 0.6
"""From this confidence on a need is what a message is about."""
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
    return _heard(turn, "waits") >= WISH or _heard(turn, "later") >= WHOLE


def denies(turn: Turn) -> bool:
    """Tell whether a message with a day in it says no: "no, not on Friday"."""
    plain = not postpones(turn) and not waits(turn)
    return plain and (_heard(turn, "refuse") > 0 or carrying.says_skip(turn))


def _heard(turn: Turn, kind: str) -> float:
    language = turn.knowledge.language(turn.heard.language)
    return language.heard(kind, turn.heard.text)


def names_other(turn: Turn, execution: Execution) -> bool:
    """Tell whether a message names another thing or need than a mandate's."""
    product = turn.session.get_one(Product, execution.product_id)
    products = {str(e.value) for e in turn.heard.of("product")}
    kinds = {str(e.value) for e in turn.heard.of("category")}
    other = product.id not in products if products else product.category not in kinds
    return (other and bool(products or kinds)) or any(
        x.confidence >= SURE for x in turn.heard.of("need", "cue")
    )


def is_elsewhere(turn: Turn, execution: Execution) -> bool:
    """Tell whether a message speaks of something else than an order of a mandate."""
    if names_other(turn, execution):
        return True
    named = turn.heard.of("product", "category")
    return turn.heard.intent in ELSEWHERE and not named and not postpones(turn)


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
    for entity in turn.heard.of("duration"):
        days = 0 if entity.value.get("every") else int(entity.value["days"])
        if days:
            return _after(turn, here, timedelta(days=days))
    dates = [x.value for x in turn.heard.of("date") if not x.negated]
    if any(x["op"] == "<=" for x in dates) and not postpones(turn):
        # "I need it by Friday" is about the parcel.
        return None
    days_named = [date.fromisoformat(x["date"]) for x in dates]
    today = turn.now.astimezone(here.tzinfo).date()
    named = next((day for day in days_named if day >= today), None)
    return _at_hour(named, here) if named else None


def _after(turn: Turn, here: datetime, span: timedelta) -> datetime:
    """Return so long from now; from what was announced, where that is what is meant.

    "Can it wait a few days?" brings nothing forward.
    """
    later = turn.now.astimezone(here.tzinfo) + span
    waits_on = later <= here and (postpones(turn) or waits(turn))
    since = here + span if waits_on or _heard(turn, "from_there") else later
    return _at_hour(since.date(), here)


def names_day(turn: Turn) -> bool:
    """Tell whether a message names a day, or so long a time."""
    spans = [x for x in turn.heard.of("duration") if not x.value.get("every")]
    return bool(spans or turn.heard.of("date"))


def _is_span(turn: Turn) -> bool:
    """Tell whether a whole week or month is named, not a day."""
    return any(x.value.get("op") == "between" for x in turn.heard.of("date"))


def _at_hour(day: date, here: datetime) -> datetime:
    return datetime.combine(day, here.time(), tzinfo=here.tzinfo)


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
    mandate = turn.session.get_one(Mandate, execution.mandate_id)
    carrying.note(turn, VETOED, execution)
    values = {"name": product.name, "day": next_day(turn, mandate)}
    return Move("utter_mandate_skipped", values)


def next_day(turn: Turn, mandate: Mandate) -> str:
    """Return the day around which a mandate orders next."""
    turn.session.flush()
    following = executions.following(turn.session, mandate, turn.knowledge, turn.now)
    return say.day(turn, following)


def put_off(turn: Turn, meant: Sequence[Mandate]) -> list[Move]:
    """Put off, or leave, the next orders of mandates; nothing when none is wished."""
    found = (executions.open_of(turn.session, mandate) for mandate in meant)
    moves = (_later(turn, execution) for execution in found if execution)
    return [move for move in moves if move]


def _later(turn: Turn, execution: Execution) -> Move | None:
    day = wished(turn, execution.order_at)
    if day is None and not carrying.says_skip(turn):
        return None
    pending.forget(turn, carrying.EXECUTION, execution.id)
    if day is None:
        return skip(turn, execution)
    asked = execution.state == State.ASKED
    return wait(turn, execution, day) if asked else move(turn, execution, day)
