from typing import Any

import pytest
from sqlalchemy.orm import Session

from journey.catalogue.schema import Attribute
from journey.curate.score import LEARNED, Scorer, Term, Wish
from journey.needs.schema import Serves
from journey.orders.workdays import Arrivals
from tests.factories import NOW, make_product

NOISE = Attribute(type="number", unit="dB", name="noise", better="less")
COOLING = Attribute(type="boolean", name="cooling")
COLOUR = Attribute(type="choice", name="colour", values={"black": ("black",)})
ATTRIBUTES = {"noise": NOISE, "cooling": COOLING, "colour": COLOUR}


def make_scorer(**given: Any) -> Scorer:
    usual: dict[str, Any] = {"serves": None, "wishes": (), "learned": {}}
    return Scorer(attributes=ATTRIBUTES, arrivals=Arrivals(NOW), **{**usual, **given})


def test_rank_prefers_the_better_end_of_a_number(session: Session) -> None:
    loud = make_product(session, attributes={"noise": 50})
    quiet = make_product(session, attributes={"noise": 20})
    ranking = make_scorer(wishes=[Wish("noise", 1)]).rank([loud, quiet])
    assert [scored.product for scored in ranking] == [quiet, loud]


def test_rank_puts_an_avoided_trait_last(session: Session) -> None:
    black = make_product(session, id="a", attributes={"colour": "black"})
    other = make_product(session, id="b", attributes={})
    ranking = make_scorer(wishes=[Wish("colour", -1, "black")]).rank([black, other])
    assert ranking[-1].product is black


def test_rank_weighs_categories_by_the_need(session: Session) -> None:
    lamp = make_product(session, category="desk-lamp")
    duvet = make_product(session, category="duvet")
    serves = Serves(categories={"duvet": 1.0}, attributes={})
    assert make_scorer(serves=serves).rank([lamp, duvet])[0].product is duvet


def test_rank_adds_what_was_learned(session: Session) -> None:
    first, second = make_product(session, id="a"), make_product(session, id="b")
    learned = {"b": [Term(LEARNED, "kept", 0.5)]}
    assert make_scorer(learned=learned).rank([first, second])[0].product is second


def test_score_is_the_sum_of_its_terms(session: Session) -> None:
    product = make_product(session, attributes={"cooling": True})
    scorer = make_scorer(wishes=[Wish("cooling", 0.5)])
    scored = scorer.rank([product])[0]
    total = sum(term.amount for term in scored.terms)
    assert scored.score == pytest.approx(total)
    assert ("preference", "cooling", 0.5) in [
        (term.kind, term.about, term.amount) for term in scored.terms
    ]
