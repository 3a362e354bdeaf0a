from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.catalogue.schema import ProductEntry
from journey.curate.candidates import find_stated, fits
from journey.curate.columns import Columns, kept
from journey.curate.score import Wish
from journey.orders.workdays import Arrivals
from journey.store.tables import Product
from tests.factories import NOW

ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "width": st.integers(1, 6),
        "quiet": st.booleans(),
        "material": st.sampled_from(["wood", "steel", ["wood", "oak"]]),
    },
)
PRODUCTS = st.lists(
    st.tuples(
        st.sampled_from(["chair", "lamp"]),
        st.sampled_from(["Lind", "Oslo"]),
        st.integers(1, 6),
        st.integers(0, 9),
        ATTRIBUTES,
    ),
    min_size=1,
    max_size=12,
)
NUMBER = st.integers(1, 6)
BOUNDS = st.sampled_from(["<=", "<", ">=", ">", "~", "==", "!="])
LIMITS = st.one_of(
    st.tuples(st.sampled_from(["price", "width"]), BOUNDS, NUMBER),
    st.tuples(st.just("quiet"), st.just("=="), st.booleans()),
    st.tuples(st.just("material"), st.sampled_from(["==", "!="]), st.just("wood")),
    st.tuples(st.just("brand"), st.sampled_from(["==", "!="]), st.just("Lind")),
    st.tuples(st.just("category"), st.just("!="), st.just("lamp")),
    st.tuples(st.just("category"), st.just("=="), st.just(["chair"])),
    st.tuples(st.just("delivery"), st.just("<="), st.just("2026-11-27")),
    st.tuples(st.just("product"), st.just("!="), st.just("p0")),
)


def product(number: int, row: tuple[Any, ...]) -> Product:
    category, brand, price, days, attributes = row
    return Product(
        id=f"p{number}",
        category=category,
        brand=brand,
        price=price,
        delivery_days=days,
        attributes=attributes,
    )


def columns(rows: list[tuple[Any, ...]]) -> Columns:
    return Columns(
        tuple(
            ProductEntry.model_construct(
                product=f"p{n}",
                category=category,
                brand=brand,
                price=price,
                delivery_days=days,
                attributes=attributes,
            )
            for n, (category, brand, price, days, attributes) in enumerate(rows)
        )
    )


@settings(max_examples=200, deadline=None)
@given(PRODUCTS, st.lists(LIMITS, max_size=3))
def test_a_mask_keeps_what_the_exact_check_keeps(
    rows: list[tuple[Any, ...]], wanted: list[tuple[str, str, Any]]
) -> None:
    limits = [
        SimpleNamespace(attribute=name, op=op, value={"value": value})
        for name, op, value in wanted
    ]
    shelf = [product(n, row) for n, row in enumerate(rows)]
    stated = find_stated(shelf)
    exact = [fits(x, limits, stated, Arrivals(NOW)) for x in shelf]
    assert kept(columns(rows), limits, Arrivals(NOW)).tolist() == exact


@pytest.mark.parametrize(("less", "first"), [(False, 1.0), (True, 0.0)])
def test_a_degree_is_the_place_between_the_ends(less: bool, first: float) -> None:
    rows = [("chair", "Lind", 1, 1, {"width": w}) for w in (6, 2, 4)]
    found = columns(rows)
    degrees = found.degree(Wish("width", 1), found.kinds["chair"], less)
    assert degrees.tolist() == [first, 1 - first, 0.5]
