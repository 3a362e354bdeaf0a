from datetime import time

import pytest

from journey.language.clock import read_time


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("at 3 pm please", time(15)),
        ("15:30", time(15, 30)),
        ("9.15 am", time(9, 15)),
        ("tomorrow at 4", time(16)),
        ("by 11", time(11)),
        ("12 am", time(0)),
        ("12 p.m.", time(12)),
        ("around 14", time(14)),
        ("any time", None),
        ("in 3 days", None),
    ],
)
def test_time_of_day(text: str, said: time | None) -> None:
    assert read_time(text) == said
