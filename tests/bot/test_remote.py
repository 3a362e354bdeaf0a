from __future__ import annotations

from typing import Any

import pytest
from rasa.core.actions.action import ActionListen, RemoteAction

from bot.endpoint import TurnFailed
from bot.remote import Remote

SLOT = {"event": "slot", "name": "colour", "value": "red"}


@pytest.mark.parametrize(
    "answer", [{"events": [], "responses": []}, {"events": [SLOT]}, {}]
)
def test_answer_of_the_right_form_is_accepted(answer: dict[str, Any]) -> None:
    assert Remote("action_x", None)._validate_action_result(answer)


@pytest.mark.parametrize(
    "answer",
    [None, [], {"events": {}}, {"events": [{"name": "x"}]}, {"responses": ["hello"]}],
)
def test_answer_of_another_form_fails_the_turn(answer: Any) -> None:
    with pytest.raises(TurnFailed, match="action_x returned"):
        Remote("action_x", None)._validate_action_result(answer)


def test_only_custom_actions_are_made_remote() -> None:
    listen = ActionListen()
    assert Remote.like(listen) is listen
    assert type(Remote.like(RemoteAction("action_x", None))) is Remote
