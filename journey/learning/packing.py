"""Fitted models as bytes and back: named arrays, nothing that could run."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from journey.learning.baskets import BasketModel
from journey.learning.choice import ChoiceModel, Weighed
from journey.learning.due import DueModel
from journey.learning.latent import LatentModel, Tally
from journey.learning.linear import Linear
from journey.learning.population import Population
from journey.learning.rhythm import Level
from journey.learning.trees import Trees

Arrays = Mapping[str, Any]
SMALL = ("weeks", "pull")
"""Sums whose seventh digit does not matter."""
LEVEL = ("count logs pulse pulse_at packs packs_logs packs_squares").split()
"""Models kept by earlier versions have the first four."""


def packed(arrays: Mapping[str, object]) -> bytes:
    """Return named arrays as bytes."""
    file = io.BytesIO()
    named: dict[str, Any] = {k: np.asarray(v) for k, v in arrays.items()}
    np.savez_compressed(file, **named)
    return file.getvalue()


def unpacked(data: bytes) -> Arrays:
    """Return the named arrays."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def pack_baskets(model: BasketModel, products: Sequence[str]) -> bytes:
    """Return a basket model with the products that its numbers mean."""
    sums = {k: v for k, v in vars(model.population).items() if k != "_lately"}
    small = {name: np.asarray(sums[name], np.float32) for name in SMALL}
    near = {"near": np.asarray(sums["near"], np.int32)}
    whole = {**sums, **small, **near, **_linear("linear", model.linear)}
    return packed({**whole, "products": np.array(products, str)})


def unpack_baskets(data: bytes) -> tuple[BasketModel, list[str]]:
    """Return the basket model, and the products that its numbers mean."""
    arrays = dict(unpacked(data))
    products = [str(x) for x in arrays.pop("products")]
    linear = _read_linear("linear", arrays)
    sums = {k: v for k, v in arrays.items() if not k.startswith("linear")}
    sums["buyers"], sums["first"] = int(sums["buyers"]), float(sums["first"])
    assert linear is not None
    return BasketModel(Population(**sums), linear), products


def pack_due(model: DueModel) -> bytes:
    """Return what foretells needs for anybody: weights, and the levels of products."""
    levels = model.rhythms.products
    rows = [[getattr(x, n) for n in LEVEL] for x in levels.values()]
    return packed(
        {
            "names": np.array(list(levels), str),
            "levels": np.array(rows, float).reshape(-1, len(LEVEL)),
            "whole": [getattr(model.rhythms.whole, n) for n in LEVEL],
            "settings": [model.max_gap, model.days, model.blend],
            **_linear("due", model.due),
            **_linear("gap", model.gap),
        }
    )


def unpack_due(data: bytes) -> DueModel:
    """Return a model that foretells needs and knows nobody yet."""
    arrays = unpacked(data)
    max_gap, days, blend = (float(x) for x in arrays["settings"])
    model = DueModel(max_gap, days)
    levels = zip(arrays["names"], arrays["levels"], strict=True)
    model.rhythms.products.update({str(k): Level(*map(float, v)) for k, v in levels})
    model.rhythms.whole = Level(*(float(x) for x in arrays["whole"]))
    model.due, model.gap = _read_linear("due", arrays), _read_linear("gap", arrays)
    model.blend = int(blend)
    return model


def pack_choice(model: ChoiceModel) -> bytes:
    """Return what foretells repeated choices for anybody."""
    records, weights = model.records, model.weights
    arrays: dict[str, object] = {
        "names": np.array(list(records.shares), str),
        "constants": np.array(model.names, str),
        "shares": list(records.shares.values()),
        "usual": np.array([records.usual[x][1] for x in records.shares]),
        "seen": [records.usual[x][0] for x in records.shares],
        **_linear("sureness", model.sureness),
    }
    if weights is not None:
        arrays["weights"] = weights.linear
        if weights.trees is not None:
            arrays |= {f"trees_{k}": v for k, v in vars(weights.trees).items()}
    return packed(arrays)


def unpack_choice(data: bytes) -> ChoiceModel:
    """Return a model that foretells choices and knows nobody's own yet."""
    arrays, model = unpacked(data), ChoiceModel()
    for place, name in enumerate(map(str, arrays["names"])):
        model.records.shares[name] = float(arrays["shares"][place])
        total = np.asarray(arrays["usual"][place], float)
        model.records.usual[name] = (int(arrays["seen"][place]), total)
    model.names = [str(x) for x in arrays["constants"]]
    if "weights" in arrays:
        parts = [k for k in arrays if k.startswith("trees_")]
        trees = Trees(**{k[6:]: arrays[k] for k in parts}) if parts else None
        model.weights = Weighed(np.asarray(arrays["weights"], float), trees)
    model.sureness = _read_linear("sureness", arrays)
    return model


def pack_latent(model: LatentModel) -> bytes:
    """Return the counts of what comes after what, each year, and in which month."""
    arrays: dict[str, object] = {}
    for name, value in vars(model.tally).items():
        if isinstance(value, dict):
            keys = [k if isinstance(k, tuple) else (k,) for k in value]
            arrays[f"{name}_keys"] = np.array(keys, str)
            value = [*value.values()]
        arrays[name] = value
    return packed(arrays)


def unpack_latent(data: bytes) -> LatentModel:
    """Return the counts as a model without an owner's word."""
    arrays, tally = unpacked(data), Tally()
    for name, empty in vars(tally).items():
        if not isinstance(empty, dict):
            setattr(tally, name, float(arrays[name]))
            continue
        keys = arrays[f"{name}_keys"].tolist()
        named = [_key(name, key) for key in keys]
        empty.update(dict(zip(named, arrays[name].tolist(), strict=True)))
    return LatentModel(tally)


def _key(name: str, parts: Sequence[str]) -> object:
    if name == "months":
        return parts[0], int(parts[1])
    return tuple(parts) if len(parts) > 1 else parts[0]


def _linear(name: str, linear: Linear | None) -> dict[str, object]:
    if linear is None:
        return {}
    return {f"{name}_weights": linear.weights, f"{name}_plus": linear.intercept}


def _read_linear(name: str, arrays: Arrays) -> Linear | None:
    if f"{name}_weights" not in arrays:
        return None
    weights = np.asarray(arrays[f"{name}_weights"], float)
    return Linear(weights, float(arrays[f"{name}_plus"]))
