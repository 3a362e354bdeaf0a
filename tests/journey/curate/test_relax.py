from decimal import Decimal

from sqlalchemy.orm import Session

from journey.curate.relax import find_ways
from journey.orders.workdays import Arrivals
from tests.factories import NOW, make_product
from tests.journey.curate.test_fit import Limit


def test_find_ways_names_the_price_from_which_something_fits(session: Session) -> None:
    tall = {"fits_tall": True}
    chairs = [
        make_product(session, price=Decimal(price), attributes=traits)
        for price, traits in [(150, {}), (240, tall), (290, tall)]
    ]
    price = Limit("price", "<=", {"value": 200})
    height = Limit("fits_tall", "==", {"value": True})
    ways = find_ways(chairs, [price, height], Arrivals(NOW))
    assert [(way.limit, len(way.products), way.nearest) for way in ways] == [
        (price, 2, 240.0),
        (height, 1, None),
    ]


def test_find_ways_without_any_help_is_empty(session: Session) -> None:
    chairs = [make_product(session, price=Decimal(300))]
    limits = [
        Limit("price", "<=", {"value": 200}),
        Limit("brand", "==", {"value": "Other"}),
    ]
    assert find_ways(chairs, limits, Arrivals(NOW)) == []
