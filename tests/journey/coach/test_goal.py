from journey.store.tables import Goal, Promise
from journey.turn import Entity
from tests.journey.talking import Talk

TEXT = "I want to run 5k by June"


def aims(talk: Talk) -> list[str]:
    return talk.say(
        "state_goal",
        TEXT,
        Entity("need", "back_into_running", 0, len(TEXT), 0.95),
        Entity("date", {"date": "2026-06-01", "op": "<="}, 16, 23),
    )


def test_goal_is_reflected_and_gets_one_small_step(talk: Talk) -> None:
    assert aims(talk) == ["utter_reflect_goal_by", "utter_propose_step"]
    assert talk.value("day") == "Monday 1 June"


def test_agreed_step_leads_to_a_promise_with_a_day(talk: Talk) -> None:
    aims(talk)
    assert talk.say("affirm", "ok") == ["utter_step_agreed", "utter_offer_check_in"]
    assert talk.say("affirm", "yes") == ["utter_check_in_agreed"]
    promise = talk.session.query(Promise).one()
    assert promise.kind == "check_in"
    assert (promise.due_at.date() - talk.at.date()).days == 7


def test_step_of_ones_own_is_taken_word_for_word(talk: Talk) -> None:
    aims(talk)
    assert talk.say("deny", "no")[0] == "utter_ask_own_step"
    talk.say("state_goal", "walk round the block after lunch")
    assert talk.session.query(Goal).one().step == "walk round the block after lunch"


def test_check_in_is_on_the_day_that_the_customer_names(talk: Talk) -> None:
    aims(talk)
    talk.say("affirm", "ok")
    sunday = Entity("date", {"date": "2026-03-15", "op": "=="}, 4, 15)
    talk.say("affirm", "yes on 15 March please", sunday)
    assert talk.value("day") == "Sunday 15 March"


def test_check_in_refused_makes_no_promise(talk: Talk) -> None:
    aims(talk)
    talk.say("affirm", "ok")
    assert talk.say("deny", "no thanks") == ["utter_no_check_in"]
    assert talk.session.query(Promise).count() == 0
    assert "consent_given" not in talk.kinds()


def test_deadline_in_the_past_is_not_kept(talk: Talk) -> None:
    past = Entity("date", {"date": "2020-01-01", "op": "<="}, 0, 4)
    said = talk.say("state_goal", "2020 run 5k", past)
    assert said[0] == "utter_reflect_goal"
    assert talk.session.query(Goal).one().by is None
