from datetime import UTC, datetime

import pytest

from journey.knowledge import Knowledge
from journey.orders.policies import find_policy


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("what does delivery cost by the way?", "delivery_cost"),
        ("whats ur return policy", "returns"),
        ("do you deliver to hungary", "delivery_countries"),
        ("how long does shiping take", "delivery_time"),
        ("how much is express?", "express"),
        ("how fast can you deliver", "express"),
        ("what delivery options do you have?", "delivery_options"),
        ("which shipping options are there", "delivery_options"),
        ("how much is shipping", "delivery_cost"),
        ("which countries do you deliver to", "delivery_countries"),
        ("can i pay by invoice", "payment"),
        ("what is the meaning of life", None),
    ],
)
def test_policy_is_found_by_its_names(
    knowledge: Knowledge, text: str, policy: str | None
) -> None:
    found = find_policy(knowledge.policies, text)
    assert (found.policy if found else None) == policy


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 17, tzinfo=UTC), False),
        (datetime(2026, 3, 7, 9, tzinfo=UTC), False),
        (datetime(2026, 7, 6, 7, tzinfo=UTC), True),
    ],
)
def test_people_are_there_by_their_own_clock(
    knowledge: Knowledge, moment: datetime, there: bool
) -> None:
    assert knowledge.policies.people.are_there(moment) is there


def test_after_friday_evening_comes_monday(knowledge: Knowledge) -> None:
    friday = datetime(2026, 3, 6, 20, tzinfo=UTC)
    begin = knowledge.policies.people.next_there(friday)
    assert begin.strftime("%A %H:%M") == "Monday 09:00"
