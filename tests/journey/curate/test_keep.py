from typing import Any

import pytest

from journey import journeys
from journey.curate.keep import keep_wishes, limits_in, wishes_in
from journey.curate.wishes import Draft
from journey.store.tables import Journey
from tests.journey.talking import Talk


def limit(attribute: str, op: str, value: Any) -> Draft:
    return Draft(attribute, op, {"value": value}, "said")


def keep(talk: Talk, *drafts: Draft) -> Journey:
    turn = talk.turn("give_preference", "x")
    journey = journeys.current(turn) or journeys.start(turn)
    keep_wishes(turn, journey, drafts)
    return journey


def kept(talk: Talk, *rounds: Draft) -> list[tuple[str, str, Any]]:
    for draft in rounds:
        journey = keep(talk, draft)
    rows = limits_in(talk.turn("x"), journey)
    return [(row.attribute, row.op, row.value["value"]) for row in rows]


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        (("price", "<=", 200), ("price", "<=", 250), [("price", "<=", 250)]),
        (("price", "<=", 200), ("price", "<", 150), [("price", "<", 150)]),
        (
            ("price", ">=", 50),
            ("price", "<=", 90),
            [("price", ">=", 50), ("price", "<=", 90)],
        ),
        (("price", ">=", 100), ("price", "<=", 90), [("price", "<=", 90)]),
        (("colour", "==", "red"), ("colour", "!=", "red"), [("colour", "!=", "red")]),
        (
            ("colour", "!=", "red"),
            ("colour", "!=", "blue"),
            [("colour", "!=", "red"), ("colour", "!=", "blue")],
        ),
        (("colour", "!=", "red"), ("colour", "==", "red"), [("colour", "==", "red")]),
    ],
)
def test_newer_limit_takes_the_place_of_what_it_replaces(
    talk: Talk, first: Any, second: Any, left: list[Any]
) -> None:
    assert kept(talk, limit(*first), limit(*second)) == left


def test_every_wish_is_an_event(talk: Talk) -> None:
    soft = Draft("weight", "==", {}, "light", hard=False)
    keep(talk, limit("price", "<=", 80), soft)
    assert talk.kinds()[-2:] == ["constraint_given", "preference_given"]
    assert talk.events("constraint_given")[0]["value"] == {"value": 80}


def test_soft_wish_replaces_the_same_one_only(talk: Talk) -> None:
    blue = Draft("colour", "==", {"value": "blue"}, "blue", hard=False)
    red = Draft("colour", "==", {"value": "red"}, "red", hard=False, weight=-1.0)
    keep(talk, blue)
    keep(talk, red)
    journey = keep(talk, blue)
    wishes = wishes_in(talk.turn("x"), journey)
    assert sorted((x.value, x.weight) for x in wishes) == [("blue", 1.0), ("red", -1.0)]


def test_hard_wish_ends_the_soft_one_but_a_price_leaves_thrift(talk: Talk) -> None:
    for name in ("weight", "price"):
        keep(talk, Draft(name, "==", {}, name, hard=False))
        journey = keep(talk, limit(name, "<=", 10))
    wishes = wishes_in(talk.turn("x"), journey)
    assert [wish.attribute for wish in wishes] == ["price"]
