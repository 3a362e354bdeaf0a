"""What a message means as a reply, beside its intent."""

from datetime import date, timedelta
from typing import Any

import pytest

from journey.coach import replying
from journey.coach.replying import To
from journey.turn import Entity
from tests.journey.talking import Talk


def heard(reply: str, confidence: float = 0.9) -> Entity:
    return Entity("reply", reply, confidence=confidence)


@pytest.mark.parametrize(
    ("to", "said"), [(To.OFFER, "no"), (To.NEWS, "fine"), (To.OUTCOME, None)]
)
def test_reply_is_read_by_what_it_replies_to(
    talk: Talk, to: To, said: str | None
) -> None:
    turn = talk.turn("give_feedback", "ok", heard("offer.no"), heard("news.fine"))
    assert replying.meaning(turn, to) == said


@pytest.mark.parametrize(
    ("intent", "said"), [("affirm", "yes"), ("deny", "no"), ("track_order", None)]
)
def test_button_means_what_its_intent_says(
    talk: Talk, intent: str, said: str | None
) -> None:
    assert replying.meaning(talk.turn(intent), To.OFFER) == said


@pytest.mark.parametrize("said", ["never", "stranger", "over"])
def test_what_ends_more_than_a_question_must_be_sure(talk: Talk, said: str) -> None:
    turn = talk.turn("deny", "no", heard(f"offer.{said}", 0.6))
    assert replying.meaning(turn, To.OFFER) is None
    sure = talk.turn("deny", "no", heard(f"offer.{said}", 0.8))
    assert replying.meaning(sure, To.OFFER) == said


@pytest.mark.parametrize(
    ("acts", "said"), [((), "no"), ((Entity("act", "affirm"),), "yes")]
)
def test_yes_is_none_where_all_else_says_no(
    talk: Talk, acts: tuple[Entity, ...], said: str
) -> None:
    turn = talk.turn("deny", "nope, all good", heard("offer.yes"), *acts)
    assert replying.meaning(turn, To.OFFER) == said


def days(text: str, count: int, words: str) -> Any:
    start = text.index(words)
    return Entity("duration", {"days": count}, start, start + len(words))


def test_day_is_named_by_how_long_it_is_until_then(talk: Talk) -> None:
    text = "remind me in 2 weeks"
    turn = talk.turn("deny", text, days(text, 14, "2 weeks"))
    assert replying.named_day(turn) == turn.now + timedelta(days=14)


def test_how_long_something_took_names_no_day(talk: Talk) -> None:
    text = "i was away for two weeks"
    turn = talk.turn("deny", text, days(text, 14, "two weeks"))
    assert replying.named_day(turn) is None


def test_day_is_named_by_its_date(talk: Talk) -> None:
    later = talk.at.date() + timedelta(days=9)
    turn = talk.turn("deny", "then", Entity("date", {"date": later.isoformat()}))
    named = replying.named_day(turn)
    assert named is not None
    assert date(named.year, named.month, named.day) == later
