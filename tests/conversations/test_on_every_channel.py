"""The same conversations on every channel end in the same journey log.

Three of the twelve are played by default. COACH_TEST_CHANNELS=1 plays them all; then
run this file alone: what the shop learned from other scripts moves its shortlists.
"""

import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import select, update

from journey.store.tables import Event, Product
from tests.conversations.by_channel import ByChannel
from tests.conversations.by_web import ByWeb
from tests.conversations.house import House
from tests.conversations.play import Way, play
from tests.conversations.providers import Providers
from tests.conversations.script import load_scripts
from tests.web.channels.kits import KITS
from web.texts import load_texts

SCRIPTS = load_scripts()
NAMES = (
    "happy_paths: nights, from the first word to a look at what could help",
    "happy_paths: from a need to an order",
    "happy_paths: a desk chair, from the first wish to the order",
    "happy_paths: chosen on the card",
    "happy_paths: which is the lightest",
    "happy_paths: a cart filled, shown and ordered",
    "happy_paths: where is it",
    "happy_paths: a mandate and its end",
    "cancellations: an order is cancelled",
    "guards: a person, please",
    "guards: STOP",
)
"""With the link: every experience, a person, and STOP."""
QUICK = frozenset(NAMES[3:4] + NAMES[-2:])
slow = pytest.mark.skipif(
    not os.environ.get("COACH_TEST_CHANNELS"), reason="set COACH_TEST_CHANNELS=1"
)
SAME = [pytest.param(name, marks=() if name in QUICK else slow) for name in NAMES]
OWN = frozenset({"channel", "seconds", "ms", "at", "contenders"})
"""What is each channel's own, and who stood to a draw."""
MOVED = frozenset({"options"})
"""What learning moves, while the others talk: of these how many."""
PLENTY = 1000
ID = re.compile(r"[0-9a-f]{32}")
NAMED = frozenset({"order", "gone", "product"})
"""What is told apart by when it came up first: each playing has its own."""
Ways = Mapping[str, Way]
Log = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def ways(providers: Providers, house: House) -> Iterator[Ways]:
    with house.sessions.begin() as session:
        # Nine at once buy the same.
        session.execute(update(Product).values(stock=PLENTY))
    with ExitStack() as stack:
        web = stack.enter_context(ByWeb(house, house.web))
        others = {c: stack.enter_context(ByChannel(house, providers, c)) for c in KITS}
        yield {"web": web, **others}


class Masked:
    """A log's payloads without what differs from one playing to the next."""

    def __init__(self) -> None:
        self._seen: dict[Any, str] = {}

    def plain(self, payload: Any, key: str = "") -> Any:
        """Return a payload with ids by their order, and nothing that was learned."""
        if isinstance(payload, dict):
            return {k: self.plain(v, k) for k, v in payload.items() if k not in OWN}
        if isinstance(payload, list):
            return (
                len(payload) if key in MOVED else [self.plain(x, key) for x in payload]
            )
        if isinstance(payload, float):
            return None
        if key in NAMED or (isinstance(payload, str) and ID.fullmatch(payload)):
            return self._seen.setdefault(payload, f"{key} {len(self._seen)}")
        return payload


def log_of(house: House, customer: str) -> Log:
    """Return what was logged of a customer, without what is each channel's own."""
    query = select(Event).where(Event.customer_id == customer).order_by(Event.number)
    masked = Masked()
    with house.reading() as session:
        return [
            (event.kind, event.stage, event.need, masked.plain(event.payload))
            for event in session.scalars(query)
        ]


def same(logs: Mapping[str, Log]) -> None:
    """Check that all logs are as the first one."""
    first = next(iter(logs.values()))
    for channel, log in logs.items():
        assert log == first, channel


@pytest.mark.engine
@pytest.mark.parametrize("name", SAME)
def test_same_journey_on_every_channel(name: str, ways: Ways, house: House) -> None:
    with ThreadPoolExecutor(len(ways)) as pool:
        list(pool.map(lambda way: play(SCRIPTS[name], way, house), ways.values()))
    same({channel: log_of(house, way.customer) for channel, way in ways.items()})


@pytest.mark.engine
@slow
def test_same_customer_goes_on_on_every_channel(ways: Ways, house: House) -> None:
    others = {c: way for c, way in ways.items() if isinstance(way, ByChannel)}
    with ThreadPoolExecutor(len(others)) as pool:
        list(pool.map(lambda way: go_on(way, house), others.values()))
    same({channel: log_of(house, way.customer) for channel, way in others.items()})


def go_on(way: ByChannel, house: House) -> None:
    """Say a need on the website, join the channel by a code, and go on there."""
    texts = load_texts("en")
    with ByWeb(house, house.web) as web:
        web.open("", "web")
        asked = web.send("I keep waking up at 3 and I'm a wreck at work", None, "")
        answer = web.client.post("/chat/links", json={"channel": way.channel})
        way.open("", "web")
        reply = way.send(answer.json()["code"], None, "")
        press = dict(reply.buttons)[texts.say("link_yes")]
        linked = way.send(None, press, texts.say("link_yes"))
        assert web.customer == way.customer
    # What waits for an answer there is asked again here.
    assert linked.texts[-1].startswith(asked.texts[-1][:40])
    assert way.send("since three weeks, it is too hot", None, "").names
