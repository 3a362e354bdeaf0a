"""Write a BERT-like encoder as an ONNX graph, from its plain weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[Any]
Weights = Mapping[str, Array]

FUSED = "com.microsoft"
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
IR_VERSION = 8
INT8_LEVELS = 127
INT8_ACTIVATIONS = 4
# One scale for 32 numbers: vectors stay within a cosine of 0.998 of the exact ones;
# with one scale a matrix (0.98) an intent head lost 0.8 points on HWU64.
BLOCK = 32


@dataclass(frozen=True)
class Shape:
    """What a graph must know of the encoder beside its weights."""

    width: int
    heads: int
    epsilon: float
    quantized: bool


@dataclass
class GraphWriter:
    """Collect the nodes and constants of one graph."""

    weights: Weights
    shape: Shape
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)

    def constant(self, name: str, value: Array) -> str:
        """Store a constant and return its name."""
        self.constants[name] = numpy_helper.from_array(
            np.ascontiguousarray(value), name
        )
        return name

    def node(
        self, op: str, inputs: list[str], output: str, domain: str = "", **options: Any
    ) -> str:
        """Append an operation and return the name of its output."""
        self.nodes.append(
            helper.make_node(op, inputs, [output], domain=domain, **options)
        )
        return output

    def weight(self, key: str) -> str:
        """Store one of the encoder's own arrays under its own name."""
        return self.constant(key, self.weights[key])

    def linear(self, source: str, key: str, output: str) -> str:
        """Multiply by the transposed matrix `key`; the bias is added by the caller."""
        matrix = self.weights[f"{key}.weight"]
        if not self.shape.quantized:
            name = self.constant(f"{output}.w", matrix.T)
            return self.node("MatMul", [source, name], output)
        rows, columns = matrix.shape
        blocks = matrix.reshape(rows, columns // BLOCK, BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=-1), 1e-12) / INT8_LEVELS
        bytes_ = np.round(blocks / scales[..., None]) + INT8_LEVELS + 1
        return self.node(
            "MatMulNBits",
            [
                source,
                self.constant(f"{output}.w", bytes_.astype(np.uint8)),
                self.constant(f"{output}.s", scales.ravel().astype(np.float32)),
            ],
            output,
            FUSED,
            **{"K": columns, "N": rows, "bits": 8, "block_size": BLOCK},
            accuracy_level=INT8_ACTIVATIONS,
        )

    def normalize(self, source: str, skip: str, key: str, bias: str, out: str) -> str:
        """Add residual and bias, then normalize the layer."""
        inputs = [
            source,
            skip,
            self.weight(f"{key}.weight"),
            self.weight(f"{key}.bias"),
        ]
        return self.node(
            "SkipLayerNormalization",
            [*inputs, self.weight(bias)],
            out,
            FUSED,
            epsilon=self.shape.epsilon,
        )

    def attention(self, source: str, prefix: str) -> str:
        """Let every word piece look at every other one."""
        parts = []
        for part in ("query", "key", "value"):
            key = f"{prefix}.attention.self.{part}"
            product = self.linear(source, key, f"{key}.product")
            parts.append(
                self.node("Add", [product, self.weight(f"{key}.bias")], f"{key}.out")
            )
        return self.node(
            "MultiHeadAttention",
            [*parts, "", "mask"],
            f"{prefix}.attended",
            FUSED,
            num_heads=self.shape.heads,
        )

    def layer(self, source: str, index: int) -> str:
        """Append transformer layer `index` and return the name of its output."""
        prefix = f"encoder.layer.{index}"
        dense = f"{prefix}.attention.output"
        mixed = self.linear(
            self.attention(source, prefix), f"{dense}.dense", f"{prefix}.mixed"
        )
        seen = self.normalize(
            mixed, source, f"{dense}.LayerNorm", f"{dense}.dense.bias", f"{prefix}.seen"
        )
        wide = self.linear(seen, f"{prefix}.intermediate.dense", f"{prefix}.wide")
        bias = self.weight(f"{prefix}.intermediate.dense.bias")
        active = self.node("BiasGelu", [wide, bias], f"{prefix}.active", FUSED)
        narrow = self.linear(active, f"{prefix}.output.dense", f"{prefix}.narrow")
        return self.normalize(
            narrow,
            seen,
            f"{prefix}.output.LayerNorm",
            f"{prefix}.output.dense.bias",
            f"{prefix}.done",
        )

    def embed(self) -> str:
        """Look the word pieces up and add where they stand."""
        places = self.weights["embeddings.position_embeddings.weight"]
        kinds = self.weights["embeddings.token_type_embeddings.weight"]
        # One sentence a text, so its kind is always the first: added in advance.
        table = self.constant("places", places + kinds[:1])
        words = self.weight("embeddings.word_embeddings.weight")
        word = self.node("Gather", [words, "ids"], "word")
        place = self.node("Gather", [table, "positions"], "place")
        norm = "embeddings.LayerNorm"
        return self.node(
            "LayerNormalization",
            [
                self.node("Add", [word, place], "embedded"),
                self.weight(f"{norm}.weight"),
                self.weight(f"{norm}.bias"),
            ],
            "start",
            axis=-1,
            epsilon=self.shape.epsilon,
        )

    def finish(self, inputs: dict[str, Any], outputs: list[str]) -> bytes:
        """Serialize the graph.

        Args:
            inputs: name to (element type, dimensions).
            outputs: names of float tensors (texts, pieces, width).
        """
        ends = [
            helper.make_tensor_value_info(
                name, TensorProto.FLOAT, ["texts", "pieces", self.shape.width]
            )
            for name in outputs
        ]
        starts = [
            helper.make_tensor_value_info(name, kind, dimensions)
            for name, (kind, dimensions) in inputs.items()
        ]
        graph = helper.make_graph(
            self.nodes, "encoder", starts, ends, list(self.constants.values())
        )
        model = helper.make_model(graph, opset_imports=OPSETS)
        model.ir_version = IR_VERSION
        return bytes(model.SerializeToString())


def build_encoder(weights: Weights, shape: Shape, layers: int) -> bytes:
    """Build the encoder up to that many layers; output: the states after the last."""
    writer = GraphWriter(weights, shape)
    state = writer.embed()
    for index in range(layers):
        state = writer.layer(state, index)
    inputs = {
        "ids": (TensorProto.INT64, ["texts", "pieces"]),
        "positions": (TensorProto.INT64, ["pieces"]),
        "mask": (TensorProto.INT32, ["texts", "pieces"]),
    }
    return writer.finish(inputs, [state])


def build_top(weights: Weights, shape: Shape, layers: range) -> bytes:
    """Build the given layers alone; input `states` are those after the layer below."""
    writer = GraphWriter(weights, shape)
    state = "states"
    for index in layers:
        state = writer.layer(state, index)
    inputs = {
        "states": (TensorProto.FLOAT, ["texts", "pieces", shape.width]),
        "mask": (TensorProto.INT32, ["texts", "pieces"]),
    }
    return writer.finish(inputs, [state])
