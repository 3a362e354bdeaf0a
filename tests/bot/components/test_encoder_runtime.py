from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.encoder_files import EncoderMissing, find_weights, read_weights
from bot.components.encoder_graph import build_encoder
from bot.components.encoder_runtime import Encoder, open_session, pad
from tests.bot.components.tiny import LAYERS, WIDTH, tiny_encoder

TEXTS = ["where is my parcel", "hello", "i want to send this chair back please"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def exact(folder: Path) -> Encoder:
    return Encoder(folder, quantized=False, longest=32)


def test_encode_gives_unit_vectors(exact: Encoder) -> None:
    vectors = np.stack([one.vector for one in exact.encode(TEXTS)])
    assert vectors.shape == (3, WIDTH)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_encode_alone_equals_in_a_batch(exact: Encoder) -> None:
    together = exact.encode(TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        (alone,) = exact.encode([text])
        assert np.allclose(alone.vector, one.vector, atol=1e-5)
        assert np.allclose(alone.states, one.states, atol=1e-4)


def test_encode_keeps_order_over_many_batches(exact: Encoder) -> None:
    texts = [f"{'my ' * (n % 7)}order" for n in range(100)]
    vectors = [one.vector for one in exact.encode(texts)]
    assert np.allclose(vectors[8], exact.encode([texts[8]])[0].vector, atol=1e-5)


def test_encode_in_eight_bits_stays_near(exact: Encoder, folder: Path) -> None:
    quantized = Encoder(folder, quantized=True, longest=32)
    for one, other in zip(exact.encode(TEXTS), quantized.encode(TEXTS), strict=True):
        assert one.vector @ other.vector > 0.995


def test_top_with_untouched_weights_goes_on_where_the_states_end(
    exact: Encoder, folder: Path
) -> None:
    weights = read_weights(folder / "model.safetensors")
    (one,) = exact.encode(TEXTS[:1])
    whole = open_session(build_encoder(weights, exact.shape, LAYERS), arena=False)
    pieces = exact._tokenizer.encode(TEXTS[0]).ids
    mask = np.ones((1, len(pieces)), np.int32)
    feed = {"ids": [pieces], "positions": np.arange(len(pieces)), "mask": mask}
    (states,) = whole.run(None, feed)
    vectors = exact.top(exact.top_weights())([one.states])
    assert np.allclose(vectors, exact.pooling(states, mask), atol=1e-5)


def test_encode_cuts_long_texts(folder: Path) -> None:
    encoder = Encoder(folder, quantized=False, longest=8)
    (one,) = encoder.encode(["order " * 5000])
    assert len(one.states) == 8


def test_words_are_ranked_as_in_the_vocabulary(exact: Encoder) -> None:
    words = exact.words()
    assert words["where"] < words["weather"]
    assert "[CLS]" not in words


@pytest.mark.parametrize("lost", ["config.json", "tokenizer.json", "model.safetensors"])
def test_find_weights_names_the_missing_file(tmp_path: Path, lost: str) -> None:
    (tiny_encoder(tmp_path) / lost).unlink()
    with pytest.raises(EncoderMissing, match=lost):
        find_weights(str(tmp_path))


def test_find_weights_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.components.encoder_files.PACKAGE", "no_such_package")
    with pytest.raises(EncoderMissing, match="no_such_package"):
        find_weights(None)


def test_encoder_refuses_another_architecture(tmp_path: Path) -> None:
    folder = tiny_encoder(tmp_path)
    config = (folder / "config.json").read_text().replace('"bert"', '"gpt2"')
    (folder / "config.json").write_text(config)
    with pytest.raises(EncoderMissing, match="BERT-like"):
        Encoder(folder, quantized=False, longest=8)


def test_pad_marks_what_is_real() -> None:
    states, mask = pad([np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)])
    assert states.shape == (2, 2, 3)
    assert mask.tolist() == [[1, 1], [1, 0]]
