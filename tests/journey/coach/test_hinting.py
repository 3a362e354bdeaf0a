"""What somebody may come to need: mentioned, looked at, or left alone."""

from datetime import timedelta

import pytest

from journey import log
from journey.foresight.looking_wider import LookingWider
from journey.people.consent import Purpose, record_consent
from journey.turn import Entity
from tests.journey.coach.months import Months
from tests.journey.talking import Talk

SKIN = "softer_skin_in_winter"
LATER = 310
"""So many days later a year is nearly over."""


@pytest.fixture
def winter(shop: Talk) -> Talk:
    """A customer who came for dry skin in winter, nearly a year ago."""
    log.append(
        shop.session,
        "summary_confirmed",
        at=shop.at - timedelta(days=42),
        customer_id=shop.customer_id,
        payload={"need": SKIN},
    )
    event = shop.session.query(log.Event).one()
    event.need = SKIN
    shop.say("greet", "hello")
    shop.wait(days=LATER)
    return shop


def test_who_comes_back_hears_what_they_may_need(winter: Talk) -> None:
    said = winter.say("greet", "hi")
    assert said == ["utter_welcome_back", "utter_may_need"]
    assert "this time last year" in winter.value("reason")
    (event,) = winter.events("hint_given")
    assert (event["thing"], event["why"]) == (f"need:{SKIN}", "year")
    assert 0.25 < event["chance"] < 0.5


def test_yes_goes_on_with_coaching(winter: Talk) -> None:
    winter.say("greet", "hi")
    said = winter.press("Yes, have a look")
    assert said[0] == "utter_start_with"
    assert len(said) == 2


def test_no_is_kept(winter: Talk) -> None:
    winter.say("greet", "hi")
    assert winter.say("deny", "no thanks") == ["utter_hint_refused"]
    winter.wait(hours=8)
    assert "utter_may_need" not in winter.say("greet", "hi")


def test_something_else_is_answered_as_ever(winter: Talk) -> None:
    winter.say("greet", "hi")
    said = winter.say(
        "ask_recommendation", "a desk lamp", Entity("category", "desk-lamp")
    )
    assert said == ["utter_shortlist"]


def test_message_is_written_once_and_is_answered(winter: Talk) -> None:
    months = Months(winter)
    record_consent(
        months.session,
        winter.customer_id,
        Purpose.MAY_NEED,
        True,
        text="May I?",
        source="test",
        now=winter.at - timedelta(days=9),
    )
    wider = LookingWider(winter.knowledge)
    wider.look(months.session, now=winter.at, random=months.random)
    months.until("proactive_sent", days=14)
    (message,) = months.written()
    assert "this time last year" in message.text
    assert months.press("No, thanks") == ["utter_hint_refused"]
