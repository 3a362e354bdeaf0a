"""Custom actions whose answers are checked at the cost of a check."""

from __future__ import annotations

import logging
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from rasa.core.actions.action import Action, RemoteAction
from rasa.shared.core.events import BotUttered

from bot.endpoint import TurnFailed

logger = logging.getLogger(__name__)

ANSWER = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "events": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"event": {"type": "string"}},
                    "required": ["event"],
                },
            },
            "responses": {"type": "array", "items": {"type": "object"}},
        },
    }
)
"""The form of an answer; what an event must have, Rasa's reading of it checks."""


class Remote(RemoteAction):  # type: ignore[misc]
    """An action of the action server.

    Rasa checks its schema against the schema of schemas at each use: that took
    15 ms of a turn, more than understanding the message.
    """

    @classmethod
    def like(cls, action: Action) -> Action:
        """Return a custom action as one of ours, any other as it is."""
        if type(action) is not RemoteAction:
            return action
        return cls(action.name(), action.action_endpoint)

    def _validate_action_result(self, result: Any) -> bool:
        """Accept an answer of the right form.

        Raises:
            TurnFailed: the answer is not what an action may return.
        """
        error = best_match(ANSWER.iter_errors(result))
        if error is not None:
            raise TurnFailed(f"{self.name()} returned what it may not: {error.message}")
        return True

    @staticmethod
    async def _utter_responses(
        responses: list[dict[str, Any]], *about: Any
    ) -> list[BotUttered]:
        """Return what is said; Rasa leaves a response without a text out, silently."""
        names = [response.get("response") for response in responses]
        said: list[BotUttered] = await RemoteAction._utter_responses(responses, *about)
        if len(said) < len(names):
            logger.error("a response is not in the domain: %s", names)
        return said
