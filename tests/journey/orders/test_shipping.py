from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from journey.orders.policies import CalendarRules, DeliveryPolicy
from journey.orders.shipping import Way, day_of, delivery_of, faster
from journey.store.tables import Product

BERLIN = ZoneInfo("Europe/Berlin")


def policy(**fields: object) -> DeliveryPolicy:
    calendar = {"country": "DE", "region": "BE", "timezone": "Europe/Berlin"}
    given = {
        "standard": {"fee": "4.90", "days": [2, 14]},
        "express": {
            "fee": "9.90",
            "days": [1, 1],
            "only_in_stock": True,
            "order_before": "12:00",
        },
        "free_from": "50",
        "currency": "EUR",
        "countries": ["DE"],
        "calendar": calendar,
        **fields,
    }
    return DeliveryPolicy.model_validate(given)


def lamp(**fields: object) -> list[tuple[Product, int]]:
    given = {"price": Decimal(20), "stock": 3, "delivery_days": 3, **fields}
    return [(Product(**given), 1)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("way", "now", "day"),
    [
        (Way.STANDARD, "2026-11-23 10:00", "2026-11-26"),
        (Way.STANDARD, "2026-12-23 10:00", "2026-12-29"),
        (Way.STANDARD, "2026-03-05 10:00", "2026-03-10"),
        (Way.EXPRESS, "2026-11-23 11:59", "2026-11-24"),
        (Way.EXPRESS, "2026-11-23 12:00", "2026-11-25"),
        (Way.EXPRESS, "2026-12-24 10:00", "2026-12-28"),
        (Way.EXPRESS, "2026-12-24 13:00", "2026-12-29"),
        (Way.EXPRESS, "2026-11-28 10:00", "2026-12-01"),
    ],
)
def test_day_skips_holidays_and_minds_the_cut_off(way: Way, now: str, day: str) -> None:
    found = day_of(policy(), lamp(), way, at(now))
    assert (found.date().isoformat(), found.hour) == (day, 20)


def test_day_is_counted_on_the_clock_of_the_shop() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert day_of(policy(), lamp(), Way.STANDARD, late).date().day == 27


def test_days_off_of_the_shop_are_none_for_parcels() -> None:
    calendar = {
        "country": "DE",
        "timezone": "Europe/Berlin",
        "closed": ["2026-11-24"],
    }
    found = day_of(
        policy(calendar=calendar), lamp(), Way.STANDARD, at("2026-11-23 10:00")
    )
    assert found.date().isoformat() == "2026-11-27"


@pytest.mark.parametrize(
    ("way", "price", "fee"),
    [
        (Way.STANDARD, 20, "4.90"),
        (Way.STANDARD, 50, "0"),
        (Way.EXPRESS, 20, "9.90"),
        (Way.EXPRESS, 50, "9.90"),
    ],
)
def test_fee_of_a_way(way: Way, price: int, fee: str) -> None:
    goods = lamp(price=Decimal(price))
    assert delivery_of(policy(), goods, way, at("2026-11-23 10:00")).fee == Decimal(fee)


@pytest.mark.parametrize(
    ("fields", "offered"),
    [({}, True), ({"stock": 0}, False), ({"delivery_days": 1}, False)],
)
def test_express_is_offered_when_it_is_faster(
    fields: dict[str, int], offered: bool
) -> None:
    found = faster(policy(), lamp(**fields), at("2026-11-23 10:00"))
    assert (found is not None) is offered


def test_shop_without_express_offers_none() -> None:
    assert faster(policy(express=None), lamp(), at("2026-11-23 10:00")) is None


def test_country_without_holidays_known_is_refused() -> None:
    with pytest.raises(ValidationError):
        CalendarRules(country="XX", timezone="Europe/Berlin")
