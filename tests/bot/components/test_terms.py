from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.terms import CatalogueTerms
from tests.bot.components.conftest import TERMS, Understand

KINDS = ("product", "category", "brand", "material", "colour", "size", "attribute")


def found(understand: Understand, text: str) -> set[tuple[str, str]]:
    entities = [e for e in understand(text) if e["entity"] in KINDS]
    return {(e["entity"], e["value"]) for e in entities}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("need a desk chair", {("category", "desk-chair")}),
        ("DESK CHAIRS!!", {("category", "desk-chair")}),
        ("desk-chair", {("category", "desk-chair")}),
        ("offce chair pls", {("category", "desk-chair")}),
        ("a desk chiar", {("category", "desk-chair")}),
        ("deskchair", {("category", "desk-chair")}),
        ("got any head phones", {("category", "headphones")}),
        ("hedphones", {("category", "headphones")}),
        ("pilow", {("category", "pillow")}),
        ("coffee filters", {("category", "coffee-filter")}),
        ("cofee filtres", {("category", "coffee-filter")}),
        ("in lether", {("material", "leather")}),
        ("laether please", {("material", "leather")}),
        ("a wooden one", {("material", "wood")}),
        ("oak?", {("material", "wood")}),
        ("stainles steel", {("material", "steel")}),
        ("something quieter", {("attribute", "noise")}),
        ("the lightest you have", {("attribute", "weight")}),
        ("noise canceling", {("attribute", "noise_cancelling")}),
        ("it can go in the washing machine?", {("attribute", "washable")}),
        ("gray", {("colour", "grey")}),
        ("see-through", {("colour", "clear")}),
        ("king size", {("size", "king")}),
        ("anything by lind?", {("brand", "lind")}),
        ("aurea stuff", {("brand", "aurea")}),
        ("the Lind High-Back Desk Chair", {("product", "lind-high")}),
        ("lind high back desk chair", {("product", "lind-high")}),
        ("the lind stool", {("product", "lind-stool")}),
        ("the cloudrest", {("product", "cloudrest")}),
        ("the clodrest pillow", {("product", "cloudrest")}),
    ],
)
def test_find_terms_as_people_type_them(
    understand: Understand, text: str, expected: set[tuple[str, str]]
) -> None:
    assert found(understand, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "later then",
        "the lindest",
        "my hair is wet",
        "a king",
        "what whether",
        "high back",
        "it is on",
    ],
)
def test_find_no_term_in_other_english_words(understand: Understand, text: str) -> None:
    assert found(understand, text) == set()


def test_find_terms_with_the_span_that_was_said(understand: Understand) -> None:
    (one,) = understand("Hi, a desk chiar maybe")
    assert "Hi, a desk chiar maybe"[one["start"] : one["end"]] == "desk chiar"
    assert 0.5 < one["confidence_entity"] < 1.0
    assert one["extractor"] == "CatalogueTerms"


def test_read_terms_again_when_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "terms.json"
    path.write_text(json.dumps({"terms": TERMS[:1]}))
    terms = CatalogueTerms({"path": str(path)})
    assert not terms.find(Message(data={"text": "pillow"}))
    path.write_text(json.dumps({"terms": TERMS[:2]}))
    os.utime(path, ns=(1, 1))
    assert terms.find(Message(data={"text": "pillow"}))


def test_warn_once_when_terms_are_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    terms = CatalogueTerms({"path": str(tmp_path / "none.json")})
    with caplog.at_level(logging.WARNING):
        assert terms.find(Message(data={"text": "pillow"})) == []
        assert terms.find(Message(data={"text": "chair"})) == []
    assert len(caplog.records) == 1


def test_keep_terms_when_the_file_becomes_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "terms.json"
    path.write_text(json.dumps({"terms": TERMS}))
    terms = CatalogueTerms({"path": str(path)})
    assert terms.find(Message(data={"text": "pillow"}))
    path.write_text("{")
    os.utime(path, ns=(1, 1))
    assert terms.find(Message(data={"text": "pillow"}))
