"""A small real assistant, trained once; its custom actions run in this process."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import rasa.model_training

import pytest
import structlog
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

from bot.tracker_store import WindowedTrackerStore

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))

PROJECT = Path(__file__).parent / "project"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of the trained model."""
    home = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT, home, dirs_exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = rasa.model_training.train(
            domain=str(home / "domain.yml"),
            config=str(home / "config.yml"),
            training_files=[str(home / "nlu.yml"), str(home / "rules.yml")],
            output=str(home / "models"),
        )
    assert result.model
    return result.model


@pytest.fixture()
def store(tmp_path: Path) -> Iterator[WindowedTrackerStore]:
    store = WindowedTrackerStore(host=f"sqlite:///{tmp_path / 'tracker.db'}")
    yield store
    store.close()


class Actions(EndpointConfig):
    """The action server, in this process; `error` makes the next calls fail."""

    def __init__(self) -> None:
        super().__init__(url="http://actions.test")
        self.error: BaseException | None = None
        self.calls: list[str] = []

    async def request(self, *args: object, **kwargs: object) -> object:
        call = kwargs["json"]
        self.calls.append(call["next_action"])
        if self.error:
            raise self.error
        return {"events": EVENTS[call["next_action"]], "responses": []}


EVENTS = {
    "action_pause": [{"event": "pause"}],
    "action_follow": [{"event": "followup", "name": "utter_faq"}],
    "action_reset_order": [
        {"event": "slot", "name": "colour", "value": None},
        {"event": "slot", "name": "size", "value": None},
    ],
}


def load_agent(
    model: str, store: TrackerStore, actions: EndpointConfig | None = None
) -> Agent:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Agent.load(
            model, tracker_store=store, action_endpoint=actions or Actions()
        )
