from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from journey.learning import choice
from journey.learning.contest import Seen, challenge, read_seen, settle
from journey.learning.histories import Histories, day_of, own_orders
from journey.learning.kinds import Baskets, Choices, Due, Kind, Latent
from journey.learning.promotion import roll_back
from journey.learning.ready import Ready, read_models
from journey.learning.stories import Past
from tests.factories import NOW
from tests.journey.learning.acts import Person

KINDS = [Baskets(), Due(), Choices()]
TODAY = day_of(NOW)


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "MOST_TREES", choice.STEP)


@pytest.fixture(scope="module")
def busy() -> Seen:
    """Sixty customers with their own coffee and soap by turns, every eight days."""
    random, of = Random(6), {}
    for n in range(60):
        at, bought = TODAY - random.uniform(92, 100), list[tuple[float, tuple[str]]]()
        while at < TODAY:
            coffee = ("mild", "dark", "decaf")[n % 3]
            bought.append((at, (coffee if len(bought) % 2 else "soap",)))
            at += 8 * random.uniform(0.8, 1.25)
        of[f"c{n}"] = bought
    prices = {x: ("coffee", 5.0) for x in ("mild", "dark", "decaf")}
    return Seen(Past(Histories(of), {**prices, "soap": ("soap", 2.0)}))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_challenger_that_foretells_better_serves(
    session: Session, busy: Seen, kind: Kind
) -> None:
    verdict = challenge(kind, busy, TODAY)
    assert verdict.challenger > verdict.serving
    assert settle(session, verdict, NOW) == f"{kind.name}-1"
    assert f"{kind.name}-1" in read_models(session).id.split()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_same_again_is_not_better(session: Session, busy: Seen, kind: Kind) -> None:
    settle(session, challenge(kind, busy, TODAY), NOW)
    serving = read_seen(session).serving
    again = challenge(kind, replace(busy, serving=serving), TODAY)
    assert settle(session, again, NOW + timedelta(days=1)) is None


@pytest.fixture(scope="module")
def followers() -> Seen:
    """Two hundred customers of whom each other one has filters after a machine."""
    random, of = Random(5), {}
    for n in range(200):
        day = TODAY - random.uniform(14, 300)
        later = [(day + random.uniform(15, 30), ("filters",))] * (n % 2)
        of[f"c{n}"] = [(day, ("machine",)), *(x for x in later if x[0] < TODAY)]
        of[f"d{n}"] = [(TODAY - random.uniform(0, 300), ("lamp",))]
    prices = {x: (x, 5.0) for x in ("machine", "filters", "lamp")}
    return Seen(Past(Histories(of), prices))


def test_what_follows_serves_once_it_is_foretold(
    session: Session, followers: Seen
) -> None:
    verdict = challenge(Latent(), followers, TODAY)
    assert settle(session, verdict, NOW) == "latent-1"
    assert read_models(session).latent.things


def test_a_promotion_is_taken_back(session: Session, busy: Seen) -> None:
    settle(session, challenge(Due(), busy, TODAY), NOW)
    roll_back(session, "due")
    assert read_models(session).due is None


def test_models_are_read_once_until_others_serve(session: Session, busy: Seen) -> None:
    ready = Ready()
    first = ready.models(session)
    assert ready.models(session) is first
    settle(session, challenge(Due(), busy, TODAY), NOW)
    assert ready.models(session).due is not None


def test_few_orders_promote_nothing(session: Session) -> None:
    Person(session).orders(1, "mild")
    verdict = challenge(Baskets(), read_seen(session), TODAY)
    assert not verdict.better


def test_what_was_called_off_was_not_ordered(session: Session) -> None:
    person = Person(session)
    person.orders(1, "mild", "soap", days=-3)
    person.orders(2, "dark", days=-2)
    person.does("order_cancelled", order=1, product="soap")
    person.does("order_cancelled", order=2)
    assert [items for _, items in own_orders(session, person.id)] == [("mild",)]
