import pytest

from journey.people.consent import Purpose, record_consent
from journey.people.stopping import load_stops
from tests.journey.talking import Talk

STOPS = load_stops()
EVERY = [(code, word) for code, words in STOPS.words.items() for word in words]
STARTS = [(code, word) for code, words in STOPS.starts.items() for word in words]
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


@pytest.mark.parametrize(("code", "word"), STARTS)
def test_word_starts_again_and_stops_nothing(code: str, word: str) -> None:
    assert STOPS.start_language(f" {word.upper()}! ") in (code, "en")
    assert STOPS.language(word, "web") is None


@pytest.mark.parametrize(
    ("word", "uttered"),
    [("START", "utter_started"), ("फिर से शुरू करें", "utter_stopped_in")],
)
def test_start_after_a_stop_is_confirmed(talk: Talk, word: str, uttered: str) -> None:
    record_consent(
        talk.session,
        talk.customer_id,
        Purpose.DUE_AGAIN,
        True,
        text="May I?",
        source="chat",
        now=talk.at,
    )
    talk.say("out_of_scope", "stop")
    assert talk.say("out_of_scope", word) == [uttered]
    assert talk.events("consent_given")[-1] == {"purpose": "due_again"}


def test_start_without_a_stop_is_ordinary_talk(talk: Talk) -> None:
    assert "utter_started" not in talk.say("greet", "start")
