"""A customer's own page in a real browser: opened by a link, used, and accessible."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from journey.mandates.executions import State
from journey.mandates.mandates import give_mandate
from journey.orders.stock import Line
from journey.people import linking
from journey.store.engine import open_engine
from journey.store.tables import Customer, Execution, Product
from tests.e2e.conftest import Shop
from tests.e2e.test_chat_page import faults
from tests.factories import (
    make_conversation,
    make_customer,
    make_order,
    make_product,
)

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def link_of(shop: Shop) -> str:
    """Return the link to the page of a new customer who gave a mandate."""
    now = datetime.now(UTC)
    engine = open_engine(shop.env["COACH_DATABASE_URL"])
    with Session(engine) as session, session.begin():
        customer = make_customer(session, name="Ada", timezone="Europe/Berlin")
        make_conversation(session, customer)
        product = make_product(session, name="Water Filter", uses_up_days=30)
        other = make_product(session, name="Oat Milk")
        make_order(
            session, Line(other.id), customer=customer, channel="website", now=now
        )
        act_twice(session, customer, product, now)
        code = linking.issue(session, customer.id, now=now)
    engine.dispose()
    return f"{shop.url}/yours/open?code={code}"


def act_twice(
    session: Session, customer: Customer, product: Product, now: datetime
) -> None:
    """Give a mandate with one order that was placed and one that is to come."""
    mandate = give_mandate(
        session,
        customer_id=customer.id,
        product_id=product.id,
        cap=Decimal("30"),
        every_days=28,
        said="order it",
        now=now,
    )
    order = make_order(session, Line(product.id), customer=customer, now=now)
    ends: list[tuple[State, str | None]] = [
        (State.ORDERED, order.id),
        (State.ANNOUNCED, None),
    ]
    for number, (state, order_id) in enumerate(ends):
        at = now + timedelta(days=28 * number)
        execution = Execution(
            mandate_id=mandate.id,
            customer_id=customer.id,
            number=number,
            product_id=product.id,
            quantity=1,
            state=state,
            order_at=at,
            order_id=order_id,
            created_at=now,
        )
        session.add(execution)


def opened(page: Page, shop: Shop) -> None:
    page.goto(link_of(shop))
    page.get_by_role("button", name="Open my page").click()
    expect(page.get_by_role("heading", name="Ada, this is your page")).to_be_visible()


def test_mandate_is_changed_and_ended_without_talking(
    context: BrowserContext, shop: Shop
) -> None:
    page = context.new_page()
    opened(page, shop)
    page.get_by_text("Change it").click()
    page.get_by_label("At most, with delivery").first.fill("24.50")
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("for €24.50 at most")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("paused", exact=True)).to_be_visible()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("I order only what you ask me to")).to_be_visible()


def test_orders_are_skipped_and_taken_back(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    opened(page, shop)
    page.get_by_role("button", name="Skip it: Water Filter").click()
    expect(page.get_by_text("skipped ·")).to_be_visible()
    page.get_by_role("button", name="Take it back: Water Filter").click()
    expect(page.get_by_text("cancelled ·")).to_be_visible()


def test_messages_are_allowed_by_a_tick(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    opened(page, shop)
    tick = page.get_by_label("I may write when something is due again")
    tick.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(tick).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(
    context: BrowserContext, shop: Shop, scheme: str
) -> None:
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{shop.url}/yours")
    assert faults(page) == []
    opened(page, shop)
    page.get_by_text("Change it").click()
    page.get_by_text("Let me order").click()
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
