from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest
import structlog
from hypothesis import settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from bot.tracker_store import WindowedTrackerStore
    from tests.bot.assistant import train

# How long an example takes says nothing on a shared machine.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of the small assistant's model."""
    return train(tmp_path_factory.mktemp("project"))


@pytest.fixture()
def store(tmp_path: Path) -> Iterator[WindowedTrackerStore]:
    store = WindowedTrackerStore(host=f"sqlite:///{tmp_path / 'tracker.db'}")
    yield store
    store.close()
