"""The beginning of a session: the engine learns where the conversation stands."""

import asyncio
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select

from actions.turn import Surroundings
from journey.store.tables import Conversation, Journey, Pending


class SessionStart(Action):  # type: ignore[misc]
    """Fills the slots from the tables, which outlive every session of the engine."""

    def __init__(self, around: Surroundings) -> None:
        """Keep the surroundings."""
        self.around = around

    def name(self) -> str:
        """Return Rasa's own name for it."""
        return "action_session_start"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Start a session with the stored state; nothing is written or said."""
        del dispatcher, domain
        state = await asyncio.to_thread(stored_state, self.around, tracker.sender_id)
        slots = [SlotSet(name, value) for name, value in state.items()]
        return [SessionStarted(), *slots, ActionExecuted("action_listen")]


def stored_state(around: Surroundings, conversation_id: str) -> dict[str, Any]:
    """Return stage, expectation and language of a conversation."""
    with around.sessions() as session:
        conversation = session.get(Conversation, conversation_id)
        pending = session.get(Pending, conversation_id)
        query = (
            select(Journey.stage)
            .where(Journey.conversation_id == conversation_id, Journey.state == "open")
            .order_by(Journey.stage_at.desc())
            .limit(1)
        )
        return {
            "stage": session.scalar(query),
            "expects": pending.expects if pending else "",
            "language": conversation.language if conversation else "en",
        }
