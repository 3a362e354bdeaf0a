from typing import Any

import pytest

from journey.curate.wishes import Draft, choice_of, kind_of_values, read_wishes
from journey.knowledge import Knowledge
from tests.journey.curate.hearing import entity, heard, money

CHAIR = "a desk chair under 200 for somebody tall, no leather"


def said(drafts: list[Draft]) -> list[tuple[str, str, Any]]:
    return [(x.attribute, x.op, x.value.get("value")) for x in drafts]


def test_wishes_of_one_sentence_are_all_understood(knowledge: Knowledge) -> None:
    message = heard(
        CHAIR,
        ("category", "desk-chair", "desk chair"),
        ("money", money(200), "under 200"),
        ("attribute", "fits_tall", "somebody tall"),
        entity(CHAIR, ("material", "leather", "leather"), negated=True),
    )
    assert said(read_wishes(message, knowledge.catalogue)) == [
        ("category", "==", ["desk-chair"]),
        ("material", "!=", "leather"),
        ("price", "<=", 200),
        ("fits_tall", "==", True),
    ]


def test_two_values_of_a_choice_are_either_or(knowledge: Knowledge) -> None:
    text = "black or grey"
    message = heard(text, ("colour", "black", "black"), ("colour", "grey", "grey"))
    drafts = read_wishes(message, knowledge.catalogue)
    assert said(drafts) == [("colour", "==", ["black", "grey"])]


def test_soft_wish_is_a_preference(knowledge: Knowledge) -> None:
    text = "ideally blue"
    message = heard(text, entity(text, ("colour", "blue", "blue"), soft=True))
    (draft,) = read_wishes(message, knowledge.catalogue)
    assert (draft.hard, draft.weight) == (False, 1.0)


def test_what_only_points_is_no_wish(knowledge: Knowledge) -> None:
    text = "the black one"
    reference = ("reference", {"attribute": "black"}, text)
    message = heard(text, reference, ("colour", "black", "black"))
    assert read_wishes(message, knowledge.catalogue) == []


def test_size_that_looks_like_a_place_stays_a_wish(knowledge: Knowledge) -> None:
    text = "the no 4 filters"
    message = heard(
        text, ("attribute", "no-4", "no 4"), ("reference", {"index": 4}, "no 4")
    )
    drafts = read_wishes(message, knowledge.catalogue, "coffee-filter")
    assert said(drafts) == [("filter_size", "==", "no-4")]


@pytest.mark.parametrize(
    ("given", "op", "value"),
    [
        (money(80), "<=", {"value": 80}),
        (money(80, "=="), "<=", {"value": 80}),
        (money(80, "~"), "~", {"value": 80}),
        (money(50, "between", upto=80), "between", {"value": 50, "upto": 80}),
    ],
)
def test_money_bounds_the_price(
    knowledge: Knowledge, given: dict[str, Any], op: str, value: dict[str, Any]
) -> None:
    message = heard("80 euros", ("money", given, "80 euros"))
    (draft,) = read_wishes(message, knowledge.catalogue)
    assert (draft.attribute, draft.op, draft.value) == ("price", op, value)


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ({"date": "2026-11-27", "op": "<="}, ["2026-11-27"]),
        ({"date": "2026-11-26", "op": "between", "upto": "2026-11-27"}, ["2026-11-27"]),
        ({"date": "2026-11-27", "op": ">="}, []),
    ],
)
def test_day_is_the_last_one_on_which_it_may_arrive(
    knowledge: Knowledge, day: dict[str, str], wanted: list[str]
) -> None:
    message = heard("by friday", ("date", day, "by friday"))
    drafts = read_wishes(message, knowledge.catalogue)
    assert [draft.value["value"] for draft in drafts] == wanted


def test_number_is_about_what_the_category_measures_so(knowledge: Knowledge) -> None:
    value = {
        "amount": 150.0,
        "unit": "kg",
        "base_amount": 150.0,
        "base_unit": "kg",
        "op": ">=",
    }
    message = heard("at least 150 kg", ("quantity", value, "at least 150 kg"))
    drafts = read_wishes(message, knowledge.catalogue, "desk-chair")
    assert said(drafts) == [("max_load", ">=", 150.0)]


def test_reading_that_means_nothing_for_the_kind_is_left(knowledge: Knowledge) -> None:
    text = "dark coffee"
    message = heard(
        text,
        ("category", "coffee", "coffee"),
        ("attribute", "blocks_light", "dark"),
        ("attribute", "dark", "dark"),
    )
    drafts = read_wishes(message, knowledge.catalogue)
    assert ("roast", "==", "dark") in said(drafts)
    assert "blocks_light" not in [draft.attribute for draft in drafts]


@pytest.mark.parametrize(
    ("kind", "choice"),
    [("pillow", "firmness"), ("coffee", "roast"), ("running-shoe", "cushioning")],
)
def test_value_of_several_choices_is_that_of_the_kind(
    knowledge: Knowledge, kind: str, choice: str
) -> None:
    medium = entity("medium", ("attribute", "medium", "medium"))
    assert choice_of(medium, knowledge.catalogue, kind) == choice


def test_words_that_name_the_choice_outweigh_the_order_of_the_file(
    knowledge: Knowledge,
) -> None:
    found = ("attribute", "medium", "medium roast")
    roast = entity("a medium roast", found, attribute="roast")
    assert choice_of(roast, knowledge.catalogue, None) == "roast"
    assert choice_of(roast, knowledge.catalogue, "pillow") == "firmness"


def test_value_that_one_kind_has_tells_the_kind(knowledge: Knowledge) -> None:
    message = heard("sandy trail", ("attribute", "trail", "trail"))
    assert kind_of_values(message, knowledge.catalogue) == "running-shoe"
