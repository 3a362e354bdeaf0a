"""The channel and the hour of a message: one's own habits, leaning on everybody's."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from journey.proactive.moment import Habits, Tally, choose
from journey.proactive.quiet import Quiet
from journey.proactive.wishes import PER_WEEK, WEEK, Wishes

NIGHT = datetime(2026, 3, 2, 3, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
CHANNELS = ("telegram", "whatsapp")
EVENING, NOON = ("whatsapp", 19), ("telegram", 12)
Known = Mapping[tuple[str, int], Tally]


def wishes(quiet: Quiet) -> Wishes:
    return Wishes(per_week=PER_WEEK, span=WEEK, quiet=quiet, channel=None)


def chosen(own: Known, population: Known, seed: int) -> tuple[str, int]:
    moment = choose(
        Habits(own, population),
        CHANNELS,
        wishes(Quiet(ZONE)),
        now=NIGHT,
        until=NIGHT + timedelta(days=1),
        random=Random(seed),
    )
    return moment.channel, moment.at.astimezone(ZONE).hour


def everybody() -> dict[tuple[str, int], Tally]:
    """Five hundred messages at each hour: at noon, on Telegram, half are answered."""
    found = {(x, hour): Tally(500, 50) for x in CHANNELS for hour in range(24)}
    return {**found, NOON: Tally(500, 250)}


def share(at: tuple[str, int], own: Known, population: Known) -> float:
    return sum(chosen(own, population, seed) == at for seed in range(200)) / 200


def test_who_is_new_is_written_to_when_others_answer() -> None:
    assert share(NOON, {}, {}) < 0.1
    assert share(NOON, {}, everybody()) > 0.3


def test_own_answers_outweigh_what_others_do() -> None:
    own = {EVENING: Tally(10, 9), NOON: Tally(10, 0)}
    assert share(EVENING, own, everybody()) > 0.6
    assert share(NOON, own, everybody()) < 0.05


def test_habits_are_learned_message_by_message() -> None:
    own: dict[tuple[str, int], Tally] = {}
    went = []
    for seed in range(150):
        at = chosen(own, everybody(), seed)
        tally = own.setdefault(at, Tally())
        tally.sent += 1
        tally.answered += at == EVENING
        went.append(at)
    assert Counter(went[-50:]).most_common(1)[0][0] == EVENING


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_no_habit_leads_into_quiet_hours(zone: str) -> None:
    own = {("telegram", 3): Tally(50, 50)}
    quiet = Quiet(ZoneInfo(zone))
    for seed in range(50):
        moment = choose(
            Habits(own, {}),
            CHANNELS,
            wishes(quiet),
            now=quiet.next_allowed(NIGHT),
            until=NIGHT + timedelta(days=1),
            random=Random(seed),
        )
        assert not quiet.holds(moment.at)
