"""Keeping what was wished for: a new wish takes the place of the one it replaces."""

from collections.abc import Iterable

from sqlalchemy import select

from journey import log
from journey.curate.fit import PRICE
from journey.curate.score import Wish
from journey.curate.wishes import Draft
from journey.store.tables import Constraint, Journey, Preference
from journey.turn import Turn

BOUNDS = ("<=", ">=")


def keep_wishes(turn: Turn, journey: Journey, drafts: Iterable[Draft]) -> None:
    """Store each wish and log it; older ones on the same attribute give way."""
    for draft in drafts:
        if draft.hard:
            _keep_limit(turn, journey, draft)
        else:
            _keep_preference(turn, journey, draft)
    turn.session.flush()


def limits_in(turn: Turn, journey: Journey) -> list[Constraint]:
    """Return the hard wishes of a journey, oldest first."""
    query = select(Constraint).where(Constraint.journey_id == journey.id)
    return list(turn.session.scalars(query.order_by(Constraint.at)))


def wishes_in(turn: Turn, journey: Journey) -> list[Wish]:
    """Return the soft wishes of a journey, oldest first."""
    query = select(Preference).where(Preference.journey_id == journey.id)
    rows = turn.session.scalars(query.order_by(Preference.at))
    return [Wish(row.attribute, row.weight, row.value.get("value")) for row in rows]


def _keep_limit(turn: Turn, journey: Journey, draft: Draft) -> None:
    for old in limits_in(turn, journey):
        if old.attribute == draft.attribute and _replaces(draft, old):
            turn.session.delete(old)
    turn.session.add(
        Constraint(
            journey_id=journey.id,
            attribute=draft.attribute,
            op=draft.op,
            value=dict(draft.value),
            said=draft.said,
            at=turn.now,
        )
    )
    _drop_preferences(turn, journey, draft)
    log.write(
        turn.session,
        turn.heard,
        "constraint_given",
        journey=journey,
        attribute=draft.attribute,
        op=draft.op,
        value=dict(draft.value),
        said=draft.said,
    )


def _replaces(new: Draft, old: Constraint) -> bool:
    """Tell whether an older limit on the same attribute cannot stand beside."""
    if new.op == old.op == "!=":
        return new.value == old.value
    if new.op == "!=":
        return old.op == "==" and new.value["value"] in _listed(old.value["value"])
    if old.op == "!=":
        return new.op == "==" and old.value["value"] in _listed(new.value["value"])
    if {new.op, old.op} == set(BOUNDS):
        low, high = (new, old) if new.op == ">=" else (old, new)
        return bool(low.value["value"] > high.value["value"])
    return True


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _keep_preference(turn: Turn, journey: Journey, draft: Draft) -> None:
    _drop_preferences(turn, journey, draft)
    turn.session.add(
        Preference(
            journey_id=journey.id,
            attribute=draft.attribute,
            value=dict(draft.value),
            weight=draft.weight,
            said=draft.said,
            at=turn.now,
        )
    )
    log.write(
        turn.session,
        turn.heard,
        "preference_given",
        journey=journey,
        attribute=draft.attribute,
        value=dict(draft.value),
        weight=draft.weight,
        said=draft.said,
    )


def _drop_preferences(turn: Turn, journey: Journey, draft: Draft) -> None:
    """Drop what was softly wished for about the same; a price bound leaves taste."""
    if draft.hard and draft.attribute == PRICE:
        return
    query = select(Preference).where(
        Preference.journey_id == journey.id, Preference.attribute == draft.attribute
    )
    for old in turn.session.scalars(query):
        if draft.hard or old.value == dict(draft.value):
            turn.session.delete(old)
