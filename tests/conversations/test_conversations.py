import pytest

from tests.conversations.by_web import ByWeb
from tests.conversations.house import House
from tests.conversations.play import ByDoor, play
from tests.conversations.script import load_scripts

LATER = {"wait", "device", "passes", "until", "shop", "zone"}
"""What no step of a conversation on the real clock may have."""
SCRIPTS = load_scripts()
NOW = [
    name
    for name, script in SCRIPTS.items()
    if name.startswith(("happy_paths: nights", "happy_paths: two", "guards: a person"))
    and script.begins is None
    and not any(set(step.model_fields_set) & LATER for step in script.turns)
]


def test_there_are_enough_conversations_of_every_kind() -> None:
    kinds = {name.partition(":")[0] for name in SCRIPTS}
    assert kinds >= {
        "happy_paths",
        "corrections",
        "digressions",
        "cancellations",
        "refusals",
        "guards",
        "invalid_input",
        "repeat",
        "proactive",
    }


@pytest.mark.engine
@pytest.mark.parametrize("name", SCRIPTS)
def test_conversation(name: str, house: House) -> None:
    with ByDoor(house) as way:
        play(SCRIPTS[name], way, house)


@pytest.mark.engine
@pytest.mark.parametrize("name", NOW)
def test_conversation_through_the_site(name: str, house: House) -> None:
    with ByWeb(house, house.web) as way:
        play(SCRIPTS[name], way, house)
