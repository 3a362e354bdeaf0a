"""The models that serve, read once and kept ready until others serve."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.learning.baskets import BasketModel
from journey.learning.choice import ChoiceModel
from journey.learning.due import DueModel
from journey.learning.packing import unpack_baskets, unpack_choice, unpack_due
from journey.learning.weights import FIRST, KIND, Weights, read_weights
from journey.store.tables import LearningModel, ModelParts

Stamp = tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True)
class Models:
    """What serves: its names as decisions are logged with, and each kind's model."""

    id: str = FIRST
    weights: Weights = field(default_factory=Weights)
    baskets: BasketModel | None = None
    products: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    due: DueModel | None = None
    choice: ChoiceModel | None = None


class Ready:
    """Hands out the models that serve; safe to share between threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = Lock()
        self._held: tuple[Stamp, Models] = ((), Models())

    def models(self, session: Session) -> Models:
        """Return what serves in this session's eyes."""
        stamp = _stamp(session)
        known, held = self._held
        if stamp == known:
            return held
        with self._lock:
            models = read_models(session, stamp)
            self._held = (stamp, models)
        return models


def _stamp(session: Session) -> Stamp:
    query = (
        select(LearningModel.kind, LearningModel.id, ModelParts.counted_at)
        .outerjoin(ModelParts, ModelParts.model_id == LearningModel.id)
        .where(LearningModel.state == "serving")
        .order_by(LearningModel.kind)
    )
    return tuple((kind, name, at) for kind, name, at in session.execute(query))


def read_models(session: Session, stamp: Stamp | None = None) -> Models:
    """Read the models that serve."""
    stamp = _stamp(session) if stamp is None else stamp
    names = {kind: name for kind, name, _ in stamp}
    first = [] if KIND in names else [FIRST]
    found: dict[str, Any] = {"id": " ".join([*first, *names.values()])}
    if KIND in names:
        row = session.get_one(LearningModel, names[KIND])
        found["weights"] = read_weights(row.weights)
    query = select(ModelParts.model_id, ModelParts.data)
    parts = {
        name: data
        for name, data in session.execute(
            query.where(ModelParts.model_id.in_(names.values()))
        )
    }
    if data := parts.get(names.get("baskets", "")):
        found["baskets"], products = unpack_baskets(data)
        found["products"] = tuple(products)
        found["numbers"] = {name: number for number, name in enumerate(products)}
    if data := parts.get(names.get("due", "")):
        found["due"] = unpack_due(data)
    if data := parts.get(names.get("choice", "")):
        found["choice"] = unpack_choice(data)
    return Models(**found)
