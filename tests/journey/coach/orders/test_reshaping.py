from datetime import timedelta

import pytest

from journey.orders.deliveries import find_promise
from journey.orders.orders import items_of
from journey.store.tables import Product
from journey.turn import Entity
from tests.journey.coach.shopping import deliver, order
from tests.journey.talking import Talk

CHAIR, FILTER = "chair-lind-high", "filter-brygg-4"


def other(shop: Talk) -> Product:
    query = shop.session.query(Product).filter_by(category="desk-chair", active=True)
    return next(x for x in query if x.id != CHAIR and x.stock)


def instead(shop: Talk, product: Product) -> list[str]:
    return shop.say("change_order", "send x instead", Entity("product", product.id))


def test_item_is_swapped_after_one_yes(shop: Talk) -> None:
    placed, new = order(shop, CHAIR), other(shop)
    old = shop.session.get_one(Product, CHAIR)
    stock = new.stock, old.stock
    assert instead(shop, new) == ["utter_confirm_swap"]
    assert shop.press("Swap it")[0] == "utter_quantity_changed"
    lines = [(x.product_id, x.cancelled) for x in items_of(shop.session, placed)]
    assert lines == [(CHAIR, True), (new.id, False)]
    shop.session.expire_all()
    assert (new.stock, old.stock) == (stock[0] - 1, stock[1] + 1)
    assert shop.events("order_changed")[0]["what"] == "product"


def test_item_stays_after_a_no(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    instead(shop, other(shop))
    assert shop.press("Keep the order")[0] == "utter_order_kept"
    assert len(items_of(shop.session, placed)) == 1


def test_item_is_not_swapped_for_what_is_gone(shop: Talk) -> None:
    placed, new = order(shop, CHAIR), other(shop)
    instead(shop, new)
    new.stock = 0
    shop.session.flush()
    assert shop.press("Swap it")[0] == "utter_no_more_left"
    assert not items_of(shop.session, placed)[0].cancelled


def test_item_that_has_left_is_not_swapped(shop: Talk) -> None:
    deliver(shop, order(shop, CHAIR))
    assert instead(shop, other(shop)) == ["utter_too_late_to_change"]


def test_day_that_is_named_is_the_day(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    day = (shop.at + timedelta(days=21)).date()
    day += timedelta(days=4 - day.weekday())
    date = Entity("date", {"date": day.isoformat()})
    shop.say("change_order", "can it come on that Friday", date)
    assert placed.deliver_by.date() == day


def test_by_a_later_day_moves_nothing(shop: Talk) -> None:
    placed = order(shop, CHAIR)
    before = placed.deliver_by
    day = (shop.at + timedelta(days=21)).date().isoformat()
    date = Entity("date", {"date": day, "op": "<="})
    said = shop.say("change_order", "can i still get it by friday", date)
    assert said == ["utter_delivery_in_time"]
    assert placed.deliver_by == before


@pytest.mark.parametrize(
    ("days", "said"), [(21, "utter_delivery_moved"), (0, "utter_delivery_too_soon")]
)
def test_day_is_moved_and_never_promised_too_soon(
    shop: Talk, days: int, said: str
) -> None:
    placed = order(shop, CHAIR)
    before = placed.deliver_by
    day = (shop.at + timedelta(days=days)).date().isoformat()
    date = Entity("date", {"date": day})
    assert shop.say("change_order", "can it come later", date) == [said]
    promise = find_promise(shop.session, placed)
    assert promise and promise.due_at == placed.deliver_by
    assert (placed.deliver_by > before) == (days > 0)
