from sqlalchemy.orm import Session

from journey import log
from journey.desk import path
from journey.store.tables import Conversation
from tests.factories import NOW, make_heard, make_journey


def test_steps_tell_what_happened_the_latest_first(
    session: Session, conversation: Conversation
) -> None:
    journey = make_journey(session, conversation, stage="request")
    heard = make_heard(conversation)
    for kind in ("message_heard", "journey_started", "handoff_requested"):
        log.write(session, heard, kind, journey=journey, reason="not_understood")
    steps = path.steps(session, conversation.customer_id)
    assert [step.what for step in steps] == ["handoff requested", "journey started"]
    assert (steps[0].detail, steps[0].stage) == ("not understood", "request")
    assert steps[0].at == NOW


def test_detail_shows_no_number_that_pays() -> None:
    assert path.detail({"why": "my pin is 1234", "options": [1]}) == "my pin is •••"
