from datetime import timedelta

from sqlalchemy.orm import Session

from journey.promises.promises import State, close_promise, make_promise, open_promises
from journey.store.tables import Promise
from tests.factories import NOW, make_customer


def promise(
    session: Session, customer: str, days: int, kind: str = "check_in"
) -> Promise:
    due = NOW + timedelta(days=days)
    return make_promise(
        session, kind, customer_id=customer, due_at=due, now=NOW, keeper="bot"
    )


def test_open_promises_nearest_first(session: Session) -> None:
    customer = make_customer(session).id
    late, soon = promise(session, customer, 9), promise(session, customer, 2)
    assert open_promises(session, customer) == [soon, late]
    assert open_promises(session, customer, "delivery") == []


def test_close_promise_once(session: Session) -> None:
    kept = promise(session, make_customer(session).id, 1)
    close_promise(kept, State.KEPT, NOW)
    close_promise(kept, State.BROKEN, NOW + timedelta(days=1))
    assert (kept.state, kept.closed_at) == (State.KEPT, NOW)
