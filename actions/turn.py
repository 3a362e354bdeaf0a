"""Running one turn: once, in one transaction, off the event loop."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.hear import hear, latest_user_event, run_number
from journey import journeys
from journey.coach.decide import decide
from journey.knowledge import Knowledge
from journey.learning.teaching import Teacher
from journey.owner.ownership import Owner, locked
from journey.shop.embedded import EmbeddedShop
from journey.shop.port import Shop
from journey.store.engine import Sessions
from journey.store.tables import ActionRun, Pending
from journey.turn import Move, Turn

logger = logging.getLogger(__name__)
Result = dict[str, Any]


@dataclass
class Surroundings:
    """What every action works with; set once by the server."""

    sessions: Sessions
    knowledge: Knowledge
    random: Random
    shop: Shop = field(default_factory=EmbeddedShop)
    teacher: Teacher = field(init=False)

    def __post_init__(self) -> None:
        """Let the knowledge grow with what is learned."""
        self.teacher = Teacher(self.knowledge)


class StageAction(Action):  # type: ignore[misc]
    """The action of one stage: hands the message to the coach and says its moves."""

    stage = ""

    def __init__(self, around: Surroundings) -> None:
        """Keep the surroundings."""
        self.around = around

    def name(self) -> str:
        """Return the name under which the rules call it."""
        return f"action_{self.stage}"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[dict[str, Any]]:
        """Answer the customer's message; a repeated call gets the stored answer.

        Raises:
            Exception: anything that failed; nothing is stored then, and the door
                fails the turn so that it is tried again.
        """
        del domain
        result = await asyncio.to_thread(
            run_once, self.around, self.name(), tracker.sender_id, list(tracker.events)
        )
        for move in result["moves"]:
            dispatcher.utter_message(**move)
        slots = [SlotSet(name, value) for name, value in result["slots"].items()]
        # Listen now: a message has one answer, and a fallback must not fall back again.
        return [*slots, FollowupAction("action_listen")]


class NotTheBots(Exception):
    """A person has the conversation by now: the bot neither acts nor answers."""


def refuse_unless_bots(session: Session, conversation_id: str) -> None:
    """Hold the conversation while a turn runs, so that nobody takes it in between.

    Raises:
        NotTheBots: it is not the bot's; the message is kept for who has it.
    """
    owner = locked(session, conversation_id).owner
    if owner != Owner.BOT:
        raise NotTheBots(f"{conversation_id} is with {owner}")


def run_once(
    around: Surroundings, action: str, sender_id: str, events: list[dict[str, Any]]
) -> Result:
    """Decide on a message in one transaction, or return what was decided before."""
    event = latest_user_event(events)
    number = run_number(events, action)
    if number:
        # A message is decided on once, whatever the engine predicts afterwards.
        return {"moves": [], "slots": {}}
    with around.sessions.begin() as session:
        heard = hear(session, event, sender_id)
        stored = session.get(ActionRun, (heard.message_id, action, number))
        if stored:
            return dict(stored.result)
        refuse_unless_bots(session, sender_id)
        turn = Turn(
            session,
            heard,
            around.teacher.knowledge(session),
            around.random,
            around.shop,
        )
        result = _result(turn, decide(turn))
        session.add(
            ActionRun(
                message_id=heard.message_id,
                action=action,
                number=number,
                conversation_id=heard.conversation_id,
                result=result,
                at=heard.at,
            )
        )
    return result


def _result(turn: Turn, moves: list[Move]) -> Result:
    slots = {key: value for move in moves for key, value in move.slots.items()}
    return {
        "moves": [_said(move) for move in moves],
        "slots": {
            **state_slots(turn.session, turn.heard.conversation_id, turn),
            **slots,
        },
    }


def _said(move: Move) -> dict[str, Any]:
    said: dict[str, Any] = {"response": move.response, **move.values}
    if move.attachment:
        said["json_message"] = dict(move.attachment)
    if move.buttons:
        said["buttons"] = [{"title": t, "payload": p} for t, p in move.buttons]
    return said


def state_slots(session: Session, conversation_id: str, turn: Turn) -> dict[str, Any]:
    """Return where the conversation stands, for the engine's context."""
    pending = session.get(Pending, conversation_id)
    journey = journeys.current(turn)
    return {
        "stage": journey.stage if journey else None,
        "expects": pending.expects if pending else "",
        "language": turn.heard.language,
    }
