"""What holds for every shortlist, also where a large shelf is narrowed first."""

from random import Random
from typing import Any

import pytest

from journey.curate import narrow, search
from journey.store.tables import Product
from tests.journey.coach.shopping import ask_for_chair, names, options, point
from tests.journey.talking import Talk

SEEDS = range(6)


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any shelf for a large one."""
    monkeypatch.setattr(search, "MANY", 0)
    monkeypatch.setattr(search, "POOL", 1)
    monkeypatch.setattr(narrow, "FEW", 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_sold_out_or_outside_the_wishes_is_shown(shop: Talk, seed: int) -> None:
    random = Random(seed)
    for product in shop.session.query(Product):
        product.stock = random.choice([0, 9])
    shop.session.flush()
    if ask_for_chair(shop)[0] != "utter_shortlist_for":
        return
    found = [shop.session.get_one(Product, name) for name in names(shop)]
    assert all(x.stock and float(x.price) <= 200 for x in found)
    assert all(x.attributes["fits_tall"] for x in found)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_refused_does_not_come_back(shop: Talk, seed: int) -> None:
    random, gone = Random(seed), set[str]()
    said = ask_for_chair(shop, 2000)
    while said and said[0].startswith("utter_shortlist"):
        assert not gone & set(names(shop))
        place = random.randrange(len(options(shop)))
        gone.add(names(shop)[place])
        text = f"not number {place + 1}"
        said = shop.say("refuse_option", text, point(text, index=place + 1))
    assert len(gone) > 1


@pytest.mark.parametrize("upto", [60, 200, 2000])
def test_where_few_fit_the_choice_is_that_of_the_whole_shelf(
    shop: Talk, monkeypatch: pytest.MonkeyPatch, upto: int
) -> None:
    monkeypatch.setattr(narrow, "FEW", 1000)
    before = shop.session.begin_nested()
    said, few = ask_for_chair(shop, upto), shop.events("shortlist_shown")
    before.rollback()
    monkeypatch.setattr(search, "MANY", 1000)
    assert ask_for_chair(shop, upto) == said
    assert without_ids(shop.events("shortlist_shown")) == without_ids(few)


def without_ids(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in one.items() if k != "shortlist"} for one in shown]
