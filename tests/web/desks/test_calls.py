"""Chatwoot's calls, read: what is an agent's word, and when it was said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from journey.theirs.answers import Wrote
from journey.theirs.changing import Changed
from journey.theirs.rewriting import Rewrote
from tests.factories import NOW
from web.channels.faults import Unreadable
from web.desks.calls import moment, read_call

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def message(**fields: Any) -> dict[str, Any]:
    return {
        "event": "message_created",
        "id": 5,
        "content": "Hi",
        "created_at": "2026-11-23 09:30:00 UTC",
        "message_type": "outgoing",
        "private": False,
        "sender": {"id": 7, "name": "Kim", "type": "user"},
        "conversation": {"id": 12},
        "inbox": {"id": 9},
        "account": {"id": 3},
        **fields,
    }


def conversation(**fields: Any) -> dict[str, Any]:
    return {
        "event": "conversation_status_changed",
        "id": 12,
        "inbox_id": 9,
        "account": {"id": 3},
        "status": "resolved",
        "meta": {"assignee": {"id": 7, "name": "Kim", "type": "user"}},
        "updated_at": AT.timestamp(),
        **fields,
    }


@pytest.mark.parametrize(
    "given",
    [
        "2026-11-23T09:30:00.000Z",
        "2026-11-23 09:30:00 UTC",
        "2026-11-23T10:30:00+01:00",
        AT.timestamp(),
        str(int(AT.timestamp())),
    ],
)
def test_reads_every_way_in_which_chatwoot_writes_a_time(given: str | float) -> None:
    assert moment(given) == AT


@pytest.mark.parametrize("given", [None, "", "soon", 1e30])
def test_what_is_no_time_is_none(given: str | float | None) -> None:
    assert moment(given) is None


def test_agents_word_is_read_whole() -> None:
    files = [{"id": 1}, {"id": 2}]
    wrote = Wrote("12", "5", "Hi", "7", "Kim", files=2, at=AT)
    assert read_call(message(attachments=files), NOW) == wrote


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": "Hello"}, "Hello"),
        ({"content": None}, ""),
        ({"content_attributes": {"deleted": True}}, None),
    ],
)
def test_updated_message_is_changed_or_taken_back(
    fields: dict[str, Any], text: str | None
) -> None:
    call = read_call(message(event="message_updated", **fields), NOW)
    assert call == Rewrote("12", "5", text, "Kim", AT)


@pytest.mark.parametrize(
    "fields",
    [
        {"private": True},
        {"message_type": "incoming"},
        {"message_type": 3},
        {"sender": None},
        {"sender": {"id": 2, "type": "agent_bot"}},
        {"event": "webwidget_triggered"},
        {"event": None},
    ],
)
def test_what_no_agent_said_to_the_customer_is_nothing(fields: dict[str, Any]) -> None:
    assert read_call(message(**fields), NOW) is None


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, {}),
        ({"meta": {}}, {"agent": None, "name": None}),
        ({"meta": {"assignee": {"id": 2, "type": "agent_bot"}}}, {"agent": None}),
        ({"updated_at": None, "timestamp": AT.timestamp()}, {}),
        ({"snoozed_until": "2026-11-23T09:30:00Z"}, {"until": AT}),
        ({"custom_attributes": {"coach_outcome": " sent "}}, {"outcome": "sent"}),
        ({"custom_attributes": {"coach_outcome": 5}}, {"outcome": ""}),
    ],
)
def test_change_says_who_has_it_and_since_when(
    fields: dict[str, Any], wanted: dict[str, Any]
) -> None:
    call = read_call(conversation(**fields), NOW)
    assert isinstance(call, Changed)
    usual = {"key": "12", "status": "resolved", "at": AT, **wanted}
    assert {key: getattr(call, key) for key in usual} == usual


@pytest.mark.parametrize("fields", [{"id": "x"}, {"conversation": 5}, {"sender": 5}])
def test_misshapen_call_is_named(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=next(iter(fields))):
        read_call(message(**fields), NOW)
