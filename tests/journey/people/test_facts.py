from journey import journeys
from journey.people import facts
from tests.journey.talking import Talk


def test_newer_fact_takes_the_place_of_the_older(talk: Talk) -> None:
    turn = talk.turn("greet")
    facts.learn(turn, "wake_cause", "heat", journey=None, said="too hot")
    facts.learn(turn, "wake_cause", "noise", journey=None, said="a noise")
    assert facts.known(turn, None) == {"wake_cause": "noise"}


def test_facts_about_somebody_else_are_theirs(talk: Talk) -> None:
    turn = talk.turn("greet")
    journey = journeys.start(turn)
    journey.who = "husband"
    fact = facts.learn(turn, "height", "tall", journey=journey, said="he is tall")
    assert facts.known(turn, None) == {}
    assert facts.known(turn, "husband") == {"height": "tall"}
    language = talk.knowledge.languages["en"]
    assert "your husband" in facts.in_words(fact, talk.knowledge, language)


def test_fact_without_words_of_its_own_is_said_plainly(talk: Talk) -> None:
    fact = facts.learn(
        talk.turn("greet"), "favourite_tea", "earl_grey", journey=None, said=""
    )
    language = talk.knowledge.languages["en"]
    said = facts.in_words(fact, talk.knowledge, language)
    assert said == "favourite tea: earl grey"


def test_forgotten_fact_leaves_no_value_in_the_log(talk: Talk) -> None:
    turn = talk.turn("greet")
    fact = facts.learn(turn, "wake_cause", "heat", journey=None, said="hot")
    facts.forget(turn, fact)
    assert talk.events("fact_forgotten") == [{"about": "wake_cause"}]
