"""Times of the day as people write them: "3 pm", "15:30", "at 4"."""

import re
from datetime import time

WRITTEN = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\s*([ap])?\.?(?:m\b)?", re.I)
SPOKEN = re.compile(r"\b(1[0-2]|0?[1-9])\s*([ap])\.?\s?m\b", re.IGNORECASE)
OCLOCK = re.compile(r"\b(?:at|by|around|after)\s+([01]?\d|2[0-3])\b", re.IGNORECASE)
NOON = 12
EARLY = 7
"""An hour without am or pm before this one is meant in the afternoon."""


def read_time(text: str) -> time | None:
    """Return the time of day that a text names; None when it names none."""
    if found := SPOKEN.search(text):
        return _time(int(found[1]), 0, found[2])
    if found := WRITTEN.search(text):
        return _time(int(found[1]), int(found[2]), found[3])
    if found := OCLOCK.search(text):
        hour = int(found[1])
        return _time(hour, 0, "p" if 0 < hour < EARLY else None)
    return None


def _time(hour: int, minute: int, half: str | None) -> time:
    half = (half or "").lower()
    if half == "p" and hour < NOON:
        hour += NOON
    if half == "a" and hour == NOON:
        hour = 0
    return time(hour, minute)
