"""Letters to the desk: in order, once, and never lost with who carries them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from journey.theirs import letters
from journey.theirs.letters import LEASE, Kind, Load
from tests.factories import NOW


def queue(session: Session, *names: str, conversation: str = "c1") -> None:
    for name in names:
        letters.queue(session, conversation, Kind.NOTE, once=name, now=NOW, text=name)


def claim(session: Session, worker: str = "a", later: float = 0) -> list[Load]:
    now = NOW + timedelta(seconds=later)
    return list(letters.claim(session, worker, now=now, limit=10))


def texts(loads: list[Load]) -> list[str]:
    return [load.content["text"] for load in loads]


def test_queues_once(session: Session) -> None:
    queue(session, "packet", "packet")
    assert texts(claim(session)) == ["packet"]
    assert claim(session) == []


def test_next_of_a_conversation_waits_for_the_one_before(session: Session) -> None:
    queue(session, "one", "two")
    queue(session, "other", conversation="c2")
    first, other = claim(session)
    assert texts([first, other]) == ["one", "other"]
    assert letters.finish(session, first, "a", "5", NOW)
    (second,) = claim(session)
    assert (second.content["text"], second.after) == ("two", "5")


def test_lost_lease_is_a_try_and_the_loser_notes_nothing(session: Session) -> None:
    queue(session, "one")
    (first,) = claim(session)
    (again,) = claim(session, "b", LEASE.total_seconds())
    assert (first.attempts, again.attempts) == (0, 1)
    assert not letters.finish(session, first, "a", None, NOW)
    assert letters.finish(session, again, "b", None, NOW)


def test_released_one_may_have_arrived(session: Session) -> None:
    queue(session, "one")
    claim(session)
    assert letters.holders(session) == {"a"}
    letters.release(session, "a")
    assert claim(session, "b")[0].attempts == 1


def test_tried_again_when_it_is_time(session: Session) -> None:
    queue(session, "one")
    (load,) = claim(session)
    at = NOW + timedelta(seconds=30)
    letters.retry(session, load, "a", at=at, failure="busy")
    assert not letters.is_due(session, NOW)
    assert texts(claim(session, later=30)) == ["one"]


@pytest.mark.parametrize(
    ("kinds", "left"), [([Kind.NOTE], ["gone"]), ([Kind.LEAVE], ["one"])]
)
def test_drops_what_is_not_true_any_more(
    session: Session, kinds: list[Kind], left: list[str]
) -> None:
    queue(session, "one")
    letters.queue(session, "c1", Kind.LEAVE, once="gone", now=NOW, text="gone")
    letters.drop(session, "c1", kinds)
    assert texts(claim(session)) == left


@pytest.mark.parametrize(("seconds", "seen"), [(0.5, 0), (1, 3), (60, 3)])
def test_agent_has_seen_what_was_there_a_second_before(
    session: Session, seconds: float, seen: int
) -> None:
    letters.queue(session, "c1", Kind.MESSAGE, once="m", now=NOW, text="hi", position=3)
    (load,) = claim(session)
    letters.finish(session, load, "a", "5", NOW)
    at = NOW + timedelta(seconds=seconds)
    assert letters.seen_until(session, "c1", at) == seen
