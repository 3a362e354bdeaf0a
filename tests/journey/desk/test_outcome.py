from datetime import UTC, datetime

import pytest

from journey.desk.outcome import Kind, read_outcome
from journey.owner.help import Help

THURSDAY = datetime(2026, 12, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "kind", "day"),
    [
        ("replacement sent, arrives Tuesday", Kind.REPLACEMENT, "2026-12-08"),
        ("refund of 20 euros by 12 December", Kind.REFUND, "2026-12-12"),
        ("I will call back tomorrow", Kind.CALL_BACK, "2026-12-04"),
        ("technician comes on 2026-12-09", Kind.REPAIR, "2026-12-09"),
        ("parcel found, delivered by Monday", Kind.DELIVERY, "2026-12-07"),
        ("we look into the double charge by Friday", Kind.LOOK_INTO, "2026-12-04"),
        ("will check with the warehouse", Kind.LOOK_INTO, None),
        ("looked into it, refund by 12 December", Kind.REFUND, "2026-12-12"),
        ("explained the invoice, may need more", Kind.SOLVED, None),
        ("refunded", Kind.REFUND, None),
        ("refund not possible before 12 December", Kind.OTHER, "2026-12-12"),
        ("no refund given", Kind.OTHER, None),
        ("customer left", Kind.OTHER, None),
    ],
)
def test_read_outcome(help: Help, line: str, kind: Kind, day: str | None) -> None:
    outcome = read_outcome(line, help.languages["en"], help.people, THURSDAY)
    assert outcome.kind == kind
    assert (outcome.due and outcome.due.date().isoformat()) == day


def test_calls_are_due_while_the_shop_is_open(help: Help) -> None:
    outcome = read_outcome(
        "will call on Friday", help.languages["en"], help.people, THURSDAY
    )
    assert outcome.due
    assert outcome.due.isoformat() == "2026-12-04T18:00:00+01:00"


def test_without_a_day_nothing_is_promised(help: Help) -> None:
    outcome = read_outcome("refunded", help.languages["en"], help.people, THURSDAY)
    assert (outcome.is_promise, outcome.says) == (False, "back_refund")


def test_every_outcome_has_its_words(help: Help) -> None:
    texts = help.languages["en"].handoff
    assert {f"back_{kind}" for kind in Kind} <= set(texts)
