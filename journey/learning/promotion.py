"""Promotion: which model of a kind serves, and how the one before comes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from journey.store.tables import LearningModel, ModelParts


def serving_row(session: Session, kind: str) -> LearningModel | None:
    """Return the model of a kind that serves, if one was ever promoted."""
    query = select(LearningModel).where(
        LearningModel.kind == kind, LearningModel.state == "serving"
    )
    return session.scalar(query.limit(1))


def promote(
    session: Session,
    kind: str,
    *,
    weights: Mapping[str, Any],
    report: Mapping[str, Any],
    now: datetime,
    data: bytes | None = None,
) -> str:
    """Let a new model serve; return the name under which decisions are logged."""
    query = select(func.count()).where(LearningModel.kind == kind)
    count = session.scalar(query.select_from(LearningModel)) or 0
    name = f"{kind}-{count + 1}"
    retire(session, kind)
    row = LearningModel(
        id=name,
        kind=kind,
        state="serving",
        weights=dict(weights),
        report=dict(report),
        fitted_at=now,
    )
    session.add(row)
    session.flush()
    if data is not None:
        session.add(ModelParts(model_id=name, data=data, counted_at=now))
        session.flush()
    return name


def retire(session: Session, kind: str, to: str = "retired") -> None:
    """Let no model of a kind serve."""
    session.execute(
        update(LearningModel)
        .where(LearningModel.kind == kind, LearningModel.state == "serving")
        .values(state=to)
    )


def roll_back(session: Session, kind: str) -> str | None:
    """Let the model before serve again; return its name, None for the first one."""
    query = select(LearningModel).where(
        LearningModel.kind == kind, LearningModel.state == "retired"
    )
    before = session.scalar(query.order_by(LearningModel.fitted_at.desc()).limit(1))
    serving = serving_row(session, kind)
    retire(session, kind, to="withdrawn")
    if before is not None and serving is not None:
        before.state = "serving"
    session.flush()
    return before.id if before is not None else None


def parts_of(session: Session, model_id: str) -> ModelParts | None:
    """Return what a model is made of besides its weights."""
    return session.get(ModelParts, model_id)
