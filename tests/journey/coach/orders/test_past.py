from journey.turn import Entity
from tests.journey.coach.shopping import CHAIR, names
from tests.journey.curate.hearing import entity
from tests.journey.talking import Talk


def over(day: str = "2026-03-01") -> Entity:
    return Entity("date", {"date": day, "op": "<="}, 0, 4)


def test_day_that_is_over_is_said_to_be_and_asked_on(shop: Talk) -> None:
    shop.say("ask_recommendation", "something under 20")
    said = shop.say("give_preference", "by yesterday", over())
    assert said[0] == "utter_day_over"
    assert said[-1] == "utter_ask_what"


def test_rest_of_a_wish_with_a_day_that_is_over_is_kept(shop: Talk) -> None:
    chair = entity(CHAIR, ("category", "desk-chair", "desk chair"))
    said = shop.say("ask_recommendation", CHAIR, chair, over())
    assert said[0] == "utter_day_over"
    assert names(shop)


def test_today_is_not_over(shop: Talk) -> None:
    said = shop.say("give_preference", "by today", over(shop.at.date().isoformat()))
    assert "utter_day_over" not in said


def test_past_day_in_a_story_is_no_wish(shop: Talk) -> None:
    said = shop.say("share_situation", "i slept badly by monday", over())
    assert "utter_day_over" not in said
