from pathlib import Path

import pytest

from journey.datafile import DataError
from journey.knowledge import Knowledge
from journey.owner.risk import find_risk, load_risks


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


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("meg akarok halni", "self_harm"),
        ("मैं जीना नहीं चाहती", "self_harm"),
        ("আমি মরতে চাই", "self_harm"),
        ("నాకు చనిపోవాలని ఉంది", "self_harm"),
        ("fegyverem van", "threat"),
    ],
)
def test_risk_is_heard_in_every_language(
    knowledge: Knowledge, text: str, topic: str
) -> None:
    risk = find_risk(knowledge.risks, text)
    assert risk is not None and risk.topic == topic


def test_no_topic_can_be_switched_off(tmp_path: Path) -> None:
    path = tmp_path / "risk.yml"
    text = Path("data/risk.yml").read_text()
    path.write_text(text[: text.index("- topic: anger")].replace("    te:", "    ta:"))
    with pytest.raises(DataError) as refused:
        load_risks(path)
    assert "'anger' is missing" in str(refused.value)
    assert "'threat' says nothing in 'te'" in str(refused.value)
