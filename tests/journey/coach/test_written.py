"""Said to being written to at all: why, never again, not the one who is meant."""

import pytest

from journey.people.consent import Purpose, has_consent
from journey.turn import Entity
from tests.journey.coach.test_hinting import SKIN, winter
from tests.journey.talking import Talk

__all__ = ["winter"]


def reply(said: str) -> Entity:
    return Entity("reply", f"offer.{said}", confidence=0.9)


@pytest.fixture
def told(winter: Talk) -> Talk:
    """Somebody who is asked about what they may need, as agreed."""
    winter.say("affirm", "you may")
    from journey.people.consent import record_consent

    record_consent(
        winter.session,
        winter.customer_id,
        Purpose.MAY_NEED,
        True,
        text="I'd write when it is likely.",
        source="test",
        now=winter.at,
    )
    winter.wait(days=1)
    winter.say("greet", "hi")
    assert winter.said[-1].response == "utter_may_need"
    return winter


def test_why_is_answered_with_reason_and_consent(told: Talk) -> None:
    said = told.say("ask_my_data", "who told you", reply("why"))
    assert said[:2] == ["utter_because", "utter_you_agreed"]
    assert said[-1] == "utter_may_need"
    assert "this time last year" in told.value("reason")
    assert told.value("words") == "I'd write when it is likely."


def test_never_again_ends_this_purpose_and_no_other(told: Talk) -> None:
    assert told.say("complain", "never again", reply("never")) == ["utter_never_again"]
    assert not has_consent(told.session, "customer", Purpose.MAY_NEED, told.at)
    assert told.events("consent_declined") == [{"purpose": "may_need"}]


def test_wrong_person_is_not_written_to_any_more(told: Talk) -> None:
    said = told.say("out_of_scope", "wrong number", reply("stranger"))
    assert said == ["utter_stranger", "utter_stopped"]
    assert told.say("affirm", "yes") == ["utter_nothing_open"]


def test_who_is_unsure_is_not_pressed(told: Talk) -> None:
    assert told.say("affirm", "let me think", reply("unsure")) == ["utter_no_hurry"]
    assert told.say("affirm", "yes")[0] == "utter_start_with"


@pytest.mark.parametrize("said", ["why", "later"])
def test_reply_that_goes_on_is_no_stop(told: Talk, said: str) -> None:
    said_back = told.say("stop_messages", "remind me in june", reply(said))
    assert "utter_stopped" not in said_back
    assert not told.events("consent_withdrawn")


def test_put_off_is_no_refusal(told: Talk) -> None:
    later = Entity("duration", {"days": 30}, 3, 10)
    said = told.say("deny", "in a month", reply("later"), later)
    assert said == ["utter_not_due_before"]
    told.wait(days=20)
    assert "utter_may_need" not in told.say("greet", "hi")
    assert not told.events("hint_vetoed")
    assert told.events("hint_postponed")[0]["thing"] == f"need:{SKIN}"
