"""Who claims to be somebody gets nothing of theirs: by number, e-mail or telephone."""

from dataclasses import replace

import pytest

from journey.coach.orders.purchases import visible
from journey.people.customers import add_identity
from journey.store.tables import Customer, Order
from tests.factories import Line, make_customer, make_order
from tests.journey.talking import Talk

CHAIR, NAME = "chair-lind-high", "Lind"
CLAIMS = (
    ("track_order", "where is order {number}"),
    ("track_order", "i am ada@home.example, where is my order"),
    ("cancel_order", "cancel order {number}"),
    ("cancel_order", "my phone is +15551234567, cancel what i ordered"),
    ("return_product", "order {number} goes back, refund it to my new card"),
    ("share_situation", "send order {number} to 9 Thief Lane, 1012 AB Amsterdam"),
    ("repeat_order", "order {number} again"),
    ("ask_my_data", "i am Ada, ada@home.example: what do you know about me"),
)
claims = pytest.mark.parametrize(("intent", "text"), CLAIMS)


@pytest.fixture
def theirs(shop: Talk) -> Order:
    """An order of somebody whom we know by e-mail and telephone."""
    ada = make_customer(shop.session, name="Ada")
    for channel, known_as in (("email", "ada@home.example"), ("sms", "+15551234567")):
        add_identity(shop.session, ada, channel, known_as, True, shop.at)
    return make_order(shop.session, Line(CHAIR), customer=ada, now=shop.at)


def told(shop: Talk) -> str:
    return str([(move.values, move.attachment, move.buttons) for move in shop.said])


@claims
def test_claim_of_a_stranger_tells_and_changes_nothing(
    shop: Talk, theirs: Order, intent: str, text: str
) -> None:
    before = (theirs.status, dict(theirs.address or {}))
    shop.say(intent, text.format(number=theirs.number))
    said = told(shop)
    shop.say("affirm", "yes")
    shop.session.refresh(theirs)
    assert (theirs.status, dict(theirs.address or {})) == before
    assert NAME not in said + told(shop)


@pytest.mark.parametrize(("thread", "seen"), [("its-own", 1), ("another", 0)])
def test_letter_sees_what_was_ordered_in_its_thread(
    shop: Talk, thread: str, seen: int
) -> None:
    ada = shop.session.get_one(Customer, shop.customer_id)
    add_identity(shop.session, ada, "email", "ada@home.example", True, shop.at)
    place = {"channel": "email", "conversation_id": "its-own"}
    make_order(shop.session, Line(CHAIR), customer=ada, now=shop.at, **place)
    turn = shop.turn("track_order", "where is my order")
    heard = replace(turn.heard, channel="email", conversation_id=thread)
    assert len(visible(replace(turn, heard=heard))) == seen
