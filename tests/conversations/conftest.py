import os
from collections.abc import Iterator

import pytest

from tests.conversations.house import House, running
from tests.conversations.providers import Providers, serving_all

ON_CHANNELS = bool(os.environ.get("COACH_TEST_CHANNELS"))
"""Whether the house is connected with the contract servers of all providers."""


@pytest.fixture(scope="session")
def providers() -> Iterator[Providers]:
    if not ON_CHANNELS:
        pytest.skip("set COACH_TEST_CHANNELS=1")
    with serving_all() as providers:
        yield providers


@pytest.fixture(scope="session")
def house(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[House]:
    providers = request.getfixturevalue("providers") if ON_CHANNELS else None
    environ = providers.environ if providers else {}
    with running(tmp_path_factory.mktemp("house"), environ) as house:
        yield house
