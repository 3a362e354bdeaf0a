"""What a reply to one kind of question means: three heads that vote, calibrated.

A text that was learnt from, word for word, means what it meant there.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from scipy.sparse import csr_matrix

from bot.components.calibration import fit_temperature, warm
from bot.components.encoder_runtime import Floats
from bot.components.intent_model import split
from bot.components.linear import Labels, LinearHead
from bot.components.neighbours import Neighbours

ARRAYS, FACTS = "arrays.safetensors", "facts.json"
OTHER = "other"
STRENGTHS = {"dense": 10.0, "sparse": 30.0}
# Tried on left-out fifths of the sample shop's replies: together they were right most.
WEIGHTS = {"dense": 1.0, "sparse": 0.5, "near": 0.5}
HELD, SEED = 0.2, 7
KNOWN = 0.99


@dataclass(frozen=True)
class Said:
    """Texts as the heads look at them."""

    texts: Sequence[str]
    vectors: Floats
    """(texts, width)"""
    counts: csr_matrix
    """(texts, n-grams), the same n-grams for all questions: they are cut once."""


@dataclass(frozen=True, eq=False)
class ReplyModel:
    """The heads of one question, trained."""

    meanings: tuple[str, ...]
    heads: dict[str, LinearHead]
    near: Neighbours
    temperature: float = 1.0
    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def fit(cls, said: Said, meanings: Sequence[str]) -> "ReplyModel":
        """Train on texts and what each means; a part tells how sure to be."""
        names = tuple(sorted(set(meanings)))
        labels = np.array([names.index(one) for one in meanings])
        held = split(labels, HELD, np.random.default_rng(SEED))
        kept = np.setdiff1d(np.arange(len(labels)), held)
        part = cls._fit(_some(said, kept), labels[kept], names)
        tried = part._votes(_some(said, held))
        whole = cls._fit(said, labels, names)
        heat = fit_temperature(tried, labels[held]) if len(held) else 1.0
        return replace(whole, temperature=heat, known=_clear(said.texts, meanings))

    @classmethod
    def _fit(cls, said: Said, labels: Labels, names: tuple[str, ...]) -> "ReplyModel":
        dense = LinearHead.fit(
            said.vectors, labels, len(names), strength=STRENGTHS["dense"]
        )
        sparse = LinearHead.fit_counts(
            said.counts, labels, len(names), strength=STRENGTHS["sparse"]
        )
        heads = {"dense": dense, "sparse": sparse}
        return cls(names, heads, Neighbours.fit(said.vectors, labels))

    def decide(self, said: Said) -> tuple[str, float]:
        """Return what the readings of one message mean, and how surely."""
        if (meaning := self.known.get(said.texts[0])) is not None:
            return meaning, KNOWN
        chances = warm(self._votes(said), self.temperature).mean(axis=0)
        best = int(chances.argmax())
        return self.meanings[best], float(chances[best])

    def _votes(self, said: Said) -> Floats:
        """Return the chance of each meaning: (texts, meanings)."""
        votes = {
            "dense": self.heads["dense"](said.vectors),
            "sparse": self.heads["sparse"](said.counts),
            "near": self.near(said.vectors)[0],
        }
        total = np.asarray(sum(WEIGHTS[name] * votes[name] for name in WEIGHTS))
        return np.asarray(total / sum(WEIGHTS.values()))

    def save(self, folder: Path) -> None:
        """Write arrays and facts; nothing that runs code when read."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = self.near.arrays()
        for name, head in self.heads.items():
            arrays |= {f"{name}.matrix": head.matrix, f"{name}.bias": head.bias}
        save_file(
            {key: np.ascontiguousarray(value) for key, value in arrays.items()},
            folder / ARRAYS,
        )
        facts = {
            "meanings": self.meanings,
            "temperature": self.temperature,
            "known": self.known,
        }
        text = json.dumps(facts, ensure_ascii=False)
        (folder / FACTS).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "ReplyModel":
        """Read what `save` wrote."""
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        arrays = load_file(folder / ARRAYS)
        heads = {
            name: LinearHead(arrays[f"{name}.matrix"], arrays[f"{name}.bias"])
            for name in STRENGTHS
        }
        near, meanings = Neighbours.of(arrays), tuple(facts["meanings"])
        return cls(meanings, heads, near, facts["temperature"], facts["known"])


def _clear(texts: Sequence[str], meanings: Sequence[str]) -> dict[str, str]:
    """Return the texts that have one meaning only."""
    found = defaultdict[str, set[str]](set)
    for text, meaning in zip(texts, meanings, strict=True):
        found[text].add(meaning)
    return {text: min(them) for text, them in found.items() if len(them) == 1}


def _some(said: Said, rows: Labels) -> Said:
    texts = [said.texts[row] for row in rows]
    return Said(texts, said.vectors[rows], said.counts[rows])
