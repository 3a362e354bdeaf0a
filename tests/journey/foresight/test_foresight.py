"""What a customer needs again, from their own orders and from everybody's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from journey import log
from journey.foresight.foresight import VETOED, Due, foresee, foretell
from journey.knowledge import Knowledge
from journey.learning.fading import UNIT
from journey.orders.orders import Status, items_of
from journey.orders.stock import Line
from journey.store.tables import (
    Customer,
    Execution,
    Fact,
    LearnedGap,
    Product,
    Return,
)
from tests.factories import NOW, make_customer, make_order, make_product
from tests.journey.mandates.test_mandates import make_mandate


class Household:
    """A customer who takes one product again and again."""

    def __init__(self, session: Session, knowledge: Knowledge, **columns: object):
        given = {"name": "Beans", "category": "coffee", "stock": 999, **columns}
        self.session, self.knowledge = session, knowledge
        self.customer: Customer = make_customer(session)
        self.product: Product = make_product(session, **given)

    def buys(self, *days_ago: float, pieces: int = 1) -> None:
        for ago in days_ago:
            order = make_order(
                self.session,
                Line(self.product.id, pieces),
                customer=self.customer,
                now=NOW - timedelta(days=ago),
                once=f"{ago} days ago",
            )
            self.last = order

    def due(self, now: datetime = NOW) -> Due:
        found = foretell(
            self.session, self.customer.id, self.product, self.knowledge, now
        )
        assert found is not None
        return found


def days(due: Due, now: datetime = NOW) -> float:
    return (due.day(now) - NOW) / timedelta(days=1)


def test_nothing_bought_is_nothing_foretold(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge, uses_up_days=20)
    found = foretell(session, house.customer.id, house.product, knowledge, NOW)
    assert found is None


def test_thing_that_lasts_is_not_foretold(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge, category="desk-chair")
    house.buys(100)
    assert foresee(session, house.customer.id, knowledge, NOW) == []


def test_first_purchase_leans_on_how_long_it_lasts(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge, uses_up_days=25)
    house.buys(5)
    assert 18 < days(house.due()) < 28
    said = house.due().reason(knowledge.language("en"))
    assert said == "it lasts about 4 weeks, and you took it on Wednesday 18 November"


def test_two_pieces_last_twice_as_long(session: Session, knowledge: Knowledge) -> None:
    house = Household(session, knowledge, uses_up_days=25)
    house.buys(1, pieces=2)
    assert days(house.due()) > 45


def test_own_rhythm_says_why(session: Session, knowledge: Knowledge) -> None:
    house = Household(session, knowledge, uses_up_days=25)
    house.buys(82, 61, 40, 20)
    due = house.due()
    assert -1 < days(due) < 12
    assert due.is_sure
    assert "about every 3 weeks so far" in due.reason(knowledge.language("en"))


def test_what_was_said_shortens_the_wait(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge, uses_up_days=60, attributes={"weight": 0.5})
    house.buys(1)
    before = days(house.due())
    fact = Fact(
        customer_id=house.customer.id,
        about="coffee_use",
        value="4 cups a day",
        said="we drink four cups a day",
        at=NOW,
    )
    session.add(fact)
    session.flush()
    assert days(house.due()) < before / 2
    reason = house.due().reason(knowledge.language("en"))
    assert reason.startswith('you said "we drink four cups a day"')


def test_everybody_tells_about_a_product_that_says_nothing(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge)
    house.buys(2)
    assert foresee(session, house.customer.id, knowledge, NOW) == []
    log = round(2.708 * UNIT)  # 15 days
    session.add(
        LearnedGap(
            product_id=house.product.id, count=40, logs=40 * log, squares=40 * log**2
        )
    )
    session.flush()
    assert 10 < days(house.due()) < 16
    assert "others need it again" in house.due().reason(knowledge.language("en"))


@pytest.mark.parametrize("gone", ["cancelled", "returned"])
def test_purchase_that_was_none_does_not_count(
    session: Session, knowledge: Knowledge, gone: str
) -> None:
    house = Household(session, knowledge, uses_up_days=30)
    house.buys(40, 10)
    if gone == "cancelled":
        house.last.status = Status.CANCELLED
    else:
        item = items_of(session, house.last)[0]
        session.add(
            Return(item_id=item.id, quantity=1, reason="x", refund=1, requested_at=NOW)
        )
    session.flush()
    assert len(house.due().purchases) == 1


def test_silence_moves_the_day_on(session: Session, knowledge: Knowledge) -> None:
    house = Household(session, knowledge, uses_up_days=30)
    house.buys(100, 70, 40)
    late = NOW + timedelta(days=20)
    assert house.due(late).day(late) > late


def test_not_yet_moves_the_day_on_and_makes_it_less_sure(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge, uses_up_days=30)
    house.buys(120, 90, 60, 30)
    before = house.due().day(NOW)
    for ahead in (3, 10):
        log.append(
            session,
            VETOED,
            at=NOW + timedelta(days=ahead),
            customer_id=house.customer.id,
            payload={"product": house.product.id},
        )
    later = NOW + timedelta(days=11)
    assert house.due(later).day(later) > before + timedelta(days=7)
    assert not house.due(later).is_sure


def test_foresee_puts_the_nearest_first(session: Session, knowledge: Knowledge) -> None:
    house = Household(session, knowledge, uses_up_days=20)
    house.buys(19)
    other = make_product(session, category="coffee-filter", uses_up_days=200)
    make_order(
        session,
        Line(other.id),
        customer=house.customer,
        now=NOW - timedelta(days=10),
        once="another",
    )
    found = foresee(session, house.customer.id, knowledge, NOW)
    assert [x.product.id for x in found] == [house.product.id, other.id]
    assert found[0].chance(NOW, timedelta(days=7)) > 0.15
    assert found[1].chance(NOW, timedelta(days=7)) < 0.01


def test_what_a_mandate_ordered_instead_met_the_need(
    session: Session, knowledge: Knowledge
) -> None:
    house = Household(session, knowledge, uses_up_days=20)
    house.buys(40, 20)
    other = make_product(session, category="coffee", stock=9)
    mandate = make_mandate(session, house.customer.id, house.product.id)
    order = make_order(session, Line(other.id), customer=house.customer, once="instead")
    execution = Execution(
        mandate_id=mandate.id,
        customer_id=house.customer.id,
        number=1,
        product_id=other.id,
        quantity=1,
        state="ordered",
        order_at=NOW,
        created_at=NOW,
        order_id=order.id,
    )
    session.add(execution)
    session.flush()
    assert house.due().last == NOW
    assert days(house.due()) > 15
