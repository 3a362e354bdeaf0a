from typing import Any

import pytest
from sqlalchemy.orm import Session

from journey.knowledge import Knowledge
from journey.orders.orders import items_of
from tests.journey.coach.outdoor import open_shop
from tests.journey.coach.shopping import names, options, order
from tests.journey.curate.hearing import entity, money
from tests.journey.talking import Talk


@pytest.fixture
def talk(session: Session, knowledge: Knowledge) -> Talk:
    return Talk(session, open_shop(session, knowledge))


def litres(amount: float, op: str) -> dict[str, Any]:
    return {"base_amount": amount, "base_unit": "l", "op": op}


def ask(talk: Talk, kind: str, words: str, *found: Any, **negated: Any) -> list[str]:
    entities = [entity(words, ("category", kind, kind)), *found]
    entities += [entity(words, (k, v, v), negated=True) for k, v in negated.items()]
    return talk.say("ask_recommendation", words, *entities)


def test_shortlist_keeps_price_litres_and_not_leather(talk: Talk) -> None:
    words = "a bottle under 80, at least 2 litres, not leather"
    said = ask(
        talk,
        "bottle",
        words,
        entity(words, ("money", money(80), "under 80")),
        entity(words, ("quantity", litres(2, ">="), "at least 2 litres")),
        material="leather",
    )
    assert said == ["utter_shortlist_for"]
    assert set(names(talk)) == {"b-2", "b-3", "b-6"}


def test_shortlist_keeps_the_day(talk: Talk) -> None:
    words = "a bottle by Friday with 2 litres"
    day = {"date": "2026-03-06", "op": "<="}
    ask(
        talk,
        "bottle",
        words,
        entity(words, ("date", day, "by Friday")),
        entity(words, ("quantity", litres(2, ">="), "2 litres")),
    )
    assert set(names(talk)) == {"b-2", "b-3"}


def test_one_of_two_materials_is_enough_to_be_left_out(talk: Talk) -> None:
    ask(talk, "jacket", "a jacket, no leather", material="leather")
    assert "j-5" not in names(talk)
    assert "j-4" in names(talk)


def test_variants_fill_one_place_and_a_size_picks_among_them(talk: Talk) -> None:
    words = "a red jacket in size L"
    ask(talk, "jacket", "a jacket")
    assert len({x for x in names(talk) if x in ("j-1", "j-2", "j-3")}) == 1
    talk.open("other")
    ask(
        talk,
        "jacket",
        words,
        entity(words, ("colour", "red", "red")),
        entity(words, ("size", "l", "size L")),
    )
    assert names(talk) == ["j-3"]


def test_broader_kind_holds_all_that_is_within(talk: Talk) -> None:
    words = "camping things under 50"
    ask(talk, "camping", words, entity(words, ("money", money(50), "under 50")))
    assert {"bottle", "stove"} == {kind_of(talk, x) for x in names(talk)}


def kind_of(talk: Talk, product: str) -> str:
    return talk.knowledge.catalogue.products[product].category


def test_options_tell_reasons_and_drawbacks_that_are_true(talk: Talk) -> None:
    words = "a quiet stove"
    noise = entity(words, ("attribute", "noise", "quiet"), soft=True)
    ask(talk, "stove", words, noise)
    told = {x["product"]: x for x in options(talk)}
    quiet, loud = told["s-2"], told["s-1"]
    assert quiet["rank"] == 1
    assert quiet["reason"].startswith("Noise 30 dB, the lowest of these")
    assert loud["drawback"] == "Noise 60 dB, the highest of these."
    assert quiet["drawback"]


def test_price_on_sale_is_what_it_costs_and_it_can_be_ordered(talk: Talk) -> None:
    ask(talk, "bottle", "a bottle")
    placed = order(talk, "b-2")
    assert [float(x.price) for x in items_of(talk.session, placed)] == [49.0]


def test_what_is_out_of_stock_is_never_shown(talk: Talk) -> None:
    words = "a bottle with 10 litres"
    ask(
        talk,
        "bottle",
        words,
        entity(words, ("quantity", litres(10, ">="), "10 litres")),
    )
    assert talk.said[0].response.startswith("utter_nothing_fits")


def test_a_need_that_nothing_serves_is_not_coached(talk: Talk) -> None:
    need = entity("i can't sleep", ("need", "sleep_through_the_night", "i can't sleep"))
    said = talk.say("share_situation", "i can't sleep", need)
    assert said == ["utter_ask_what"]
    assert [title for title, _ in talk.said[0].buttons] == ["Bottle", "Jacket", "Stove"]
