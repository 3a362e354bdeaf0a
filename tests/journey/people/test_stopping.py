import pytest

from journey.people.stopping import load_stops
from tests.journey.talking import Talk

STOPS = load_stops()
EVERY = [(code, word) for code, words in STOPS.words.items() for word in words]
CARRIERS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT")


@pytest.mark.parametrize(("code", "word"), EVERY)
@pytest.mark.parametrize("form", ["{}", " {}. ", "{}!!", "{} 🙏"])
def test_word_stops_however_it_is_written(code: str, word: str, form: str) -> None:
    heard = STOPS.language(form.format(word.upper()), "telegram")
    assert heard == code or (heard, word) == ("en", "stop")


@pytest.mark.parametrize("word", CARRIERS)
def test_word_of_carriers_stops_by_sms(word: str) -> None:
    assert STOPS.language(word, "sms") == "en"


@pytest.mark.parametrize(
    "text",
    ["cancel", "stop by the shop", "the end", "end of the week?", "", "बंद डिब्बा"],
)
def test_other_words_stop_nothing_on_the_website(text: str) -> None:
    assert STOPS.language(text, "web") is None


@pytest.mark.parametrize(
    ("code", "word"),
    [("hi", "बंद करो"), ("hu", "leiratkozom"), ("bn", "থামুন"), ("te", "ఆపండి")],
)
def test_stop_is_confirmed_in_its_language(talk: Talk, code: str, word: str) -> None:
    assert talk.say("out_of_scope", word) == ["utter_stopped_in"]
    assert talk.value("text") == talk.knowledge.stops.said[code]
    assert talk.events("consent_withdrawn") == [{"purpose": "proactive_messages"}]
