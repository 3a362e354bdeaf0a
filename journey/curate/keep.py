"""Keeping what was wished for: a new wish takes the place of the one it replaces."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from journey import log
from journey.curate.fit import PRICE
from journey.curate.score import Wish
from journey.curate.wishes import Draft
from journey.store.prepared import Prepared
from journey.store.tables import Constraint, Journey, Preference
from journey.turn import Turn

LOW, HIGH = (">=", ">"), ("<=", "<")
_OURS = Constraint.journey_id == bindparam("journey")
_KEPT = select(Constraint).where(_OURS).order_by(Constraint.at)
_MINE = Preference.journey_id == bindparam("journey")
_PREFERENCES = select(Preference).where(_MINE).order_by(Preference.at)


class Bound(NamedTuple):
    """A hard wish of a journey."""

    id: str
    attribute: str
    op: str
    value: Mapping[str, Any]


_LIMITS = Prepared(
    select(*(Constraint.__table__.c[name] for name in Bound._fields))
    .where(_OURS)
    .order_by(Constraint.at)
)
_WISHES = Prepared(
    select(Preference.attribute, Preference.weight, Preference.value)
    .where(_MINE)
    .order_by(Preference.at)
)


def keep_wishes(turn: Turn, journey: Journey, drafts: Iterable[Draft]) -> None:
    """Store each wish and log it; older ones on the same attribute give way."""
    wanted = list(drafts)
    if not wanted:
        return
    limits, preferences = _limits_in(turn, journey), _preferences_in(turn, journey)
    for draft in wanted:
        if draft.hard:
            limits = _keep_limit(turn, journey, draft, limits)
        preferences = _drop_preferences(turn, draft, preferences)
        if not draft.hard:
            preferences = [*preferences, _keep_preference(turn, journey, draft)]
    turn.session.flush()


def limits_in(turn: Turn, journey: Journey) -> list[Bound]:
    """Return the hard wishes of a journey, oldest first."""
    turn.session.flush()
    rows = _LIMITS.rows(turn.session.connection(), journey=journey.id)
    return [Bound._make(row) for row in rows]


def wishes_in(turn: Turn, journey: Journey) -> list[Wish]:
    """Return the soft wishes of a journey, oldest first."""
    turn.session.flush()
    rows = _WISHES.rows(turn.session.connection(), journey=journey.id)
    return [Wish(name, weight, value.get("value")) for name, weight, value in rows]


def _limits_in(turn: Turn, journey: Journey) -> list[Constraint]:
    return list(turn.session.scalars(_KEPT, {"journey": journey.id}))


def _preferences_in(turn: Turn, journey: Journey) -> list[Preference]:
    return list(turn.session.scalars(_PREFERENCES, {"journey": journey.id}))


def _keep_limit(
    turn: Turn, journey: Journey, draft: Draft, limits: list[Constraint]
) -> list[Constraint]:
    gone = [
        old
        for old in limits
        if old.attribute == draft.attribute and _replaces(draft, old)
    ]
    for old in gone:
        turn.session.delete(old)
    row = Constraint(
        journey_id=journey.id,
        attribute=draft.attribute,
        op=draft.op,
        value=dict(draft.value),
        said=draft.said,
        at=turn.now,
    )
    turn.session.add(row)
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
    return [*(old for old in limits if old not in gone), row]


def _replaces(new: Draft, old: Constraint) -> bool:
    """Tell whether an older limit on the same attribute cannot stand beside."""
    if new.op == old.op == "!=":
        return new.value == old.value
    if new.op == "!=":
        return old.op == "==" and new.value["value"] in _listed(old.value["value"])
    if old.op == "!=":
        return new.op == "==" and old.value["value"] in _listed(new.value["value"])
    if (new.op in LOW and old.op in HIGH) or (new.op in HIGH and old.op in LOW):
        low, high = (new, old) if new.op in LOW else (old, new)
        return bool(low.value["value"] > high.value["value"])
    return True


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _keep_preference(turn: Turn, journey: Journey, draft: Draft) -> Preference:
    row = Preference(
        journey_id=journey.id,
        attribute=draft.attribute,
        value=dict(draft.value),
        weight=draft.weight,
        said=draft.said,
        at=turn.now,
    )
    turn.session.add(row)
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
    return row


def _drop_preferences(
    turn: Turn, draft: Draft, rows: list[Preference]
) -> list[Preference]:
    """Drop what was softly wished for about the same; a price bound leaves taste."""
    if draft.hard and draft.attribute == PRICE:
        return rows
    gone = [
        old
        for old in rows
        if old.attribute == draft.attribute
        and (draft.hard or old.value == dict(draft.value))
    ]
    for old in gone:
        turn.session.delete(old)
    return [old for old in rows if old not in gone]
