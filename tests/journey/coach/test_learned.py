import pytest

from journey import log
from journey.store.tables import Consent, LearnedMute, LearnedTaste
from tests.factories import make_product
from tests.journey.talking import Talk


def took(talk: Talk) -> None:
    """Somebody who ordered a chair a month ago, beside one by another brand."""
    make_product(talk.session, id="tall", name="Chair Tall")
    make_product(talk.session, id="low", name="Chair Low", brand="Ask")
    log.append(
        talk.session,
        "order_placed",
        at=talk.at,
        customer_id=talk.customer_id,
        payload={"order": 1, "items": [{"product": "tall"}]},
    )
    talk.wait(days=30)


def test_what_was_learned_is_told(talk: Talk) -> None:
    took(talk)
    talk.say("ask_my_data", "what have you learned about me?")
    assert "you took Chair Tall and kept it" in talk.value("facts")
    assert "you seem to like Lind" in talk.value("facts")


def test_a_learned_line_is_forgotten_by_its_button(talk: Talk) -> None:
    took(talk)
    talk.say("ask_my_data", "what have you learned about me?")
    said = talk.press("Forget: you took Chair Tall and kept it")
    assert said[0] == "utter_fact_forgotten"
    assert talk.session.query(LearnedTaste).count() == 0


def test_a_liked_trait_is_forgotten_by_its_button(talk: Talk) -> None:
    took(talk)
    talk.say("ask_my_data", "what have you learned about me?")
    talk.press("Forget: you seem to like Lind")
    assert talk.session.query(LearnedMute).one().trait == "brand=Lind"


@pytest.mark.parametrize(
    ("text", "said", "granted"),
    [
        ("please stop learning from me", "utter_learning_off", False),
        ("you may learn from me again", "utter_learning_on", True),
    ],
)
def test_learning_is_switched_by_talk(
    talk: Talk, text: str, said: str, granted: bool
) -> None:
    assert talk.say("stop_messages", text)[0] == said
    consent = talk.session.query(Consent).one()
    assert (consent.purpose, consent.granted) == ("learning", granted)


def test_to_stop_messages_is_not_to_stop_learning(talk: Talk) -> None:
    assert "utter_learning_off" not in talk.say("stop_messages", "stop")
