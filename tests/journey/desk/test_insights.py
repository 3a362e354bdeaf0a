from datetime import timedelta

from sqlalchemy.orm import Session

from journey.desk import ending, insights, taking
from journey.desk.handoffs import Who
from journey.owner import ownership
from journey.owner.help import load_help
from journey.promises.promises import make_promise
from journey.store.tables import Asked, Handoff, JobState
from tests.factories import NOW, make_conversation, make_customer, make_journey

HELP, MIA = load_help(), Who("mia", "Mia")
SINCE = NOW - timedelta(days=7)


def helped(session: Session, minutes: int, rating: int | None = None) -> Handoff:
    """Let somebody ask for a person and be helped after some minutes."""
    conversation = make_conversation(session, make_customer(session))
    one = conversation.id
    ownership.request(session, one, by="coach", why="asked", at=NOW)
    taken = NOW + timedelta(minutes=minutes)
    handoff = taking.take(session, one, by=MIA, languages=HELP.languages, now=taken)
    ending.resolve(session, one, by=MIA, seen=9, help=HELP, now=taken)
    if rating:
        ending.rate(session, one, f"{ending.RATE}:{handoff.id}:{rating}", taken)
    return handoff


def test_waiting_is_from_the_request_to_the_take_over(session: Session) -> None:
    for minutes, rating in ((2, 5), (4, 2), (30, None)):
        helped(session, minutes, rating)
    found = insights.waiting(session, SINCE)
    assert (found.asked, found.taken) == (3, 3)
    assert (found.median_minutes, found.longest_minutes) == (4, 30)
    assert (found.rating, found.ratings) == (3.5, 2)


def test_nothing_is_counted_before_the_day(session: Session) -> None:
    helped(session, 2)
    found = insights.waiting(session, NOW + timedelta(days=1))
    assert (found.asked, found.median_minutes, found.rating) == (0, None, None)


def test_solved_counts_what_each_agent_ended(session: Session) -> None:
    helped(session, 1, 4)
    helped(session, 1)
    solved = insights.Solved("mia", 2, {"asked": 2}, 4)
    assert insights.solved(session, SINCE) == [solved]


def test_waiting_counts_who_went_on_with_the_bot(session: Session) -> None:
    one = make_conversation(session, make_customer(session)).id
    ownership.request(session, one, by="coach", why="asked", at=NOW)
    ownership.withdraw(session, one, by="customer", why="carry_on", at=NOW)
    found = insights.waiting(session, SINCE)
    assert (found.asked, found.taken, found.left) == (1, 0, 1)


def test_promised_counts_by_what_became_of_them(session: Session) -> None:
    who = make_customer(session).id
    for state in ("open", "kept", "kept", "broken"):
        made = make_promise(
            session, "refund", customer_id=who, due_at=NOW, now=NOW, keeper="shop"
        )
        made.state = state
    session.flush()
    counts = insights.promised(session, SINCE)
    assert (counts["open"], counts["kept"], counts["broken"]) == (1, 2, 1)


def test_questions_are_counted_per_journey_of_a_need(session: Session) -> None:
    conversation = make_conversation(session, make_customer(session))
    for asked in (3, 0):
        journey = make_journey(session, conversation, need="quieter_days")
        for number in range(asked):
            row = Asked(journey_id=journey.id, question=f"q{number}", asked_at=NOW)
            session.add(row)
    session.flush()
    (found,) = insights.questions(session, SINCE)
    assert (found.need, found.journeys, found.each) == ("quieter_days", 2, 1.5)


def test_troubles_are_the_jobs_that_fail(session: Session) -> None:
    for name, failures in (("pull_catalogue", 2), ("refit", 0)):
        state = JobState(name=name, due_at=NOW, failures=failures, failure="503")
        session.add(state)
    session.flush()
    (found,) = insights.troubles(session)
    assert (found.job, found.failures, found.failure) == ("pull_catalogue", 2, "503")
