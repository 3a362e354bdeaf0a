from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from bot.components.encoder import SentenceEncoder
from bot.components.fingerprint import digest
from bot.components.intent_head import IntentHead
from tests.bot.components.tiny import tiny_encoder


def load(path: Path, source: str) -> ModuleType:
    path.write_text(source)
    spec = importlib.util.spec_from_file_location("helper", path)
    assert spec is not None
    return importlib.util.module_from_spec(spec)


def test_digest_changes_with_a_source(tmp_path: Path) -> None:
    first = digest(load(tmp_path / "helper.py", "A = 1"))
    assert first == digest(load(tmp_path / "helper.py", "A = 1"))
    assert first != digest(load(tmp_path / "helper.py", "A = 2"))


def test_encoder_is_trained_again_with_other_weights(tmp_path: Path) -> None:
    config = {"weights": str(tiny_encoder(tmp_path))}
    before = SentenceEncoder.fingerprint_addon(config)
    assert SentenceEncoder.fingerprint_addon(config) == before
    tiny_encoder(tmp_path, layers=4)
    assert SentenceEncoder.fingerprint_addon(config) != before


def test_head_has_a_fingerprint_of_its_own() -> None:
    assert IntentHead.fingerprint_addon({}) == IntentHead.fingerprint_addon({})
    assert IntentHead.fingerprint_addon({})
