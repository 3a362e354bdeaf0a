from datetime import timedelta

import pytest
from sqlalchemy import select

from journey.orders import refunds
from journey.orders.returns import State, advance_return
from journey.store.tables import Order, Return
from tests.journey.coach.shopping import deliver, order
from tests.journey.talking import Talk

CHAIR = "chair-lind-high"
ASKED = "where is my refund?"


@pytest.fixture
def returned(shop: Talk) -> Return:
    deliver(shop, order(shop, CHAIR))
    shop.say("return_order", "i want to send it back, it's too small for me")
    return shop.session.scalars(select(Return)).one()


def test_a_return_is_awaited_received_and_paid_back(
    shop: Talk, returned: Return
) -> None:
    assert shop.say("return_order", ASKED) == ["utter_return_awaited"]
    advance_return(shop.session, returned, State.RECEIVED, shop.at)
    assert shop.say("track_order", ASKED) == ["utter_return_received"]
    advance_return(shop.session, returned, State.REFUNDED, shop.at)
    assert shop.say("ask_policy", ASKED) == ["utter_refund_paid"]
    assert shop.value("refund") == "€189"


def test_a_refund_that_is_late_goes_to_a_person(shop: Talk, returned: Return) -> None:
    advance_return(shop.session, returned, State.RECEIVED, shop.at)
    shop.wait(days=30)
    assert shop.say("return_order", ASKED) == ["utter_refund_late"]
    assert shop.press("A person, please")


def test_a_refund_of_what_was_cancelled_is_told(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    row = refunds.owe(
        shop.session, placed, placed.delivery_fee, once="c", reason="x", now=shop.at
    )
    assert shop.say("return_order", ASKED)[0] == "utter_refund_due"
    refunds.settle(row, shop.at + timedelta(days=1))
    assert shop.say("return_order", ASKED)[0] == "utter_refund_paid"


def test_a_refund_of_somebody_else_is_not_told(shop: Talk, returned: Return) -> None:
    owned = shop.session.scalars(select(Order)).one()
    owned.channel = "elsewhere"
    assert shop.say("return_order", ASKED) == ["utter_no_order_here"]
    assert returned.state == State.REQUESTED


def test_asking_for_a_refund_is_no_reason_of_a_return(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    shop.say("return_order", "i want to send it back")
    shop.say("share_situation", "it wobbles")
    assert shop.say("ask_policy", "what about my return?") == ["utter_return_awaited"]
