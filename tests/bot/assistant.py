"""A small real assistant; its custom actions run in this process."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import rasa.model_training
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import EndpointConfig

PROJECT = Path(__file__).parent / "project"


def train(home: Path) -> str:
    """Train the assistant and return the path of its model."""
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
    return str(result.model)


EVENTS: dict[str, list[dict[str, Any]]] = {
    "action_pause": [{"event": "pause"}],
    "action_follow": [{"event": "followup", "name": "utter_faq"}],
    "action_reset_order": [
        {"event": "slot", "name": "colour", "value": None},
        {"event": "slot", "name": "size", "value": None},
    ],
}


class Actions(EndpointConfig):  # type: ignore[misc]
    """The action server, in this process; `error` makes the next calls fail."""

    def __init__(self) -> None:
        super().__init__(url="http://actions.test")
        self.error: BaseException | None = None
        self.calls: list[str] = []

    async def request(self, *_: Any, **kwargs: Any) -> Any:
        name = kwargs["json"]["next_action"]
        self.calls.append(name)
        if self.error:
            raise self.error
        return {"events": EVENTS[name], "responses": []}


def load_agent(
    model: str, store: TrackerStore, actions: EndpointConfig | None = None
) -> Agent:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Agent.load(
            model, tracker_store=store, action_endpoint=actions or Actions()
        )
