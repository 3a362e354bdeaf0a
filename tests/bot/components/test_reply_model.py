from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.reply_model import KNOWN, OTHER, ReplyModel, Said

WORDS = ("plenty left", "send two", "where is it")
MEANINGS = ("no", "yes", OTHER)


def said(number: int, text: str = "") -> Said:
    return Said([text or f"{WORDS[number]} somehow"], np.eye(8)[[number]])


@pytest.fixture(scope="module")
def model() -> ReplyModel:
    draw = np.random.default_rng(0)
    order = np.arange(60) % 3
    vectors = np.eye(8)[order] + draw.normal(size=(60, 8)) * 0.2
    texts = [f"{WORDS[n]} {at}" for at, n in enumerate(order)]
    return ReplyModel.fit(Said(texts, vectors), [MEANINGS[n] for n in order])


@pytest.mark.parametrize("number", range(3))
def test_reply_means_what_is_alike(model: ReplyModel, number: int) -> None:
    meaning, sure = model.decide(said(number))
    assert meaning == MEANINGS[number]
    assert sure > 0.5


def test_text_that_was_learnt_from_means_the_same(model: ReplyModel) -> None:
    assert model.decide(said(1, "plenty left 0")) == ("no", KNOWN)


def test_text_of_two_meanings_is_weighed() -> None:
    texts = ["well", *("no thanks " * n for n in range(1, 8)), "well", *"abcdefg"]
    vectors = np.eye(16)[:16]
    meanings = ["no"] * 8 + ["yes"] * 8
    model = ReplyModel.fit(Said(texts, vectors), meanings)
    assert "well" not in model.known
    assert model.known["a"] == "yes"


def test_model_hears_the_same_once_saved(model: ReplyModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = ReplyModel.load(tmp_path)
    for number in range(3):
        meaning, sure = again.decide(said(number))
        assert (meaning, pytest.approx(sure, abs=1e-3)) == model.decide(said(number))
