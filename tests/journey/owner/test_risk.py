import pytest

from journey.knowledge import Knowledge
from journey.owner.risk import find_risk


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("I just want to die", "self_harm"),
        ("thinking about suicide a lot", "self_harm"),
        ("I will burn your shop down", "threat"),
        ("you will hear from my lawyer", "legal"),
        ("someone is using my account!!", "account_security"),
        ("this is an absolute joke", "anger"),
    ],
)
def test_risk_is_heard(knowledge: Knowledge, text: str, topic: str) -> None:
    risk = find_risk(knowledge.risks, text)
    assert risk is not None and risk.topic == topic


@pytest.mark.parametrize(
    "text",
    [
        "my back is killing me",
        "I could kill for a good coffee",
        "my plants die all the time",
        "dying for some sleep",
        "I want to dye my curtains",
        "I had a heart attack at the price, just joking",
        "is it illegal to ship plants",
    ],
)
def test_ways_of_speaking_are_no_risk(knowledge: Knowledge, text: str) -> None:
    assert find_risk(knowledge.risks, text) is None
