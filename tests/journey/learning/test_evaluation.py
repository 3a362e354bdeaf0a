from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from journey.learning.evaluation import NextBasket, Repeat, Replenish

OPTIONS = ["a", "b", "c"]


def weekly(customers: int = 40, weeks: int = 12) -> list[Any]:
    """Each customer takes an own item every week, and bread every other one."""
    return [
        SimpleNamespace(
            customer=f"c{c}",
            at=7.0 * week + c % 3,
            items=(f"own{c % 9}", *(["bread"] if week % 2 == 0 else [])),
        )
        for week in range(weeks)
        for c in range(customers)
    ]


@pytest.fixture(scope="module")
def baskets() -> NextBasket:
    learner = NextBasket()
    learner.fit(weekly())
    return learner


def test_what_is_taken_every_time_comes_first(baskets: NextBasket) -> None:
    assert baskets.recommend("c4", 4, 84.0)[0] == "own4"


def test_a_stranger_sees_what_is_popular(baskets: NextBasket) -> None:
    assert baskets.recommend("new", 4, 84.0)[0] == "bread"


def test_as_many_items_as_asked_for(baskets: NextBasket) -> None:
    found = baskets.recommend("c1", 10, 84.0)
    assert len(found) == len(set(found)) == 10


def test_a_new_customer_is_learned_at_once(baskets: NextBasket) -> None:
    for week in range(3):
        order = SimpleNamespace(customer="fresh", at=7.0 * week, items=("own8",))
        baskets.observe(order)
    assert "own8" in baskets.recommend("fresh", 2, 21.0)


def test_shards_recommend_like_the_whole() -> None:
    orders = weekly()
    whole, parts = NextBasket(), [NextBasket() for _ in range(4)]
    whole.fit(orders)
    for n, part in enumerate(parts):
        part.fit([x for x in orders if int(x.customer[1:]) % 4 == n])
    for part in parts[1:]:
        parts[0].merge(part)
    for customer in ("c0", "c7", "c39"):
        same = parts[0].recommend(customer, 10, 84.0)
        assert same == whole.recommend(customer, 10, 84.0)


@pytest.fixture(scope="module")
def replenish() -> Replenish:
    """Coffee every ten days, soap every thirty, for sixty customers over a year."""
    random, events = Random(1), list[Any]()
    for c in range(60):
        for category, every in (("coffee", 10), ("soap", 30)):
            at = random.uniform(0, every)
            while at < 365:
                events.append(
                    SimpleNamespace(customer=f"c{c}", category=category, at=int(at))
                )
                at += every * random.uniform(0.8, 1.25)
    learner = Replenish(max_gap=90, days=7)
    learner.fit(sorted(events, key=lambda x: x.at))
    return learner


def test_the_next_need_comes_after_the_usual_gap(replenish: Replenish) -> None:
    event = SimpleNamespace(customer="c0", category="coffee", at=366.0)
    replenish.observe(event)
    assert replenish.predict_next_need("c0", 366.0)["coffee"] == pytest.approx(376, 1)


def test_what_is_overdue_is_likelier_than_what_was_just_taken(
    replenish: Replenish,
) -> None:
    replenish.observe(SimpleNamespace(customer="c1", category="coffee", at=370.0))
    now = replenish.due("c1", 371.0, 7, ["coffee"])["coffee"]
    later = replenish.due("c1", 380.0, 7, ["coffee"])["coffee"]
    assert 0 <= now < later <= 1


def test_nothing_is_due_for_a_stranger(replenish: Replenish) -> None:
    assert replenish.due("new", 371.0, 7) == {}


def two_rhythms(customers: range, random: Random) -> list[Any]:
    """Coffee every ten days, soap every thirty; a double pack lasts twice as long."""
    events = []
    for c in customers:
        own = random.uniform(0.7, 1.4)
        for category, every in (("coffee", 10), ("soap", 30)):
            at = random.uniform(0, every)
            while at < 365:
                n = random.choice((1, 1, 1, 2))
                one = {"customer": f"c{c}", "category": category, "at": int(at)}
                events.append(SimpleNamespace(**one, quantity=n))
                at += every * own * n * random.uniform(0.8, 1.25)
    return sorted(events, key=lambda x: x.at)


def fitted(events: list[Any]) -> Replenish:
    learner = Replenish(max_gap=90, days=7)
    learner.fit(events)
    return learner


def test_two_shards_foretell_like_the_whole() -> None:
    events = two_rhythms(range(240), Random(1))
    ours, theirs = (
        fitted([x for x in events if int(x.customer[1:]) % 2 == n]) for n in (0, 1)
    )
    whole = fitted(events)
    ours.merge(theirs)
    for c in range(0, 240, 7):
        days, chances = (
            whole.predict_next_need(f"c{c}", 366),
            whole.due(f"c{c}", 366, 7),
        )
        assert ours.predict_next_need(f"c{c}", 366) == pytest.approx(days, abs=1.5)
        assert ours.due(f"c{c}", 366, 7) == pytest.approx(chances, abs=0.1)


def test_merged_sums_are_those_of_the_whole() -> None:
    events = two_rhythms(range(40), Random(2))
    ours, theirs = (
        fitted([x for x in events if int(x.customer[1:]) % 2 == n]) for n in (0, 1)
    )
    ours.merge(theirs)
    merged, whole = ours._model.rhythms, fitted(events)._model.rhythms
    assert merged.whole.count == whole.whole.count
    assert merged.whole.logs == pytest.approx(whole.whole.logs)
    assert merged.pairs == whole.pairs
    ours.observe(SimpleNamespace(customer="c1", category="coffee", at=366.0))


def test_a_customer_in_two_shards_is_refused() -> None:
    events = two_rhythms(range(3), Random(3))
    learner = fitted(events)
    with pytest.raises(ValueError, match="customer 'c0' is in both shards"):
        learner.merge(fitted(events))


def test_probabilities_grow_with_the_days_and_fit_the_day() -> None:
    learner = fitted(two_rhythms(range(120), Random(5)))
    for at in (300.0, 310.0, 320.0, 330.0, 340.0):
        learner.observe(SimpleNamespace(customer="ada", category="coffee", at=at))
    day = learner.predict_next_need("ada", 341.0)["coffee"]
    told = [learner.due("ada", 341.0, n)["coffee"] for n in (1, 3, 7, 10, 14, 30)]
    assert told == sorted(told)
    assert told[1] < 0.1 < 0.9 < told[-1] <= 1
    assert 348 < day < 352


def test_a_double_pack_is_needed_again_later() -> None:
    learner = fitted(two_rhythms(range(120), Random(4)))
    days = []
    for customer, quantity in (("one", 1), ("two", 2)):
        for at in (300.0, 310.0, 320.0, 330.0):
            event = {"customer": customer, "category": "coffee", "at": at}
            learner.observe(SimpleNamespace(**event, quantity=1))
        last = {"customer": customer, "category": "coffee", "at": 340.0}
        learner.observe(SimpleNamespace(**last, quantity=quantity))
        days.append(learner.predict_next_need(customer, 340.0)["coffee"] - 340)
    assert days[1] > 1.5 * days[0]


def occasion(random: Random, n: int) -> dict[str, Any]:
    prices = {x: (random.choice([1.0, 1.0, 0.7]), 0.0, 0.0) for x in OPTIONS}
    return {"features": prices, "n": n, "all": OPTIONS}


@pytest.fixture(scope="module")
def repeat() -> Repeat:
    """Loyal customers, of whom every fifth time the cheapest is taken."""
    random, log = Random(2), list[Any]()
    for c in range(24):
        for n in range(8):
            context = occasion(random, n)
            cheap = min(OPTIONS, key=lambda x: context["features"][x])
            taken = cheap if random.random() < 0.2 else OPTIONS[c % 3]
            log.append(
                SimpleNamespace(
                    customer=f"p{c}", context=context, shown=OPTIONS, accepted=[taken]
                )
            )
    learner = Repeat()
    learner.fit(log)
    return learner


def test_a_choice_is_repeated(repeat: Repeat) -> None:
    context = occasion(Random(3), 0)
    for _ in range(4):
        repeat.learn("new", context, OPTIONS, ["b"])
    assert repeat.choose("new", context, OPTIONS, 3)[0] == "b"


def test_certainty_grows_with_what_is_known(repeat: Repeat) -> None:
    context = occasion(Random(3), 0)
    before = repeat.sure("other", context, OPTIONS)
    for _ in range(6):
        repeat.learn("other", context, OPTIONS, ["c"])
    assert 0 <= before < repeat.sure("other", context, OPTIONS) <= 1


def wish(customer: str, liked: int, random: Random) -> SimpleNamespace:
    """Four of thirty described options were shown; those of one kind are accepted."""
    shown = random.sample(KINDS, 4)
    context = {"features": FEATURES, "n": 0, "all": shown}
    taken = [x for x in shown if FEATURES[x][liked]]
    return SimpleNamespace(
        customer=customer, context=context, shown=shown, accepted=taken
    )


KINDS = [f"k{n}" for n in range(30)]
FEATURES = {x: tuple(float(n % 3 == k) for k in range(3)) for n, x in enumerate(KINDS)}


def test_described_options_are_told_apart_by_what_was_accepted() -> None:
    random, learner = Random(4), Repeat()
    others = [wish(f"o{c}", c % 3, random) for c in range(60) for _ in range(5)]
    learner.fit(others)
    for _ in range(4):
        one = wish("new", 2, random)
        learner.learn(one.customer, one.context, one.shown, one.accepted)
    context = {"features": FEATURES, "n": 4, "all": KINDS}
    found = learner.choose("new", context, KINDS[:9], 3)
    assert {FEATURES[x][2] for x in found} == {1.0}
