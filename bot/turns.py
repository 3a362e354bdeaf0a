"""One turn of the dialogue: Rasa's processor, made loud, and deaf to typed commands."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.training_data.story_reader.yaml_story_reader import (
    YAMLStoryReader,
)
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.endpoints import EndpointConfig

from bot.endpoint import ActionEndpoint, TurnFailed
from bot.remote import Remote
from bot.window import WindowTracker


class PayloadRefused(ValueError):
    """A button's payload that is not `/intent{"entity": "value"}` of this domain."""


class Silent(OutputChannel):  # type: ignore[misc]
    """Sends nothing: the saved events are what was said. Its name picks variants."""

    def __init__(self, channel: str) -> None:
        """Take the customer's channel, for responses that differ by channel."""
        self.channel = channel

    def name(self) -> str:
        return self.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Leave the sending to the caller of the door."""


class Loud(Action):  # type: ignore[misc]
    """An action whose failure ends the turn; Rasa logs it and says nothing."""

    def __init__(self, action: Action) -> None:
        """Wrap the action."""
        self._action = action

    def name(self) -> str:
        return str(self._action.name())

    def event_for_successful_execution(self, prediction: Any) -> Any:
        return self._action.event_for_successful_execution(prediction)

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run the action.

        Raises:
            TurnFailed: the action raised anything but a rejection.
        """
        try:
            return await self._action.run(*args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            raise TurnFailed(f"{self.name()}: {error}") from error


class Turns(MessageProcessor):  # type: ignore[misc]
    """The agent's processor with the same model; saving is the caller's."""

    def __init__(self, agent: Agent) -> None:
        """Share everything that the agent has loaded."""
        self.__dict__.update(agent.processor.__dict__)
        metadata = agent.processor.model_metadata
        self.model_metadata = dataclasses.replace(
            metadata, nlu_target=before_commands(metadata)
        )
        if type(agent.action_endpoint) is EndpointConfig:
            self.action_endpoint = ActionEndpoint.like(agent.action_endpoint)

    async def run(self, message: UserMessage, tracker: WindowTracker) -> None:
        """Add the message and all that the bot does on it to the tracker.

        Raises:
            TurnFailed: an action failed; the tracker must not be saved.
        """
        tracker.model_id = self.model_metadata.model_id
        tracker.assistant_id = self.model_metadata.assistant_id
        channel = message.output_channel
        await self._update_tracker_session(tracker, channel, message.metadata)
        await self._handle_message_with_tracker(message, tracker)
        await self.run_action_extract_slots(channel, tracker)
        await self._run_prediction_loop(channel, tracker)

    async def _run_action(self, action: Action, *args: Any, **kwargs: Any) -> bool:
        return bool(
            await super()._run_action(Loud(Remote.like(action)), *args, **kwargs)
        )

    async def close(self) -> None:
        if isinstance(self.action_endpoint, ActionEndpoint):
            await self.action_endpoint.close()


def before_commands(metadata: Any) -> str:
    """Return the node of the model whose messages would be searched for commands.

    The last node of every Rasa model turns `/restart` or `/intent{...}` into that
    intent, whoever wrote it. Typed text ends one node before.
    """
    handler = metadata.predict_schema.nodes[metadata.nlu_target]
    if not issubclass(handler.uses, RegexMessageHandler):
        raise TypeError(f"The model ends in {handler.uses}, not in its command handler")
    return str(handler.needs["messages"])


def typed(text: str, **about: Any) -> UserMessage:
    """Return a message with the text exactly as typed; Rasa would strip it."""
    message = UserMessage(text, **about)
    message.text = text
    return message


def pressed(payload: str, domain: Any, **about: Any) -> UserMessage:
    """Return a message that means what the button's payload says.

    Raises:
        PayloadRefused: the payload is none, or names what the domain does not have.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            message = YAMLStoryReader.unpack_regex_message(
                Message({TEXT: payload}), domain, RegexMessageHandler.__name__
            )
    except UserWarning as warning:
        raise PayloadRefused(str(warning)) from warning
    if message.get(INTENT) is None:
        raise PayloadRefused('expected /intent{"entity": "value"}')
    parsed: Mapping[str, Any] = message.as_dict(only_output_properties=True)
    return UserMessage(payload, parse_data=dict(parsed), **about)
