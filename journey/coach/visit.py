"""A visit: who comes back with a request is served, then asked once how it went."""

from sqlalchemy import exists, select

from journey import journeys, log, pending
from journey.coach import repeat
from journey.coach.orders import delaying
from journey.coach.repeat import ASKED
from journey.store.tables import Event, Journey, Pending
from journey.turn import Move, Turn

DUE, ANSWERED = "review_due", "feedback_given"
NO_REQUEST = frozenset(
    "greet goodbye thank affirm deny give_feedback complain ask_human "
    "stop_messages forget_me ask_my_data ask_if_bot change_language "
    "out_of_scope".split()
)

UNTOLD = frozenset({"goodbye", "stop_messages", "forget_me", "track_order"})
"""Before these nothing is told: they want no news, or ask for them themselves."""
SERVED = frozenset({"affirm", "deny", "thank"})
"""What ends a request as well as it ends nothing: yes to an order, no to more."""


def begin(turn: Turn) -> list[Move]:
    """Say at the first message of a visit what we owe to tell, before all else.

    That we should ask how it went is noted.
    """
    if turn.heard.intent in UNTOLD:
        return []
    last = repeat.last_heard(turn)
    if last is None or turn.now - last.at < repeat.AGAIN:
        return []
    if turn.heard.intent not in NO_REQUEST:
        _note_review(turn)
    return delaying.owed(turn)


def _note_review(turn: Turn) -> None:
    journey = repeat.to_review(turn)
    if journey and not _asked(turn, journey):
        log.write(turn.session, turn.heard, DUE, journey=journey)


def end(turn: Turn, waiting: Pending, moves: list[Move]) -> list[Move]:
    """Ask how it went when the request is served and nothing waits for an answer."""
    if waiting.expects != pending.NOTHING or turn.heard.intent in NO_REQUEST - SERVED:
        return moves
    due = _last(turn)
    if due is None or due.kind != DUE:
        return moves
    journey = turn.session.get(Journey, due.journey_id)
    if journey is None or journey.stage_at >= due.at or _asked(turn, journey):
        return moves
    log.write(turn.session, turn.heard, ASKED, journey=journey)
    journeys.resume(turn, journey)
    return [*moves, *repeat.ask_how_it_went(turn, journey)]


def _last(turn: Turn) -> Event | None:
    query = (
        select(Event)
        .where(Event.customer_id == turn.heard.customer_id)
        .where(Event.kind.in_([DUE, ASKED, "greeted"]))
        .order_by(Event.number.desc())
    )
    return turn.session.scalar(query.limit(1))


def _asked(turn: Turn, journey: Journey) -> bool:
    of_journey = Event.journey_id == journey.id, Event.kind.in_([ASKED, ANSWERED])
    return bool(turn.session.scalar(select(exists().where(*of_journey))))
