"""Many customers who want the same few things; light, because processes load it."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from journey.orders.stock import Line, OutOfStock, reserve
from journey.shop.embedded import EmbeddedShop
from journey.store.engine import open_engine, open_sessions
from journey.store.tables import Customer
from tests.factories import NOW, make_basket, make_customer, make_product


def shop_for(engine: Engine, customers: int) -> tuple[str, str, list[str]]:
    """Return two products of which there are ten, and who wants one of each."""
    with open_sessions(engine).begin() as session:
        products = [make_product(session, stock=10).id for _ in range(2)]
        return *products, [make_customer(session).id for _ in range(customers)]


def buy(
    sessions: Callable[[], Session], products: tuple[str, str], customer_id: str
) -> bool:
    """Think about both for a while as a customer does, then order, twice over."""
    # Half of them name the two the other way round: a deadlock if locks were so, too.
    first, second = products if int(customer_id, 16) % 2 else products[::-1]
    lines = Line(first), Line(second)
    try:
        with sessions() as session, session.begin():
            reserve(session, customer_id, lines, NOW)
        for _ in range(2):
            with sessions() as session, session.begin():
                customer = session.get_one(Customer, customer_id)
                basket = make_basket(customer, *lines)
                EmbeddedShop().place(session, basket, NOW)
    except OutOfStock:
        return False
    return True


def buy_all(url: str, products: tuple[str, str], people: list[str]) -> int:
    engine = open_engine(url)
    try:
        return sum(buy(open_sessions(engine), products, who) for who in people)
    finally:
        engine.dispose()
