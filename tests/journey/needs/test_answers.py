import pytest

from journey.knowledge import Knowledge
from journey.needs.answers import read, told
from journey.turn import Entity
from tests.journey.talking import Talk

BACK_ON_SIDE = {"what_wakes_you": "body", "sleep_position": "side"}


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("its the heat", "heat"),
        ("im boiling all night", "heat"),
        ("honestly? my nieghbours", "noise"),
        ("not the noise, the light", "light"),
        ("thoughts keep me up", "thoughts"),
        ("the cat sits on my chest", None),
        ("", None),
    ],
)
def test_answer_is_read_from_words(
    talk: Talk, knowledge: Knowledge, words: str, answer: str | None
) -> None:
    question = knowledge.by_question["what_wakes_you"]
    heard = talk.turn("share_situation", words).heard
    given = read(question, heard, knowledge.languages["en"])
    assert (given.answer if given else None) == answer


def test_button_says_it_exactly(talk: Talk, knowledge: Knowledge) -> None:
    question = knowledge.by_question["what_wakes_you"]
    entity = Entity("answer", "what_wakes_you.body")
    heard = talk.turn("give_preference", "a noise", entity).heard
    given = read(question, heard, knowledge.languages["en"])
    assert given is not None and given.answer == "body"


@pytest.mark.parametrize("need", ["sleep_through_the_night", "back_pain_at_the_desk"])
def test_every_title_is_read_as_its_own_answer(
    talk: Talk, knowledge: Knowledge, need: str
) -> None:
    for question in knowledge.needs[need].questions:
        for answer in question.answers:
            heard = talk.turn("give_preference", answer.title).heard
            given = read(question, heard, knowledge.languages["en"])
            assert given is not None and given.answer == answer.answer


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("I lie on my back", {"sleep_position": "back"}),
        ("it's my back, I lie on my side", BACK_ON_SIDE),
        ("a light breakfast, and then the street is loud", {"what_wakes_you": "noise"}),
        ("first I'm too hot, then it's the street", {}),
        ("", {}),
    ],
)
def test_told_in_passing_is_a_whole_phrase_of_one_answer(
    knowledge: Knowledge, text: str, answers: dict[str, str]
) -> None:
    questions = knowledge.needs["sleep_through_the_night"].questions
    found = told(questions, text)
    assert {name: given.answer for name, given in found.items()} == answers
