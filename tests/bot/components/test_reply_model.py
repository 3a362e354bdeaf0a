from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.encoder_runtime import Floats
from bot.components.linear import Ngrams
from bot.components.reply_model import KNOWN, OTHER, ReplyModel, Said

WORDS = ("plenty left", "send two", "where is it")
MEANINGS = ("no", "yes", OTHER)


def texts_of(texts: list[str], vectors: Floats, ngrams: Ngrams | None = None) -> Said:
    return Said(texts, vectors, (ngrams or Ngrams.fit(texts))(texts))


def said(number: int, ngrams: Ngrams, text: str = "") -> Said:
    return texts_of([text or f"{WORDS[number]} somehow"], np.eye(8)[[number]], ngrams)


@pytest.fixture(scope="module")
def learnt() -> tuple[ReplyModel, Ngrams]:
    draw = np.random.default_rng(0)
    order = np.arange(60) % 3
    vectors = np.eye(8)[order] + draw.normal(size=(60, 8)) * 0.2
    texts = [f"{WORDS[n]} {at}" for at, n in enumerate(order)]
    ngrams = Ngrams.fit(texts)
    said = texts_of(texts, vectors, ngrams)
    return ReplyModel.fit(said, [MEANINGS[n] for n in order]), ngrams


@pytest.mark.parametrize("number", range(3))
def test_reply_means_what_is_alike(
    learnt: tuple[ReplyModel, Ngrams], number: int
) -> None:
    model, ngrams = learnt
    meaning, sure = model.decide(said(number, ngrams))
    assert meaning == MEANINGS[number]
    assert sure > 0.5


def test_text_that_was_learnt_from_means_the_same(
    learnt: tuple[ReplyModel, Ngrams],
) -> None:
    model, ngrams = learnt
    assert model.decide(said(1, ngrams, "plenty left 0")) == ("no", KNOWN)


def test_text_of_two_meanings_is_weighed() -> None:
    texts = ["well", *("no thanks " * n for n in range(1, 8)), "well", *"abcdefg"]
    meanings = ["no"] * 8 + ["yes"] * 8
    model = ReplyModel.fit(texts_of(texts, np.eye(16)[:16]), meanings)
    assert "well" not in model.known
    assert model.known["a"] == "yes"


def test_model_hears_the_same_once_saved(
    learnt: tuple[ReplyModel, Ngrams], tmp_path: Path
) -> None:
    model, ngrams = learnt
    model.save(tmp_path)
    again = ReplyModel.load(tmp_path)
    for number in range(3):
        meaning, sure = again.decide(said(number, ngrams))
        told = model.decide(said(number, ngrams))
        assert (meaning, pytest.approx(sure, abs=1e-3)) == told
