from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from journey.curate.history import KEPT, RETURNED, own_history
from journey.orders import Delivery, Line, Status, advance, items_of, place
from journey.returns import ReturnPolicy, request_return
from tests.factories import NOW, make_customer, make_product

FREE = Delivery(fee=Decimal(0), free_from=Decimal(0))


@pytest.mark.parametrize(
    ("end", "term"), [("kept", (KEPT,)), ("returned", (RETURNED,)), ("cancelled", None)]
)
def test_own_orders_speak_for_and_against(
    session: Session, end: str, term: tuple[object, ...] | None
) -> None:
    customer, product = make_customer(session), make_product(session)
    order = place(
        session,
        [Line(product.id)],
        customer_id=customer.id,
        once="x",
        delivery=FREE,
        address=None,
        now=NOW,
    )
    if end == "cancelled":
        advance(session, order, Status.CANCELLED, NOW)
    if end == "returned":
        advance(session, order, Status.SHIPPED, NOW)
        (item,) = items_of(session, order)
        policy = ReturnPolicy(days=30)
        request_return(session, order, item, reason="x", policy=policy, now=NOW)
    assert own_history(session, customer.id, [product.id], NOW).get(product.id) == term
