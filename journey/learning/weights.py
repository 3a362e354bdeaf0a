"""The serving model: a handful of weights for the population over counted features."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from journey.learning.promotion import serving_row
from journey.store.tables import LearningModel

KIND = "terms"
FIRST = "counts-1"


@dataclass(frozen=True)
class Weights:
    """What one unit of each counted feature adds to a score."""

    kept: float = 0.5
    durable: float = 0.25
    returned: float = 1.0
    taste: float = 0.4
    crowd: float = 0.3
    returns: float = 0.5
    follows: float = 0.3
    next: float = 0.3
    due: float = 0.3
    refused: float = 0.5
    disappointed: float = 0.5
    passed_over: float = 0.08

    def stored(self) -> dict[str, float]:
        """Return the weights as they are kept."""
        return asdict(self)


@dataclass(frozen=True)
class Model:
    """Weights under the name with which decisions are logged."""

    id: str
    weights: Weights


def serving_model(session: Session) -> Model:
    """Return the model that serves: the promoted one, else the first."""
    row = serving_row(session, KIND)
    return Model(row.id, read_weights(row.weights)) if row else Model(FIRST, Weights())


def weights_by_name(session: Session) -> dict[str, Weights]:
    """Return the weights of every model there was, by its name."""
    query = select(LearningModel.id, LearningModel.weights)
    rows = session.execute(query.where(LearningModel.kind == KIND))
    return {FIRST: Weights(), **{name: read_weights(x) for name, x in rows}}


def read_weights(stored: dict[str, Any]) -> Weights:
    """Return weights as they were kept; what is not known is left out."""
    known = {field.name for field in fields(Weights)}
    return Weights(**{k: float(v) for k, v in stored.items() if k in known})
