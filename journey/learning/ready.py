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
from journey.learning.crowd import totals_of
from journey.learning.due import DueModel
from journey.learning.latent import LatentModel
from journey.learning.packing import (
    unpack_baskets,
    unpack_choice,
    unpack_due,
    unpack_latent,
)
from journey.learning.weights import FIRST, KIND, Weights, read_weights
from journey.store.prepared import Prepared
from journey.store.tables import LearningModel, ModelParts

STALE = 0.001
"""Sums over a need's products are used until the log has grown by this share."""
_SERVING = Prepared(
    select(LearningModel.kind, LearningModel.id, ModelParts.counted_at)
    .outerjoin(ModelParts, ModelParts.model_id == LearningModel.id)
    .where(LearningModel.state == "serving")
    .order_by(LearningModel.kind)
)
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
    latent: LatentModel = field(default_factory=LatentModel)

    @property
    def foretell(self) -> bool:
        """Whether any model foretells what is ordered next or again."""
        return self.baskets is not None or self.due is not None


class Ready:
    """Hands out the models that serve; safe to share between threads."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = Lock()
        self._held: tuple[Stamp, Models] = ((), Models())
        self._totals: dict[str, tuple[int, tuple[int, int]]] = {}

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

    def totals(self, session: Session, need: str, state: int) -> tuple[int, int]:
        """Return how often products were shown and chosen for a need.

        They are added up anew when the log has grown by more than a share.
        """
        known, totals = self._totals.get(need, (-1, (0, 0)))
        if not known <= state <= known * (1 + STALE):
            totals = totals_of(session, need)
            self._totals[need] = (state, totals)
        return totals


def _stamp(session: Session) -> Stamp:
    rows = _SERVING.rows(session.connection())
    return tuple((kind, name, at) for kind, name, at in rows)


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
    if data := parts.get(names.get("latent", "")):
        found["latent"] = unpack_latent(data)
    return Models(**found)
