"""The class in docs/channels/add-a-channel.md does what is said there."""

import hashlib
import hmac
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers

from tests.factories import NOW
from web.channels.base import Channel, Line
from web.channels.faults import Forged
from web.channels.incoming import Kind, Raw

GUIDE = Path(__file__).parents[3] / "docs" / "channels" / "add-a-channel.md"
SAID = b'{"id": "1", "loft": "l", "ring": "r", "at": 1795426300, "text": "coo"}'


@pytest.fixture
def pigeon() -> Channel:
    code = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.S)[1]
    found: dict[str, Any] = {}
    exec(code, found)
    channel: Channel = found["Pigeon"](Line({"secret": "s"}, httpx.AsyncClient()))
    return channel


def raw(secret: bytes) -> Raw:
    digest = hmac.new(secret, SAID, hashlib.sha256).hexdigest()
    return Raw("POST", Headers({"x-loft": f"sha256={digest}"}), {}, SAID)


def test_reads_what_is_signed(pigeon: Channel) -> None:
    pigeon.check(raw(b"s"), NOW)
    (part,) = pigeon.parts(raw(b"s"))
    (one,) = pigeon.read(part, NOW)
    assert (one.kind, one.provider_id, one.text) == (Kind.TEXT, "1", "coo")


def test_refuses_what_is_not(pigeon: Channel) -> None:
    with pytest.raises(Forged):
        pigeon.check(raw(b"another"), NOW)
