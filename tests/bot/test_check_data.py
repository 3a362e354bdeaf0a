from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.check_data import check, main, plain
from bot.labelled import Utterance

HERE = Path("data.yml")


def said(*pairs: tuple[str, str]) -> list[Utterance]:
    return [Utterance(text, name, HERE, n) for n, (text, name) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (("Where is it?", "track"), ("where is it", "track"), "duplicate"),
        (("where is it", "track"), ("where is it!", "complain"), "label conflict"),
        (
            ("where is my blue parcel", "track"),
            ("where is my blue parcels", "track"),
            "near-duplicate",
        ),
        (
            ("where is my blue parcel", "track"),
            ("where is my blue parcels", "complain"),
            "near conflict",
        ),
    ],
)
def test_check_names_the_kind(
    first: tuple[str, str], second: tuple[str, str], kind: str
) -> None:
    (found,) = check(said(first, second), [])
    assert found.kind == kind
    assert "data.yml:1" in str(found) and "data.yml:0" in str(found)


@pytest.mark.parametrize(
    ("first", "second"), [("yes", "yep"), ("👍", "👎"), ("the red one", "a blue chair")]
)
def test_check_lets_different_texts_be(first: str, second: str) -> None:
    assert check(said((first, "affirm"), (second, "deny")), []) == []


def test_check_finds_a_leak_between_the_splits() -> None:
    train = said(("I'd like to send it back", "return_order"))
    test = said(("i'd like to send it back!", "return_order"))
    (found,) = check(train, test)
    assert found.kind == "leak"


@pytest.mark.parametrize(("text", "code"), [("when will it come", 1), ("cancel", 0)])
def test_main_fails_on_a_leak(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    train, test = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    train.write_text(json.dumps({"text": "When will it come?", "intent": "track"}))
    test.write_text(json.dumps({"text": text, "intent": "track"}))
    assert main(["--train", str(train), "--test", str(test)]) == code
    assert "1 training and 1 held-out" in capsys.readouterr().out


def test_main_names_a_missing_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--train", "nowhere.yml"]) == 2
    assert "nowhere.yml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "plainly"), [("Hi, you!", "hi you"), ("👍🏽", "👍🏽")]
)
def test_plain_keeps_words_or_emoji(text: str, plainly: str) -> None:
    assert plain(text) == plainly
