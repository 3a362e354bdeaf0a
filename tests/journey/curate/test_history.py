import pytest
from sqlalchemy.orm import Session

from journey.curate.history import KEPT, RETURNED, own_history
from journey.orders import Status, advance, items_of
from journey.returns import ReturnPolicy, Wish, request_return
from journey.stock import Line
from tests.factories import NOW, make_customer, make_order, make_product


@pytest.mark.parametrize(
    ("end", "term"), [("kept", (KEPT,)), ("returned", (RETURNED,)), ("cancelled", None)]
)
def test_own_orders_speak_for_and_against(
    session: Session, end: str, term: tuple[object, ...] | None
) -> None:
    customer, product = make_customer(session), make_product(session)
    order = make_order(session, Line(product.id), customer=customer)
    if end == "cancelled":
        advance(session, order, Status.CANCELLED, NOW)
    if end == "returned":
        advance(session, order, Status.SHIPPED, NOW)
        (item,) = items_of(session, order)
        policy = ReturnPolicy(days=30)
        request_return(session, order, item, Wish("x"), policy, NOW)
    assert own_history(session, customer.id, [product.id], NOW).get(product.id) == term
