"""What the coach says, held to the rules of motivational interviewing."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from journey.turn import Entity
from tests.journey.talking import Talk

ROOT = Path(__file__).parents[3]
REFLECTIONS = {"simple_reflection", "complex_reflection"}
QUESTIONS = {"open_question", "closed_question"}
ALLOWED = (
    REFLECTIONS
    | QUESTIONS
    | {
        "affirm",
        "seek_collaboration",
        "emphasize_autonomy",
        "giving_information",
        "persuade_with_permission",
    }
)
NEEDS = sorted(path.stem for path in (ROOT / "data/needs").glob("[!_]*.yml"))
PUSHY = (
    r"\b(you should|you must|you need to|buy now|hurry|only today|don't miss"
    r"|last chance)\b"
)


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    found: dict[str, list[dict[str, Any]]] = domain["responses"]
    return found


def codes(name: str) -> set[str]:
    return {variant["metadata"]["miti"] for variant in responses()[name]}


@pytest.mark.parametrize("name", responses())
def test_response_has_a_code_that_neither_confronts_nor_persuades(name: str) -> None:
    assert codes(name) <= ALLOWED
    assert len(codes(name)) == 1


@pytest.mark.parametrize("name", responses())
def test_response_is_calm_and_does_not_push(name: str) -> None:
    for variant in responses()[name]:
        assert variant["text"].count("!") <= 1
        assert not re.search(PUSHY, variant["text"], re.I)


def test_every_response_that_the_coach_names_is_written() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "journey").rglob("*.py"))
    named = set(re.findall(r'"(utter_[a-z_0-9]+)"', code))
    assert named - set(responses()) == set()


def coached(talk: Talk, need: str, last: str) -> Counter[str]:
    """Go through the coaching of one need; return how often each response came."""
    text = "it has been like that for a while"
    talk.say("share_situation", text, Entity("need", need, 0, len(text), 0.9))
    said = Counter(move.response for move in talk.said)
    while talk.said[-1].response in ("utter_ask_open", "utter_ask_closed"):
        talk.press(talk.said[-1].buttons[0][0])
        said.update(move.response for move in talk.said)
    said.update(talk.press(last))
    return said


@pytest.mark.parametrize("need", NEEDS)
def test_reflections_are_at_least_as_many_as_questions(talk: Talk, need: str) -> None:
    said = coached(talk, need, "Something is not right")
    kinds: Counter[str] = Counter()
    for name, count in said.items():
        kinds[next(iter(codes(name)))] += count
    reflections = sum(kinds[kind] for kind in REFLECTIONS)
    questions = sum(kinds[kind] for kind in QUESTIONS)
    assert reflections >= questions >= 1


@pytest.mark.parametrize("need", NEEDS)
def test_advice_is_given_only_when_it_was_asked_for(talk: Talk, need: str) -> None:
    said = coached(talk, need, "A tip that costs nothing")
    assert said["utter_advice"] == 1
    assert talk.said[0].response == "utter_advice"


@pytest.mark.parametrize("need", NEEDS)
def test_every_gap_in_a_text_is_filled(talk: Talk, need: str) -> None:
    coached(talk, need, "A tip that costs nothing")
    for move in talk.said:
        for variant in responses()[move.response]:
            assert set(re.findall(r"\{(\w+)\}", variant["text"])) <= set(move.values)
