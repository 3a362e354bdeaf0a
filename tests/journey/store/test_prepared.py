from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from journey.store.prepared import Prepared
from journey.store.tables import Event
from tests.factories import NOW

EVENTS = Event.__table__.c
PLACED = Prepared(
    select(EVENTS.at, EVENTS.payload)
    .where(EVENTS.kind == "order_placed", EVENTS.at <= bindparam("at"))
    .limit(1)
)


def test_values_are_bound_and_read_by_their_types(crowd: Engine) -> None:
    event = Event(at=NOW, kind="order_placed", payload={"order": 1}, decided_by="x")
    with Session(crowd) as session:
        session.add(event)
        session.flush()
        found = list(PLACED.rows(session.connection(), at=NOW))
        assert found == [(NOW, {"order": 1})]
