"""Stock under many hands: every piece is kept and sold once, on both databases."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from journey.orders.stock import (
    KEPT,
    Line,
    OutOfStock,
    expire,
    put_back,
    release,
    reserve,
    take,
)
from journey.shop.embedded import EmbeddedShop
from journey.store.engine import open_sessions
from journey.store.tables import Order, Product, Reservation, StockMove
from tests.factories import NOW, make_basket, make_customer, make_product
from tests.journey.crowd import buy, buy_all, shop_for

LATER = NOW + KEPT


def kept(session: Session, product: Product) -> tuple[int, int]:
    session.refresh(product)
    return product.stock, product.reserved


def test_reserve_leaves_less_for_others(session: Session) -> None:
    product = make_product(session, stock=5)
    one, other = make_customer(session), make_customer(session)
    reserve(session, one.id, [Line(product.id, 4)], NOW)
    with pytest.raises(OutOfStock) as refused:
        reserve(session, other.id, [Line(product.id, 2)], NOW)
    assert refused.value.left == product.left == 1


def test_reserve_again_replaces_what_was_kept(session: Session) -> None:
    chair, lamp = make_product(session, stock=5), make_product(session, stock=5)
    customer = make_customer(session)
    reserve(session, customer.id, [Line(chair.id, 4)], NOW)
    reserve(session, customer.id, [Line(chair.id, 5), Line(lamp.id)], NOW)
    assert (chair.reserved, lamp.reserved) == (5, 1)
    release(session, customer.id, NOW)
    assert (chair.reserved, lamp.reserved) == (0, 0)


def test_reservation_expires_when_somebody_else_asks(session: Session) -> None:
    product = make_product(session, stock=2)
    slow, quick = make_customer(session), make_customer(session)
    reserve(session, slow.id, [Line(product.id, 2)], NOW)
    reserve(session, quick.id, [Line(product.id, 2)], LATER)
    assert session.scalars(select(Reservation.customer_id)).all() == [quick.id]
    assert kept(session, product) == (2, 2)


def test_expire_frees_what_is_due_only(session: Session) -> None:
    early, late = make_product(session), make_product(session)
    reserve(session, make_customer(session).id, [Line(early.id)], NOW)
    reserve(session, make_customer(session).id, [Line(late.id)], LATER)
    assert expire(session, LATER) == 1
    assert (early.reserved, late.reserved) == (0, 1)


def test_reservation_that_expired_unasked_is_still_its_owners(
    session: Session,
) -> None:
    product, customer = make_product(session, stock=1), make_customer(session)
    reserve(session, customer.id, [Line(product.id)], NOW)
    take(session, customer.id, [Line(product.id)], order_id="o", reason="x", now=LATER)
    assert kept(session, product) == (0, 0)


def test_take_of_less_than_the_owner_has_left_is_refused(session: Session) -> None:
    product, customer = make_product(session, stock=3), make_customer(session)
    reserve(session, customer.id, [Line(product.id, 3)], NOW)
    product.stock = 1
    session.flush()
    with pytest.raises(OutOfStock) as refused:
        take(
            session,
            customer.id,
            [Line(product.id, 3)],
            order_id="o",
            reason="x",
            now=NOW,
        )
    assert refused.value.left == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release", "take", "back", "expire", "wait"]),
        st.integers(0, 2),
        st.integers(1, 4),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_books_always_balance(
    session: Session, steps: list[tuple[str, int, int]]
) -> None:
    product = make_product(session, stock=6)
    people = [make_customer(session).id for _ in range(3)]
    now, sold = NOW, 0
    for step, who, pieces in steps:
        line = Line(product.id, pieces)
        try:
            if step == "reserve":
                reserve(session, people[who], [line], now)
            elif step == "take":
                # As an order is written: all of it or nothing.
                with session.begin_nested():
                    take(
                        session, people[who], [line], order_id="o", reason="x", now=now
                    )
                sold += pieces
        except OutOfStock:
            session.expire(product)
        if step == "release":
            release(session, people[who], now)
        elif step == "back" and sold >= pieces:
            put_back(session, line, order_id="o", reason="x", now=now)
            sold -= pieces
        elif step == "expire":
            expire(session, now)
        elif step == "wait":
            now += timedelta(minutes=5 * pieces)
        stock, reserved = kept(session, product)
        rows = select(func.sum(Reservation.quantity)).where(
            Reservation.product_id == product.id
        )
        assert stock == 6 - sold >= 0
        assert reserved == (session.scalar(rows) or 0) <= stock


def check_sold(engine: Engine, products: tuple[str, str], sold: int) -> None:
    with open_sessions(engine)() as session:
        rows = session.scalars(select(Product).where(Product.id.in_(products))).all()
        assert sold == 10
        assert [(row.stock, row.reserved) for row in rows] == [(0, 0)] * 2
        assert session.scalar(select(func.count()).select_from(Order)) == 10
        assert session.scalar(select(func.sum(StockMove.pieces))) == -20
        numbers = session.scalars(select(Order.number).order_by(Order.number)).all()
        assert len(set(numbers)) == 10


def test_hundred_customers_buy_ten_pieces_in_threads(crowd: Engine) -> None:
    first, second, people = shop_for(crowd, 100)
    buyer = partial(buy, open_sessions(crowd), (first, second))
    with ThreadPoolExecutor(10) as pool:
        sold = sum(pool.map(buyer, people))
    check_sold(crowd, (first, second), sold)


def test_hundred_customers_buy_ten_pieces_in_processes(crowd: Engine) -> None:
    first, second, people = shop_for(crowd, 100)
    url = crowd.url.render_as_string(hide_password=False)
    work = partial(buy_all, url, (first, second))
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.journey.crowd"])
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        sold = sum(pool.map(work, [people[n::3] for n in range(3)]))
    check_sold(crowd, (first, second), sold)


def test_one_key_from_many_sides_is_one_order(crowd: Engine) -> None:
    sessions = open_sessions(crowd)
    with sessions.begin() as session:
        product, customer = make_product(session, stock=10), make_customer(session)
        basket = make_basket(customer, Line(product.id))

    def click(_: int) -> int:
        with sessions.begin() as session:
            return EmbeddedShop().place(session, basket, NOW).number

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(click, range(16)))) == 1
    with sessions() as session:
        assert session.get_one(Product, product.id).stock == 9
