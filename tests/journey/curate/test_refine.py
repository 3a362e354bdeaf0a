import pytest
from sqlalchemy.orm import Session

from journey.curate.refine import Scale, Step, as_drafts, direction, read_steps
from journey.knowledge import Knowledge
from journey.orders.workdays import Arrivals
from tests.factories import NOW, make_product
from tests.journey.curate.hearing import Found, entity, heard, money

STATED = {"weight", "noise", "capacity", "seat_height_max", "fits_tall"}


def scale(knowledge: Knowledge) -> Scale:
    return Scale(knowledge.catalogue, STATED, ("seat_height_max",))


@pytest.mark.parametrize(
    ("text", "found", "step"),
    [
        ("cheaper please", [], ("price", -1, True)),
        ("something more expensive", [], ("price", 1, True)),
        ("that's too expensive", [], ("price", -1, True)),
        ("lighter", [("attribute", "weight", "lighter")], ("weight", -1, True)),
        ("heavier", [("attribute", "weight", "heavier")], ("weight", 1, True)),
        ("it's too heavy", [("attribute", "weight", "heavy")], ("weight", -1, True)),
        ("too loud", [("attribute", "noise", "loud")], ("noise", -1, True)),
        ("a quiet one", [("attribute", "noise", "quiet")], ("noise", -1, False)),
        ("bigger", [], ("capacity", 1, True)),
        ("a bit quieter", [], ("noise", -1, True)),
    ],
)
def test_step_goes_where_the_words_point(
    knowledge: Knowledge, text: str, found: list[Found], step: tuple[str, int, bool]
) -> None:
    steps = read_steps(heard(text, *found), scale(knowledge), knowledge.languages["en"])
    assert [(x.attribute, x.sign, x.strict) for x in steps] == [step]


def test_not_too_heavy_is_a_soft_wish_for_light(knowledge: Knowledge) -> None:
    text = "not too heavy"
    heavy = entity(text, ("attribute", "weight", "heavy"), negated=True)
    (step,) = read_steps(
        heard(text, heavy), scale(knowledge), knowledge.languages["en"]
    )
    assert (step.sign, step.strict) == (-1, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cheaper than 50", ("money", money(50), "cheaper than 50")),
        (
            "the cheaper one",
            ("reference", {"by": "price", "pick": "min"}, "the cheaper one"),
        ),
    ],
)
def test_words_that_bound_or_point_are_no_step(
    knowledge: Knowledge, text: str, found: Found
) -> None:
    message = heard(text, found)
    assert read_steps(message, scale(knowledge), knowledge.languages["en"]) == []


def test_direction_of_a_word_that_does_not_say_is_none(knowledge: Knowledge) -> None:
    assert direction(knowledge.catalogue.attributes["noise"], "silent") == 0


def test_strict_step_leaves_the_shown_one_behind(
    session: Session, knowledge: Knowledge
) -> None:
    pivot = make_product(session, attributes={"weight": 12})
    step = Step("weight", -1, "lighter")
    soft, hard = as_drafts(step, scale(knowledge), pivot, Arrivals(NOW))
    assert (soft.hard, soft.weight) == (False, 1.0)
    assert (hard.op, hard.value) == ("<", {"value": 12})


def test_step_without_anything_shown_is_soft(knowledge: Knowledge) -> None:
    (draft,) = as_drafts(
        Step("weight", 1, "heavier"), scale(knowledge), None, Arrivals(NOW)
    )
    assert (draft.hard, draft.weight) == (False, -1.0)
