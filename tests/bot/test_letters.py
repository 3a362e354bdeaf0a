from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.letters import MAX_TEXT, Refused, read_letter, readable, reply

GOOD: dict[str, Any] = {"conversation_id": "c", "message_id": "m", "text": "hi"}


def letter(**fields: Any) -> Any:
    body = {k: v for k, v in {**GOOD, **fields}.items() if v is not None}
    return read_letter(json.dumps(body).encode())


def test_read_letter() -> None:
    read = letter(customer_id="u", owner_version=3, at="2026-11-23T10:00:00+00:00")
    assert read.text == "hi" and read.payload is None
    assert read.metadata() == {
        "conversation_id": "c",
        "message_id": "m",
        "customer_id": "u",
        "channel": "web",
        "owner_version": 3,
        "at": "2026-11-23T10:00:00+00:00",
        "language": None,
    }


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"text": "hi"}'],
)
def test_refuse_body_that_is_no_letter(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_letter(body)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"text": None}, 400),
        ({"payload": "/affirm"}, 400),
        ({"text": 1}, 400),
        ({"text": " \n\t"}, 400),
        ({"text": "x" * (MAX_TEXT + 1)}, 413),
        ({"conversation_id": ""}, 400),
        ({"conversation_id": "\ud800"}, 400),
        ({"message_id": 7}, 400),
        ({"message_id": "m" * 256}, 400),
        ({"message_id": "m\x00"}, 400),
        ({"owner_version": "3"}, 400),
        ({"owner_version": True}, 400),
        ({"channel": ["web"]}, 400),
        ({"customer_id": {}}, 400),
    ],
)
def test_refuse_field(fields: dict[str, Any], status: int) -> None:
    with pytest.raises(Refused) as refused:
        letter(**fields)
    assert refused.value.status == status and refused.value.reason


def test_keep_text_as_typed() -> None:
    typed = "  /restart \n😀 שלום  "
    assert letter(text=typed).text == typed


def test_replace_what_no_database_can_read() -> None:
    assert readable("a\x00b\ud800c\udc00") == "a\ufffdb\ufffdc\ufffd"


@given(st.text(st.characters()))
def test_readable_is_encodable_and_stable(text: str) -> None:
    once = readable(text)
    assert readable(once) == once
    assert once.encode().decode() == once


def test_reply_carries_metadata_of_response() -> None:
    event = {
        "text": "Why?",
        "data": {"buttons": [{"title": "So"}], "image": None, "custom": {"a": 1}},
        "metadata": {"utter_action": "utter_why", "metadata": {"miti": "open"}},
    }
    assert reply(event) == {
        "text": "Why?",
        "buttons": [{"title": "So"}],
        "image": None,
        "custom": {"a": 1},
        "metadata": {"miti": "open", "utter_action": "utter_why"},
    }
