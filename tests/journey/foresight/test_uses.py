import pytest

from journey.foresight.uses import hear, rate_in
from journey.knowledge import Knowledge
from journey.store.tables import Product


@pytest.mark.parametrize(
    ("text", "category", "per_day"),
    [
        ("we drink two cups a day", "coffee", 2),
        ("I have 3 mugs of it every day", "coffee", 3),
        ("about four coffees a week", "coffee", 4 / 7),
        ("a cup a day", "coffee", 1),
        ("we filter 5 litres daily", "water-cartridge", 5),
        ("I brew a pot every day", "coffee-filter", 1),
    ],
)
def test_amount_is_heard(
    knowledge: Knowledge, text: str, category: str, per_day: float
) -> None:
    rate = hear(text, knowledge.uses, knowledge.language("en"))
    assert rate is not None
    assert rate.use.category == category
    assert rate.per_day == pytest.approx(per_day)
    assert rate_in(rate.value) == pytest.approx(per_day, rel=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "two mugs please",
        "a cup for the day when I'm at home",
        "I need a jug by the day after tomorrow",
        "every day I wake at 3",
        "",
    ],
)
def test_other_amounts_are_no_use(knowledge: Knowledge, text: str) -> None:
    assert hear(text, knowledge.uses, knowledge.language("en")) is None


def test_days_come_from_what_a_piece_holds(knowledge: Knowledge) -> None:
    half = Product(attributes={"weight": 0.5})
    assert knowledge.uses["coffee"].days(half, 2) == pytest.approx(29.4, abs=0.1)
    assert knowledge.uses["coffee"].days(Product(attributes={}), 2) is None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, "a day"),
        (13, "13 days"),
        (20, "3 weeks"),
        (70, "10 weeks"),
        (90, "3 months"),
    ],
)
def test_span_is_said_in_the_unit_that_fits(
    knowledge: Knowledge, days: float, said: str
) -> None:
    assert knowledge.language("en").span(days) == said
