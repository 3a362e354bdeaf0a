"""What arrived: kept whatever comes of it, and taken in once, in order."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from journey.messages.threads import Origin
from journey.store.tables import Arrival, Message
from tests.factories import NOW
from tests.web.channels.conftest import Talk
from web.channels.arrivals import Arrivals, stuck
from web.channels.hearing import Hearing
from web.channels.incoming import Incoming, Kind


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": Kind.TEXT, "text": "hello"},
        {"kind": Kind.PRESS, "token": "t"},
        {"kind": Kind.MEDIA, "media": ({"kind": "image", "size": 3},)},
        {"kind": Kind.RECEIPT, "about": "x", "state": "dead", "failure": "full"},
    ],
)
def test_is_the_same_after_it_was_kept(fields: dict[str, Any]) -> None:
    origin = Origin("key", "person", {"to": 5}, "Ada")
    one = Incoming(provider_id="p", origin=origin, at=NOW, **fields)
    assert Incoming.of_content(json.loads(json.dumps(one.as_content()))) == one


async def test_what_breaks_is_tried_again_and_holds_up_nobody(
    on_webhook: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear, tried = Hearing.hear, []

    def breaking(self: Hearing, one: Incoming) -> str | None:
        tried.append(one.text)
        heard = hear(self, one)
        if tried.count("bad") == 1 and one.text == "bad":
            raise LookupError("after it was stored")
        return heard

    monkeypatch.setattr(Hearing, "hear", breaking)
    letters = [on_webhook.phone.letter(text=text) for text in ("bad", "good")]
    await on_webhook.phone.post({"messages": letters})
    texts = await on_webhook.provider.until_taken(3)
    assert texts[1:] == ["re: good", "re: bad"]
    with on_webhook.database() as session:
        said = session.scalars(select(Message.text).where(Message.direction == "in"))
        assert sorted(said) == ["bad", "good"]


def test_says_of_which_channels_something_is_stuck(session: Session) -> None:
    for channel, failures in (("sms", 2), ("slack", 1), ("slack", 5), ("email", 0)):
        row = {"channel": channel, "content": {}, "at": NOW, "failures": failures}
        session.add(Arrival(**row))
    session.flush()
    assert stuck(session) == [("slack", 2), ("sms", 1)]


async def test_is_answered_once_when_the_database_breaks_meanwhile(
    on_webhook: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, tried = Arrivals._take, []

    def breaking(self: Arrivals, session: Session) -> set[str]:
        touched = take(self, session)
        tried.append(touched)
        if len(tried) < 3:
            raise OperationalError("", None, Exception("the disk is full"))
        return touched

    monkeypatch.setattr(Arrivals, "_take", breaking)
    assert [one.status_code for one in await on_webhook.phone.say("hello")] == [200]
    await on_webhook.provider.until_taken(2)
    assert on_webhook.provider.texts()[1:] == ["re: hello"]
    assert len(tried) == 3
