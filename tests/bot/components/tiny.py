"""A three-layer encoder of random numbers, in the layout of the real one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WIDTH, WIDE, LAYERS = 32, 64, 3
WORDS = """where is my order parcel when does it come late track send back return this
want to money refund hello hi good morning evening there two weeks chair table please
weather football song tell me about the a an for of and not broken arrived yesterday"""


def tiny_encoder(folder: Path, *, layers: int = LAYERS) -> Path:
    """Write the encoder's files, and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": WIDTH,
        "num_attention_heads": 2,
        "num_hidden_layers": layers,
        "layer_norm_eps": 1e-12,
        "pad_token_id": 0,
    }
    (folder / "config.json").write_text(json.dumps(config))
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS.split()]
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    save_file(_weights(len(vocabulary), layers), folder / "model.safetensors")
    return folder


def _tokenizer(vocabulary: list[str]) -> Tokenizer:
    numbers = {word: index for index, word in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def _weights(words: int, layers: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(5)

    def matrix(*shape: int) -> np.ndarray:
        return (draw.normal(size=shape) * 0.15).astype(np.float32)

    arrays = {
        "embeddings.word_embeddings.weight": matrix(words, WIDTH) * 6,
        "embeddings.position_embeddings.weight": matrix(64, WIDTH),
        "embeddings.token_type_embeddings.weight": matrix(2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for index in range(layers):
        layer = f"encoder.layer.{index}"
        shapes = {
            "attention.self.query": (WIDTH, WIDTH),
            "attention.self.key": (WIDTH, WIDTH),
            "attention.self.value": (WIDTH, WIDTH),
            "attention.output.dense": (WIDTH, WIDTH),
            "intermediate.dense": (WIDE, WIDTH),
            "output.dense": (WIDTH, WIDE),
        }
        for name, shape in shapes.items():
            arrays[f"{layer}.{name}.weight"] = matrix(*shape)
            arrays[f"{layer}.{name}.bias"] = matrix(shape[0])
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for norm in norms:
        arrays[f"{norm}.weight"] = np.ones(WIDTH, np.float32)
        arrays[f"{norm}.bias"] = np.zeros(WIDTH, np.float32)
    return arrays
