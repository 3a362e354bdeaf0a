"""The packet as plain text, for any desk: under 2,000 characters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from journey.desk.packet import Line, Packet
from journey.desk.told import Told
from journey.owner.help import Rules
from journey.people.consent import Purpose

LONGEST = 1999
WIDEST = 150
LINE = 110
HEAD = 1500
"""What the facts may take; the last turns get the rest."""
MANY_PROMISES = 4
CONSENTS = {
    Purpose.PROACTIVE: "messages of ours",
    Purpose.CHECK_IN: "check-ins",
    Purpose.DUE_AGAIN: "reminders",
    Purpose.MAY_NEED: "what may be needed",
    Purpose.PROMISE_NEWS: "news of promises",
    Purpose.BACK_IN_STOCK: "back in stock",
    Purpose.BETTER_PRICE: "better price",
    Purpose.LEARNING: "learning",
    Purpose.MANDATE: "ordering for them",
}


def plain(packet: Packet, rules: Rules, now: datetime) -> str:
    """Return a packet as text; what does not fit is cut, the oldest turns first."""
    facts = (" ".join(line.split()) for line in _facts(packet, rules, now))
    head = "\n".join(cut(line, WIDEST) for line in facts)
    head = cut(head, HEAD)
    step = cut(f"Next: {packet.next}", 2 * WIDEST)
    room = LONGEST - len(head) - len(step) - len("\n\nLast turns:\n")
    turns = "\n".join(_fitting(packet.turns, room))
    last = f"\nLast turns:\n{turns}" if turns else ""
    return f"{head}\n{step}{last}"


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _facts(packet: Packet, rules: Rules, now: datetime) -> Iterator[str]:
    why = rules.reasons.get(packet.reason)
    who = packet.name or "somebody without a name"
    verified = "verified" if packet.verified else "not verified"
    urgency = packet.urgency.name.lower()
    yield f"{who} {why.says if why else packet.reason} (urgency: {urgency})"
    yield (
        f"Who: {verified}, {packet.channel}, {packet.language},"
        f" since {packet.customer_since:%d %b %Y}"
    )
    mood = packet.mood
    yield f"Mood: {mood.feeling}" + (f", “{mood.line}”" if mood.line else "")
    # What binds us comes before what may be cut.
    for due in packet.promises[:MANY_PROMISES]:
        late = " OVERDUE" if due.overdue else ""
        yield f"Promise: {due.what} by {due.due:%a %d %b} ({due.keeper}){late}"
    yield f"Consents: {_consents(packet.consents)}"
    yield from _journey(packet.told, now)


def _consents(given: Mapping[str, bool]) -> str:
    named = [
        (answer, ", ".join(CONSENTS[Purpose(x)] for x in given if given[x] is is_given))
        for answer, is_given in (("yes to", True), ("no to", False))
    ]
    return (
        "; ".join(f"{answer} {what}" for answer, what in named if what) or "none asked"
    )


def _journey(known: Told, now: datetime) -> Iterator[str]:
    if known.stage and known.since:
        yield f"Stage: {known.stage}, for {_long(now - known.since)}"
    if known.words or known.need:
        need = known.need or "not clear yet"
        yield f"Need: {need}; in their words “{known.words}”"
    if known.because:
        yield f"Why: {'; '.join(known.because)}"
    if known.goal:
        by = f" (by {known.goal_by:%d %b})" if known.goal_by else ""
        yield f"Goal: {known.goal}{by}"
    for label, parts in (
        ("Must", known.constraints),
        ("Would like", known.preferences),
        ("Tried", known.tried),
    ):
        if parts:
            yield f"{label}: {'; '.join(parts)}"
    if known.options:
        yield "Options: " + "; ".join(
            f"{x.product} {x.price} {x.choice}" + (f" ({x.why})" if x.why else "")
            for x in known.options
        )


def _long(time: timedelta) -> str:
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _fitting(turns: Sequence[Line], room: int) -> list[str]:
    lines: list[str] = []
    for turn in reversed(turns):
        line = cut(f"{turn.author}: {' '.join(turn.text.split())}", LINE)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    return lines[::-1]
