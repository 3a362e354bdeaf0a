import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey import journeys
from journey.knowledge import Knowledge
from journey.needs import beliefs
from journey.needs.beliefs import Past
from journey.turn import Entity
from tests.journey.talking import Talk, cue

SLEEP = "sleep_through_the_night"
NOBODY = Past({}, {})
counts = st.integers(1, 500).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of))
)


@given(counts, counts)
def test_weight_of_evidence_is_finite_and_turns_with_its_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    assert math.isfinite(beliefs.ratio(one, other))
    assert beliefs.ratio(one, other) == pytest.approx(-beliefs.ratio(other, one))


@given(st.floats(0.001, 0.999))
def test_probability_undoes_log_odds(p: float) -> None:
    assert beliefs.probability(beliefs.logit(p)) == pytest.approx(p)


def test_prior_knows_the_season_and_the_history(knowledge: Knowledge) -> None:
    need = knowledge.needs[SLEEP]
    plain = beliefs.prior_terms(need, 5, NOBODY)
    winter = beliefs.prior_terms(need, 12, NOBODY)
    again = beliefs.prior_terms(need, 5, Past({SLEEP: 2}, {"duvet": 1}))
    assert [term.kind for term in winter] == ["prior", "season"]
    assert [term.kind for term in again] == ["prior", "history", "bought"]
    assert sum(t.weight for t in again) > sum(t.weight for t in plain)


def test_cues_and_model_are_not_counted_twice(talk: Talk, knowledge: Knowledge) -> None:
    text = "i keep waking up"
    turn = talk.turn(
        "share_situation",
        text,
        cue(f"{SLEEP}.wakes_at_night", text, "keep waking up"),
        Entity("need", SLEEP, 0, len(text), 0.8),
    )
    terms = beliefs.heard_terms(knowledge.needs[SLEEP], turn.heard, 14)
    strongest = max(term.weight for term in terms)
    assert sum(term.weight for term in terms) < 1.6 * strongest


def test_negated_need_speaks_against_it(talk: Talk, knowledge: Knowledge) -> None:
    entity = Entity("need", SLEEP, 0, 5, 0.9, negated=True)
    turn = talk.turn("share_situation", "sleep is fine", entity)
    [term] = beliefs.heard_terms(knowledge.needs[SLEEP], turn.heard, 14)
    assert term.kind == "denied" and term.weight < 0


def test_belief_explains_itself_in_the_customers_words(
    talk: Talk, knowledge: Knowledge
) -> None:
    text = "i keep waking up and i am exhausted"
    turn = talk.turn(
        "share_situation", text, cue(f"{SLEEP}.wakes_at_night", text, "keep waking up")
    )
    journey = journeys.start(turn)
    assert beliefs.hear(turn, journey) == [SLEEP]
    words = beliefs.explain(beliefs.beliefs_of(turn, journey)[SLEEP], knowledge)
    assert words == ["they said “keep waking up”"]


def test_same_cue_moves_a_belief_once(talk: Talk) -> None:
    text = "i keep waking up"
    found = cue(f"{SLEEP}.wakes_at_night", text, "keep waking up")
    turn = talk.turn("share_situation", text, found)
    journey = journeys.start(turn)
    beliefs.hear(turn, journey)
    before = beliefs.beliefs_of(turn, journey)[SLEEP].log_odds
    assert beliefs.hear(talk.turn("share_situation", text, found), journey) == []
    assert beliefs.beliefs_of(turn, journey)[SLEEP].log_odds == before


def test_answer_says_nothing_about_needs_that_it_does_not_name(
    knowledge: Knowledge,
) -> None:
    answer = knowledge.answer("what_wakes_you", "heat")
    assert answer is not None
    assert beliefs.answer_weight(answer, SLEEP, SLEEP) > 0
    assert beliefs.answer_weight(answer, "first_flat", SLEEP) == 0
