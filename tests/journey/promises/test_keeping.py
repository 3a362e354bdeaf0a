from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.promises.keeping import count, open_ones
from journey.promises.promises import State, keep_promise, make_promise, settle_promise
from journey.store.tables import Promise
from tests.factories import NOW, make_customer


def promise(session: Session, customer: str, keeper: str = "shop") -> Promise:
    return make_promise(
        session,
        "delivery",
        customer_id=customer,
        due_at=NOW + timedelta(days=2),
        now=NOW,
        keeper=keeper,
    )


def test_promises_are_counted_by_kind_and_keeper(session: Session) -> None:
    customer = make_customer(session).id
    for days in (1, 1, 3):
        kept = promise(session, customer)
        keep_promise(session, kept, NOW + timedelta(days=days))
    settle_promise(session, promise(session, customer), State.BROKEN, NOW)
    settle_promise(session, promise(session, customer), State.RELEASED, NOW)
    promise(session, customer, keeper="maria")
    maria, shop = count(session, NOW, NOW + timedelta(days=5))
    assert (maria.keeper, maria.states[State.OPEN], maria.overdue) == ("maria", 1, 1)
    assert [shop.states[x] for x in list(State)[1:]] == [2, 1, 1, 1]
    assert shop.share_kept == pytest.approx(0.5)
    assert shop.usual_delay == pytest.approx(24)


def test_older_promises_are_left_out(session: Session) -> None:
    promise(session, make_customer(session).id)
    assert count(session, NOW + timedelta(days=1), NOW + timedelta(days=5)) == []


def test_open_ones_begin_with_those_that_customers_know_of(session: Session) -> None:
    customer = make_customer(session).id
    first, told = promise(session, customer), promise(session, customer)
    told.told_at = NOW
    session.flush()
    assert [x.id for x in open_ones(session)] == [told.id, first.id]
