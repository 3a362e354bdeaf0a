"""The same conversations on every channel end in the same journey log.

Run with COACH_TEST_CHANNELS=1; not yet a part of the usual run.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from journey.store.tables import Event
from tests.conversations.by_channel import ByChannel
from tests.conversations.by_web import ByWeb
from tests.conversations.house import House
from tests.conversations.play import Way, play
from tests.conversations.providers import Providers
from tests.conversations.script import load_scripts
from tests.web.channels.kits import KITS

SCRIPTS = load_scripts()
SAME = (
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
"""Every experience, a person, and STOP."""
OWN = frozenset({"channel", "seconds", "ms", "at"})
"""What is each channel's own."""
Ways = Mapping[str, Way]


@pytest.fixture(scope="module")
def ways(providers: Providers, house: House) -> Iterator[Ways]:
    with ByWeb(house, house.web) as web:
        yield {"web": web, **{c: ByChannel(house, providers, c) for c in KITS}}


def log_of(house: House, customer: str) -> list[tuple[Any, ...]]:
    """Return what was logged of a customer, without what is each channel's own."""
    query = select(Event).where(Event.customer_id == customer).order_by(Event.number)
    with house.reading() as session:
        return [
            (event.kind, event.stage, event.need, plain(event.payload))
            for event in session.scalars(query)
        ]


def plain(payload: Any) -> Any:
    """Return a payload without what learning moves: the others talk meanwhile."""
    if isinstance(payload, dict):
        return {key: plain(x) for key, x in payload.items() if key not in OWN}
    if isinstance(payload, list):
        return [plain(x) for x in payload]
    return None if isinstance(payload, float) else payload


@pytest.mark.engine
@pytest.mark.parametrize("name", SAME)
def test_same_journey_on_every_channel(name: str, ways: Ways, house: House) -> None:
    with ThreadPoolExecutor(len(ways)) as pool:
        list(pool.map(lambda way: play(SCRIPTS[name], way, house), ways.values()))
    logs = {channel: log_of(house, way.customer) for channel, way in ways.items()}
    for channel, log in logs.items():
        assert log == logs["web"], channel
