from collections.abc import Iterator

import pytest

from tests.conversations.house import House, running
from tests.conversations.providers import Providers, serving_all


@pytest.fixture(scope="session")
def providers() -> Iterator[Providers]:
    with serving_all() as providers:
        yield providers


@pytest.fixture(scope="session")
def house(
    tmp_path_factory: pytest.TempPathFactory, providers: Providers
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with running(folder, providers.environ) as house:
        yield house
