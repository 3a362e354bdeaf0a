from dataclasses import replace
from datetime import timedelta
from random import Random

from journey.orders.orders import Status
from journey.orders.stock import KEPT as HELD
from journey.orders.stock import Line, reserve
from journey.shop.looking import KEPT, SILENT, free_stock, look_after, tidy
from tests.journey.shop.conftest import CHAIR, Counter

RANDOM = Random(0)


def test_silent_order_is_looked_after_and_moves_on(counter: Counter) -> None:
    counter.order()
    counter.run()
    session, now = counter.talk.session, counter.talk.at
    assert look_after(session, now=now, random=RANDOM) == 0
    later = now + SILENT + timedelta(minutes=1)
    assert look_after(session, now=later, random=RANDOM) == 1
    assert look_after(session, now=later, random=RANDOM) == 0
    (key, known) = next(iter(counter.platform.orders.items()))
    counter.platform.orders[key] = replace(known, status=Status.SHIPPED)
    counter.run(hours=7)
    assert counter.placed.status == "shipped"
    tidy(counter.talk.session, now=later + KEPT * 2, random=RANDOM)
    assert [errand.kind for errand in counter.errands] == ["place"]


def test_stock_that_was_kept_too_long_is_free(counter: Counter) -> None:
    session, now = counter.talk.session, counter.talk.at
    reserve(session, "customer", [Line(CHAIR)], now)
    assert free_stock(session, now=now, random=RANDOM) == 0
    assert free_stock(session, now=now + HELD, random=RANDOM) == 1
