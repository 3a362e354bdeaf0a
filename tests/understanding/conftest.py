"""The trained shop model as an engineer probes it: `coach train` first."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

import pytest
import structlog

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from bot.engine import stand_in

    stand_in()  # As served.
    from rasa.core.agent import Agent

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
ROOT = Path(__file__).parents[2]
Hear = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def hear() -> Hear:
    """Return what parses a message with the newest model."""
    models = ROOT / "models"
    assert list(models.glob("*.tar.gz")), "no model to probe: run `coach train`"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agent = Agent.load(str(models))

    def parse(text: str) -> dict[str, Any]:
        found: dict[str, Any] = asyncio.run(agent.parse_message(text))
        return found

    return parse
