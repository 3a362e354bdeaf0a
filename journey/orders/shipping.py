"""Ways of delivery: what each costs for these products, and the day it promises."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from journey.orders.baskets import Delivery
from journey.orders.policies import DeliveryPolicy
from journey.store.tables import Product

Pairs = Sequence[tuple[Product, int]]
"""Products with their numbers of pieces."""


class Way(StrEnum):
    """How a parcel is sent."""

    STANDARD = "standard"
    EXPRESS = "express"


def goods_of(pairs: Pairs) -> Decimal:
    """Return what products cost without delivery."""
    return sum((product.price * count for product, count in pairs), Decimal(0))


def delivery_of(
    policy: DeliveryPolicy, pairs: Pairs, way: Way, now: datetime
) -> Delivery:
    """Return what delivery costs in a way, and the day that is promised."""
    day = day_of(policy, pairs, way, now)
    return Delivery(way, fee_of(policy, pairs, way), day)


def fee_of(policy: DeliveryPolicy, pairs: Pairs, way: Way) -> Decimal:
    """Return what sending products in a way costs."""
    if way is Way.EXPRESS and policy.express is not None:
        return policy.express.fee
    free = goods_of(pairs) >= policy.free_from
    return Decimal(0) if free else policy.standard.fee


def day_of(policy: DeliveryPolicy, pairs: Pairs, way: Way, now: datetime) -> datetime:
    """Return the day on which products are there, sent together."""
    if way is Way.EXPRESS and policy.express is not None:
        days, before = policy.express.days[1], policy.express.cut_off
    else:
        days = max(product.delivery_days for product, _ in pairs)
        before = policy.standard.cut_off
    return policy.workdays.deliver_by(now, days, before)


def faster(policy: DeliveryPolicy, pairs: Pairs, now: datetime) -> Delivery | None:
    """Return the express delivery, when it is offered and comes earlier."""
    express = policy.express
    short = any(product.stock < count for product, count in pairs)
    if express is None or (express.only_in_stock and short):
        return None
    quick = delivery_of(policy, pairs, Way.EXPRESS, now)
    usual = day_of(policy, pairs, Way.STANDARD, now)
    return quick if quick.day.date() < usual.date() else None
