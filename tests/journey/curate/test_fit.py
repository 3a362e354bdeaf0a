from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from journey.curate.fit import keeps
from journey.orders.workdays import Arrivals, Workdays
from tests.factories import NOW, make_product


@dataclass
class Limit:
    attribute: str
    op: str
    value: dict[str, Any] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("attribute", "op", "value", "kept"),
    [
        ("price", "<=", {"value": 189}, True),
        ("price", "<=", {"value": 188.99}, False),
        ("price", ">=", {"value": 200}, False),
        ("price", "~", {"value": 200}, True),
        ("price", "~", {"value": 300}, False),
        ("price", "between", {"value": 100, "upto": 189}, True),
        ("category", "==", {"value": ["desk-chair", "desk-lamp"]}, True),
        ("category", "!=", {"value": "desk-chair"}, False),
        ("brand", "==", {"value": "Lind"}, True),
        ("material", "!=", {"value": "leather"}, True),
        ("material", "==", {"value": "leather"}, False),
        ("seat_height_max", ">=", {"value": 58}, True),
        ("armrests", "==", {"value": True}, True),
        ("delivery", "<=", {"value": "2026-11-26"}, True),
        ("delivery", "<=", {"value": "2026-11-25"}, False),
    ],
)
def test_keeps_constraint_exactly(
    session: Session, attribute: str, op: str, value: dict[str, Any], kept: bool
) -> None:
    chair = {"material": "mesh", "seat_height_max": 58, "armrests": True}
    product = make_product(session, attributes=chair)
    assert keeps(product, Limit(attribute, op, value), Arrivals(NOW)) is kept


@pytest.mark.parametrize(
    ("hour", "closed", "kept"),
    [(13, (), True), (15, (), False), (13, (date(2026, 11, 24),), False)],
)
def test_day_is_kept_when_the_shop_can_send_in_time(
    session: Session, hour: int, closed: tuple[date, ...], kept: bool
) -> None:
    """Three workdays from Monday are Thursday: before two, and with no day off."""
    product = make_product(session)
    workdays = Workdays("DE", None, "UTC", closed)
    arrivals = Arrivals(NOW.replace(hour=hour), workdays, time(14))
    by = Limit("delivery", "<=", {"value": "2026-11-26"})
    assert keeps(product, by, arrivals) is kept


@pytest.mark.parametrize(
    ("op", "value", "kept"),
    [("==", True, False), ("==", False, True), ("!=", "x", True), ("<=", 5, False)],
)
def test_keeps_with_attribute_not_stated(
    session: Session, op: str, value: Any, kept: bool
) -> None:
    product = make_product(session)
    assert keeps(product, Limit("leather", op, {"value": value}), Arrivals(NOW)) is kept
