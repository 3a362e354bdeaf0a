from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from journey.catalogue.products import find_products
from journey.curate.candidate import Candidates
from journey.curate.score import Term
from journey.learning.ready import Ready
from journey.learning.serving import Known, learning_state, recall
from journey.people.consent import Purpose, record_consent
from journey.store.tables import Product
from tests.factories import NOW, make_product
from tests.journey.learning.acts import Person

LATER = NOW + timedelta(days=30)


def amounts(session: Session, person: Person, product: str) -> dict[str, float]:
    terms = terms_of(session, person, "wood", "steel", "oak", "plastic")[product]
    return {term.about: term.amount for term in terms}


def known(session: Session, person: Person) -> Known:
    return recall(
        session,
        person.id,
        need="sleep",
        now=LATER,
        ready=Ready(),
        candidates=Candidates({}),
    )


def terms_of(
    session: Session, person: Person, *ids: str
) -> dict[str, tuple[Term, ...]]:
    return known(session, person).terms(find_products(session, ids).values())


@pytest.fixture
def person(session: Session) -> Person:
    for name, material in [
        ("wood", "wood"),
        ("oak", "wood"),
        ("steel", "steel"),
        ("plastic", "plastic"),
    ]:
        make_product(
            session,
            id=name,
            brand="Lind" if material == "wood" else name,
            attributes={"material": material},
        )
    return Person(session)


def test_nothing_known_adds_nothing(session: Session, person: Person) -> None:
    assert amounts(session, person, "wood") == {}


def test_what_was_kept_counts_for(session: Session, person: Person) -> None:
    person.orders(1, "wood")
    assert amounts(session, person, "wood")["kept"] > 0


def test_what_just_came_was_not_kept_yet(session: Session, person: Person) -> None:
    person.orders(1, "wood", days=29)
    assert "kept" not in amounts(session, person, "wood")


def test_what_went_back_counts_against(session: Session, person: Person) -> None:
    person.orders(1, "wood")
    person.does("return_requested", order=1, product="wood")
    found = amounts(session, person, "wood")
    assert found["returned"] < 0 and "kept" not in found


def test_who_only_refused_is_not_told_of_a_choice(
    session: Session, person: Person
) -> None:
    person.does("option_refused", product="steel", why="itself")
    assert "taste" not in amounts(session, person, "oak")
    assert "leaning" in amounts(session, person, "oak")


def test_what_is_like_a_choice_is_to_taste(session: Session, person: Person) -> None:
    person.does("option_chosen", product="wood")
    assert amounts(session, person, "oak")["taste"] > 0
    assert amounts(session, person, "steel")["leaning"] < 0


def test_a_refused_trait_puts_off_what_has_it(session: Session, person: Person) -> None:
    person.does("option_refused", product="wood", why="trait")
    assert amounts(session, person, "oak")["leaning"] < 0


def test_a_muted_trait_says_nothing(session: Session, person: Person) -> None:
    person.does("option_chosen", product="wood")
    before = amounts(session, person, "oak")["taste"]
    person.does("lesson_deleted", trait="material=wood")
    assert sum(amounts(session, person, "oak").values()) < before


def test_what_others_often_chose_comes_first(session: Session, person: Person) -> None:
    for _ in range(4):
        other = Person(session)
        other.sees("wood", "steel", "oak", "plastic")
        other.does("option_chosen", product="steel")
    assert amounts(session, person, "steel")["often_chosen"] > 0
    assert amounts(session, person, "oak")["chances"] < 0


def test_own_choices_are_not_those_of_others(session: Session, person: Person) -> None:
    for _ in range(4):
        person.sees("wood", "steel", "oak", "plastic")
        person.does("option_chosen", product="steel")
    assert "often_chosen" not in amounts(session, person, "steel")


def test_what_followed_the_last_order_is_near(session: Session, person: Person) -> None:
    other = Person(session)
    other.orders(1, "wood")
    other.orders(2, "plastic", days=2)
    person.orders(1, "wood")
    assert amounts(session, person, "plastic")["follows"] > 0


def test_withdrawn_consent_hides_the_own_part(session: Session, person: Person) -> None:
    person.orders(1, "wood")
    record_consent(
        session,
        person.id,
        Purpose.LEARNING,
        False,
        text="Learn from me",
        source="test",
        now=NOW,
    )
    assert amounts(session, person, "wood").keys() <= {"chances", "often_chosen"}


def test_more_products_need_no_more_queries(session: Session, person: Person) -> None:
    person.orders(1, "wood")
    products = list(session.scalars(select(Product)))
    learned, seen = known(session, person), list[str]()
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *a: seen.append(str(a[2])))
    learned.terms(products[:1])
    few = len(seen)
    learned.terms(products)
    assert len(seen) == 2 * few > 0


def test_the_state_is_the_place_in_the_log(session: Session, person: Person) -> None:
    before = learning_state(session)
    person.sees("wood")
    assert learning_state(session) == before + 1
