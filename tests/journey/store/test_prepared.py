from decimal import Decimal

import pytest
from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from journey.store import prepared
from journey.store.prepared import Among, Prepared
from journey.store.tables import Event, Product
from tests.factories import NOW, make_product

EVENTS = Event.__table__.c
PLACED = Prepared(
    select(EVENTS.at, EVENTS.payload)
    .where(EVENTS.kind == "order_placed", EVENTS.at <= bindparam("at"))
    .limit(1)
)


PRODUCTS = Product.__table__.c
THESE = Among(
    lambda these: (
        select(PRODUCTS.id, PRODUCTS.price)
        .where(PRODUCTS.id.in_(these))
        .order_by(PRODUCTS.id)
    )
)


def test_values_are_bound_and_read_by_their_types(crowd: Engine) -> None:
    event = Event(at=NOW, kind="order_placed", payload={"order": 1}, decided_by="x")
    with Session(crowd) as session:
        session.add(event)
        session.flush()
        found = list(PLACED.rows(session.connection(), at=NOW))
        assert found == [(NOW, {"order": 1})]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
def test_a_list_of_any_length_is_asked_for_in_parts(
    crowd: Engine, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(prepared, "SIZES", (2, 4))
    ids = [f"chair-{number}" for number in range(count)]
    with Session(crowd) as session:
        for name in ids:
            make_product(session, id=name)
        found = list(THESE.rows(session.connection(), ids))
    assert found == [(name, Decimal(189)) for name in ids]
