"""Errands: what is asked of a platform is asked once, whoever dies when."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select

from journey.orders.orders import Status, advance
from journey.orders.refunds import refunds_of
from journey.orders.returns import ReturnPolicy, State, Wish, advance_return
from journey.owner.ownership import Owner
from journey.shop.errands import LEASE
from journey.shop.platform import Dearer, Down, Refused, Repaid, SoldOut
from journey.store.tables import (
    ButtonToken,
    Conversation,
    Customer,
    Promise,
    Return,
)
from tests.journey.shop.conftest import CHAIR, Counter

POLICY = ReturnPolicy(days=30)


class Killed(BaseException):
    """The process dies here."""


def fail(error: BaseException) -> None:
    raise error


def test_order_is_passed_on_and_confirmed_with_its_page_to_pay(
    counter: Counter,
) -> None:
    assert counter.order()[0] == "utter_order_passed_on"
    assert (counter.placed.status, counter.platform.asked) == ("placing", [])
    assert counter.run() == 1
    order = counter.placed
    assert (order.status, order.external_id, order.called) == (
        "placed",
        "ref-1000",
        "7000",
    )
    (told,) = counter.told()
    assert "7000" in told and "https://shop.example/pay/1" in told
    # Nothing is promised before it is paid.
    assert counter.talk.session.scalars(select(Promise)).all() == []
    assert counter.run() == 0


def test_wanted_is_what_the_customer_agreed_to(counter: Counter) -> None:
    counter.order(count=2)
    counter.run()
    (wanted,) = counter.platform.wanted
    (line,) = wanted.lines
    assert (line.product, line.quantity, line.price) == (CHAIR, 2, Decimal("189.00"))
    assert wanted.address["country"] == "DE"
    assert wanted.key == counter.placed.id


def test_nothing_is_asked_inside_a_transaction(counter: Counter) -> None:
    counter.order()

    def write() -> None:
        with counter.sessions.begin() as session:
            session.get_one(Customer, "customer").name = "Ada"

    counter.platform.before = write
    counter.run()
    assert counter.placed.status == "placed"


def test_fault_is_tried_again_later_and_told_once(counter: Counter) -> None:
    counter.order()
    counter.platform.before = lambda: fail(Down("503"))
    assert counter.run() == 1
    assert counter.run() == 0, "too soon"
    for _ in range(3):
        counter.run(minutes=5)
    assert [text for text in counter.told() if "again" not in text] == counter.told()
    assert len(counter.told()) == 1
    assert counter.errands[0].failure == "503"
    counter.platform.before = lambda: None
    counter.run(minutes=20)
    assert counter.placed.status == "placed"
    assert len(counter.told()) == 2


def test_platform_says_when_to_come_back(counter: Counter) -> None:
    counter.order()
    counter.platform.before = lambda: fail(Down("429", timedelta(minutes=9)))
    counter.run()
    assert counter.run(minutes=8) == 0
    assert counter.run(minutes=8) == 1


def test_death_after_the_order_was_made_makes_no_second_one(counter: Counter) -> None:
    counter.order()
    counter.platform.after = lambda: fail(Killed())
    with pytest.raises(Killed):
        counter.run()
    counter.platform.after = lambda: None
    assert counter.run() == 0, "somebody may still be at it"
    assert counter.run(seconds=LEASE.total_seconds()) == 1
    assert (len(counter.platform.orders), counter.placed.status) == (1, "placed")
    assert len(counter.told()) == 1


def test_slow_runner_whose_claim_was_lost_writes_nothing(counter: Counter) -> None:
    counter.order()
    late = counter.talk.at + LEASE

    def overtaken() -> None:
        counter.platform.after = lambda: None
        with counter.sessions() as session:
            assert counter.runner.run(session, now=late, random=Random(0)) == 1
            session.commit()

    counter.platform.after = overtaken
    counter.run()
    assert len(counter.told()) == 1
    assert counter.placed.status == "placed"


@pytest.mark.parametrize(
    ("left", "said", "buttons"),
    [(0, "sold out", 0), (1, "only 1", 1)],
)
def test_sold_out_there_is_told_and_believed(
    counter: Counter, left: int, said: str, buttons: int
) -> None:
    counter.order(count=2)
    counter.platform.before = lambda: fail(SoldOut(CHAIR, left))
    counter.run()
    assert (counter.placed.status, counter.stock()) == ("failed", left)
    assert said in counter.told()[0]
    tokens = counter.talk.session.scalars(select(ButtonToken)).all()
    assert len(tokens) == buttons


def test_dearer_there_is_told_with_the_new_price(counter: Counter) -> None:
    counter.order()
    before = counter.stock()
    counter.platform.before = lambda: fail(Dearer(CHAIR, Decimal("199.00")))
    counter.run()
    assert "€199" in counter.told()[0]
    assert (counter.placed.status, counter.stock()) == ("failed", before + 1)
    counter.platform.before = lambda: None
    said = counter.say("order_product", "again", *counter_product())
    assert said == ["utter_confirm_order"]
    assert "€199" in counter.talk.value("total")


def counter_product() -> list[object]:
    from journey.turn import Entity

    return [Entity("product", CHAIR, 0, 5)]


def test_refusal_brings_a_person(counter: Counter) -> None:
    counter.order()
    counter.platform.before = lambda: fail(Refused("400 rest_invalid_param"))
    counter.run()
    here = counter.talk.session.scalars(select(Conversation)).one()
    assert here.owner == Owner.REQUESTED
    assert counter.placed.status == "failed"
    assert "person" in counter.told()[0]


def test_errand_is_given_up_after_hours(counter: Counter) -> None:
    counter.order()
    counter.platform.before = lambda: fail(Down("timeout"))
    counter.run()
    counter.run(hours=3)
    assert (counter.placed.status, counter.errands[0].state) == ("failed", "failed")
    assert counter.errands[0].failure == "given up: timeout"


def test_cancel_is_passed_on_and_in_our_books_once_done(counter: Counter) -> None:
    counter.order()
    counter.run()
    counter.say("cancel_order", "cancel it")
    assert counter.say("affirm", "yes")[0] == "utter_passed_on"
    assert counter.placed.status == "placed"
    before = counter.stock()
    counter.run()
    assert (counter.placed.status, counter.stock()) == ("cancelled", before + 1)
    assert counter.platform.asked == ["place", "cancel"]
    assert "cancelled order 7000" in counter.told()[-1]


def test_cancel_before_the_order_was_placed_waits_for_it(counter: Counter) -> None:
    counter.order()
    counter.say("cancel_order", "cancel it")
    counter.say("affirm", "yes")
    assert [counter.run() for _ in range(3)] == [1, 1, 0]
    assert counter.platform.asked == ["place", "cancel"]
    assert counter.placed.status == "cancelled"


def test_cancel_asked_twice_is_one_errand(counter: Counter) -> None:
    counter.order()
    counter.run()
    for _ in range(2):
        counter.say("cancel_order", "cancel it")
        counter.say("affirm", "yes")
    assert [counter.run() for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("by_gateway", [True, False])
def test_refund_of_a_paid_order_is_recorded(counter: Counter, by_gateway: bool) -> None:
    counter.order()
    counter.run()
    counter.placed.paid_at = counter.talk.at
    counter.platform.repaid = Repaid("r9", by_gateway)
    counter.say("cancel_order", "cancel it")
    counter.say("affirm", "yes")
    counter.run()
    (refund,) = refunds_of(counter.talk.session, counter.placed)
    state = "paid" if by_gateway else "due"
    assert (refund.amount, refund.state, refund.external_id) == (
        Decimal("189.00"),
        state,
        "r9",
    )


def test_change_that_the_platform_refuses_changes_nothing(counter: Counter) -> None:
    counter.order()
    counter.run()
    counter.say("cancel_order", "cancel it")
    counter.say("affirm", "yes")
    counter.platform.before = lambda: fail(Refused("409 it is packed"))
    counter.run()
    assert counter.placed.status == "placed"
    assert "didn't cancel" in counter.told()[-1]


def test_what_the_platform_cannot_do_is_done_by_a_person(counter: Counter) -> None:
    from journey.turn import Entity

    counter.order()
    counter.run()
    more = Entity("count", 3, 8, 9)
    said = counter.say("change_order", "make it 3", more)
    assert said == ["utter_not_possible_here", "utter_handoff_now"]
    assert counter.run() == 0


def test_return_is_paid_back_by_the_platform_once(counter: Counter) -> None:
    counter.order()
    counter.run()
    session, shop = counter.talk.session, counter.talk.shop
    order, (item,), now = counter.placed, counter.items, counter.talk.at
    for status in (Status.SHIPPED, Status.DELIVERED):
        advance(session, order, status, now)
    row = shop.take_back(session, order, item, Wish("not_needed"), POLICY, now)
    advance_return(session, row, State.RECEIVED, now)
    for _ in range(2):
        shop.repay(session, row, now)
    session.commit()
    assert [counter.run(), counter.run()] == [1, 0]
    assert counter.platform.refunds == {f"return:{row.id}": Decimal("189.00")}
    assert session.scalars(select(Return.state)).all() == ["refunded"]
    (refund,) = refunds_of(session, order)
    assert (refund.state, refund.external_id) == ("paid", "r1")
    assert "€189" in counter.told()[-1]


def test_order_of_something_that_is_not_the_platforms_is_refused(
    counter: Counter,
) -> None:
    from journey.store.tables import Product

    counter.talk.session.get_one(Product, CHAIR).external_id = None
    counter.order()
    counter.run()
    assert counter.platform.asked == []
    assert "not one of the shop's system" in (counter.errands[0].failure or "")
