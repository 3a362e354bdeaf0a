import pytest

from journey.curate.refused import Gone, Why, still_out
from journey.store.tables import Product


@pytest.mark.parametrize(
    ("why", "price", "out"),
    [
        (Why.PRICE, 189, True),
        (Why.PRICE, 150, False),
        (Why.ITSELF, 150, True),
        (Why.NONE_OF_THEM, 150, True),
    ],
)
def test_refusal_holds_as_long_as_its_reason(why: Why, price: int, out: bool) -> None:
    gone = Gone("chair", why, 189.0)
    assert still_out(gone, Product(id="chair", price=price)) is out
