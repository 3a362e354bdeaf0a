"""What the coach says of itself: one composer for each kind of message."""

from collections.abc import Mapping

from journey import journeys, log
from journey.coach import hinting, repeat
from journey.coach.mandates import announcing, carrying, obstacles, renewing
from journey.coach.orders import delaying
from journey.coach.shortlist import watching
from journey.proactive.send import Composer
from journey.promises.promises import State
from journey.store.tables import Journey, Proactive, Promise
from journey.turn import Move, Turn


def check_in(turn: Turn, row: Proactive) -> list[Move] | None:
    """Ask how it went; not when that was asked or told since."""
    promise = turn.session.get(Promise, row.about["promise"])
    if promise is None or promise.state != State.OPEN or promise.journey_id is None:
        return None
    journey = turn.session.get_one(Journey, promise.journey_id)
    log.write(turn.session, turn.heard, repeat.ASKED, journey=journey)
    journeys.resume(turn, journey)
    return [Move("utter_check_in"), *repeat.ask_how_it_went(turn, journey)]


COMPOSERS: Mapping[str, Composer] = {
    "check_in": check_in,
    "promise_late": delaying.warn,
    "promise_moved": delaying.moved,
    "promise_left": delaying.has_left,
    "due_again": renewing.remind,
    "may_need": hinting.tell,
    "back_in_stock": watching.tell,
    "better_price": watching.tell,
    "mandate_announced": announcing.announce,
    "mandate_question": obstacles.ask,
    "mandate_ordered": carrying.tell_ordered,
}
