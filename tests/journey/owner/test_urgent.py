import re
from pathlib import Path

import pytest
import yaml

from journey.owner.urgent import as_urgent, load_urgent

URGENT = load_urgent()
INTENTS = Path("data/nlu/intents")
ANNOTATED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")


def share(*names: str) -> float:
    """Return the share of what was written for intents that goes first."""
    said = [
        ANNOTATED.sub(r"\1", line.removeprefix("- "))
        for name in names
        for block in yaml.safe_load((INTENTS / f"{name}.yml").read_text("utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]
    return sum(map(URGENT.touches, said)) / len(said)


@pytest.mark.parametrize(
    "text",
    [
        "a person please",
        "Can I talk to someone REAL?",
        "my card was stolen",
        "I want to die",
        "egy embert kérek",
        "किसी व्यक्ति से बात करनी है",
    ],
)
def test_who_may_want_a_person_goes_first(text: str) -> None:
    assert URGENT.touches(text)


@pytest.mark.parametrize("text", ["", "my back hurts", "under 80, no leather", "yes"])
def test_all_else_waits_its_turn(text: str) -> None:
    assert not URGENT.touches(text)


def test_phrase_counts_as_a_whole() -> None:
    urgent = as_urgent(["call me"])
    assert urgent.touches("please call me!")
    assert not urgent.touches("call it what you want, me too")


def test_most_who_ask_for_a_person_go_first_and_few_others() -> None:
    assert share("ask_human") > 0.9
    assert share("share_situation", "give_preference", "order_product") < 0.1
