from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from journey.orders import (
    Delivery,
    Line,
    OrderError,
    OutOfStock,
    Status,
    WrongMove,
    advance,
    cancel_item,
    items_of,
    place,
    total,
)
from journey.store.engine import open_sessions
from journey.store.tables import Order, Product, StockMove
from tests.factories import NOW, make_customer, make_product

DELIVERY = Delivery(fee=Decimal("4.90"), free_from=Decimal(60))


def order(session: Session, *lines: Line, once: str = "first") -> Order:
    customer = session.scalar(select(Order.customer_id)) or make_customer(session).id
    return place(
        session,
        lines,
        customer_id=customer,
        once=once,
        delivery=DELIVERY,
        address=None,
        now=NOW,
    )


def test_place_takes_stock_and_logs_it(session: Session) -> None:
    product = make_product(session, stock=5)
    placed = order(session, Line(product.id, 2))
    session.refresh(product)
    assert product.stock == 3
    assert session.scalar(select(StockMove.pieces)) == -2
    assert placed.number == 1000


def test_place_twice_under_one_key_is_one_order(session: Session) -> None:
    product = make_product(session, stock=5)
    first = order(session, Line(product.id))
    assert order(session, Line(product.id)) is first
    session.refresh(product)
    assert product.stock == 4


def test_place_more_than_stock_takes_nothing(session: Session) -> None:
    plenty, scarce = make_product(session), make_product(session, stock=1)
    with pytest.raises(OutOfStock) as refused:
        order(session, Line(plenty.id), Line(scarce.id, 2))
    assert (refused.value.product, refused.value.left) == (scarce, 1)
    assert session.scalar(select(func.count()).select_from(StockMove)) == 0


@pytest.mark.parametrize("quantity", [0, -1])
def test_place_without_a_piece_is_refused(session: Session, quantity: int) -> None:
    product = make_product(session)
    with pytest.raises(OrderError, match="at least one piece"):
        order(session, Line(product.id, quantity))


def test_place_unknown_product_is_refused(session: Session) -> None:
    with pytest.raises(OrderError, match="no such product: ghost"):
        order(session, Line("ghost"))


@pytest.mark.parametrize(("price", "paid"), [("10.00", "14.90"), ("60.00", "60.00")])
def test_total_adds_delivery_below_the_threshold(
    session: Session, price: str, paid: str
) -> None:
    product = make_product(session, price=Decimal(price))
    assert total(session, order(session, Line(product.id))) == Decimal(paid)


def test_cancel_gives_stock_back_once(session: Session) -> None:
    product = make_product(session, stock=5)
    placed = order(session, Line(product.id, 2))
    advance(session, placed, Status.CANCELLED, NOW)
    with pytest.raises(WrongMove, match="cancelled cannot become cancelled"):
        advance(session, placed, Status.CANCELLED, NOW)
    session.refresh(product)
    assert product.stock == 5


def test_cancel_shipped_is_refused(session: Session) -> None:
    placed = order(session, Line(make_product(session).id))
    advance(session, placed, Status.SHIPPED, NOW)
    with pytest.raises(WrongMove, match="shipped cannot become cancelled"):
        advance(session, placed, Status.CANCELLED, NOW)


def test_cancel_last_item_cancels_the_order(session: Session) -> None:
    placed = order(session, Line(make_product(session).id))
    cancel_item(session, placed, items_of(session, placed)[0], NOW)
    assert placed.status == Status.CANCELLED
    assert total(session, placed) == 0


def test_place_by_many_at_once_sells_each_piece_once(engine: Engine) -> None:
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        product = make_product(session, stock=10).id
        buyers = [make_customer(session).id for _ in range(30)]

    def buy(buyer: str) -> bool:
        try:
            with sessions.begin() as session:
                place(
                    session,
                    [Line(product)],
                    customer_id=buyer,
                    once="x",
                    delivery=DELIVERY,
                    address=None,
                    now=NOW,
                )
        except OutOfStock:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        sold = sum(pool.map(buy, buyers))
    with sessions() as session:
        assert (sold, session.get_one(Product, product).stock) == (10, 0)
