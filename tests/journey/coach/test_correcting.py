import pytest

from journey.store.tables import LearnedMute
from journey.turn import Entity
from tests.journey.coach.test_learned import took
from tests.journey.talking import Talk


@pytest.fixture
def told(talk: Talk) -> Talk:
    """Somebody who heard that they like a brand, and that they kept a chair."""
    took(talk)
    talk.say("ask_my_data", "what have you learned about me?")
    return talk


def test_a_liking_is_put_right(told: Talk) -> None:
    not_lind = Entity("brand", "Lind", 19, 23, negated=True)
    said = told.say("deny", "that is wrong, not Lind", not_lind)
    assert said[0] == "utter_lesson_corrected"
    assert told.value("facts") == "you told me that you don't like Lind"
    row = told.session.query(LearnedMute).one()
    assert (row.trait, row.likes) == ("brand=Lind", False)


def test_what_is_liked_instead_is_noted_besides(told: Talk) -> None:
    ask, lind = Entity("brand", "Ask"), Entity("brand", "Lind", negated=True)
    told.say("deny", "I like Ask, not Lind", ask, lind)
    assert "you told me that you like Ask" in told.value("facts")


def test_what_was_corrected_is_told_so_from_then_on(told: Talk) -> None:
    told.say("deny", "not Lind", Entity("brand", "Lind", negated=True))
    told.say("ask_my_data", "what have you learned about me?")
    assert "you told me that you don't like Lind" in told.value("facts")
    assert "you seem to like Lind" not in told.value("facts")


def test_a_product_is_put_right(told: Talk) -> None:
    tall = Entity("product", "tall", negated=True)
    assert told.say("deny", "no, Chair Tall was not for me", tall)[0] == (
        "utter_lesson_corrected"
    )
    assert told.value("facts") == "Chair Tall did not do it for you"


def test_what_agrees_is_no_correction(told: Talk) -> None:
    said = told.say("give_preference", "I like Lind", Entity("brand", "Lind"))
    assert "utter_lesson_corrected" not in said


def test_a_wish_without_having_been_told_is_no_correction(told: Talk) -> None:
    told.wait(days=1)
    said = told.say("deny", "not Lind", Entity("brand", "Lind", negated=True))
    assert "utter_lesson_corrected" not in said
