from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.components.dates import Dates
from bot.components.language import Language
from bot.components.needs import NeedsHeard
from bot.components.negation import Negation
from bot.components.quantities import Quantities
from bot.components.references import References
from bot.components.terms import CatalogueTerms

Understand = Callable[[str], list[dict[str, Any]]]
MONDAY = {"at": "2026-11-23T10:00:00+01:00"}


def named(entity: str, value: str, *names: str, **more: str) -> dict[str, Any]:
    return {"entity": entity, "value": value, "names": list(names), **more}


TERMS = [
    named("category", "desk-chair", "desk chair", "office chair"),
    named("category", "pillow", "pillow", "head pillow"),
    named("category", "coffee-filter", "coffee filter", "filter paper"),
    named("category", "headphones", "headphones", "headset"),
    named("category", "bottle", "water bottle", "bottle"),
    named("brand", "lind", "Lind"),
    named("brand", "aurea", "Auréa"),
    named("product", "lind-high", "Lind High-Back Desk Chair"),
    named("product", "lind-stool", "Lind Wobble Stool"),
    named("product", "brygg", "Brygg Paper Filters, box of 100"),
    named("product", "sore", "Sore Back Cushion"),
    named("product", "cloudrest", "Cloudrest Side Pillow"),
    named("material", "leather", "leather", "real leather", attribute="material"),
    named("material", "wood", "wood", "wooden", "oak", attribute="material"),
    named("material", "wool", "wool", "woollen", attribute="material"),
    named("material", "plastic", "plastic", attribute="material"),
    named("material", "steel", "steel", "stainless steel", attribute="material"),
    named("colour", "black", "black", attribute="colour"),
    named("colour", "white", "white", attribute="colour"),
    named("colour", "grey", "grey", "gray", attribute="colour"),
    named("colour", "clear", "see-through", attribute="colour"),
    named("size", "king", "king size", attribute="size"),
    named("attribute", "weight", "heavy", "light", "weight"),
    named("attribute", "noise", "quiet", "silent", "noise"),
    named("attribute", "armrests", "armrests", "with arms"),
    named("attribute", "washable", "washable", "can go in the washing machine"),
    named("attribute", "noise_cancelling", "noise cancelling"),
]
ATTRIBUTES = {
    "attributes": {
        "weight": {"type": "number", "more": "heavier", "less": "lighter"},
        "noise": {"type": "number", "more": "louder", "less": "quieter"},
        "width": {"type": "number", "more": "wider", "less": "narrower"},
        "capacity": {"type": "number", "more": "bigger", "less": "smaller"},
        "room": {"type": "number", "more": "larger", "less": "smaller"},
        "volume": {"type": "number", "more": "larger", "less": "smaller"},
    }
}
NEEDS = {
    "sleep": {
        "wakes": ["keep waking up", "awake at 3", "can't stay asleep"],
        "tired": ["tired all day", "wreck at work", "no energy"],
    },
    "back": {
        "hurts": ["back hurts", "sore back", "lower back pain"],
        "chair": ["chair is killing me", "hunched over the laptop"],
    },
    "coffee": {"bad": ["coffee tastes bitter", "instant coffee", "no proper coffee"]},
}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with terms.json, attributes.yml and needs/."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "terms.json").write_text(json.dumps({"version": "1", "terms": TERMS}))
    (folder / "attributes.yml").write_text(yaml.safe_dump(ATTRIBUTES))
    (folder / "needs").mkdir()
    for need, cues in NEEDS.items():
        listed = [{"cue": cue, "phrases": phrases} for cue, phrases in cues.items()]
        text = yaml.safe_dump({"need": need, "cues": listed})
        (folder / "needs" / f"{need}.yml").write_text(text)
    return folder


@pytest.fixture(scope="session")
def understand(shop: Path) -> Understand:
    """Return a function from a text to its entities, without encoder and training."""
    components = [
        CatalogueTerms({"path": str(shop / "terms.json")}),
        Language({}),
        Dates({}),
        References({"attributes": str(shop / "attributes.yml")}),
        Quantities({}),
        NeedsHeard({"needs": str(shop / "needs")}),
        Negation({}),
    ]

    def of(text: str) -> list[dict[str, Any]]:
        message = Message(data={"text": text, "metadata": MONDAY})
        for component in components:
            component.process([message])
        return message.get("entities") or []

    return of


@pytest.fixture(scope="session")
def terms_in(shop: Path) -> Callable[[str, str], set[tuple[str, str]]]:
    """Return a function from a text and its intent to the catalogue terms found."""
    component = CatalogueTerms({"path": str(shop / "terms.json")})

    def of(text: str, intent: str) -> set[tuple[str, str]]:
        message = Message(data={"text": text, "intent": {"name": intent}})
        return {(e["entity"], e["value"]) for e in component.find(message)}

    return of
