"""What the agents of the company's desk are told when a person is asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from journey.desk import packet_text
from journey.desk.packet import Packet
from journey.owner.help import Rules
from journey.store.tables import DeskThread
from journey.theirs import letters
from journey.theirs.letters import Kind


def brief(
    session: Session,
    made: Packet,
    thread: DeskThread,
    rules: Rules,
    now: datetime,
) -> None:
    """Leave the packet and the last turns where only the agents see them."""
    texts = packet_text.plain(made, rules, now), last_turns(made)
    turn = f"{thread.handoff_id}:{thread.told}"
    for number, text in enumerate(filter(None, texts)):
        letters.queue(
            session,
            thread.conversation_id,
            Kind.NOTE,
            once=f"packet:{turn}:{number}",
            now=now,
            text=text,
        )
    letters.queue(
        session,
        thread.conversation_id,
        Kind.ASK,
        once=f"ask:{turn}",
        now=now,
        position=thread.told,
    )


def attributes(made: Packet, conversation_id: str, handoff_id: str) -> dict[str, Any]:
    """Return a packet as fields that the desk can show and sort by."""
    known = made.told
    found = {
        "coach_conversation": conversation_id,
        "coach_handoff": handoff_id,
        "coach_reason": made.reason,
        "coach_urgency": made.urgency.name.lower(),
        "coach_channel": made.channel,
        "coach_language": made.language,
        "coach_verified": made.verified,
        "coach_mood": made.mood.feeling,
        "coach_stage": known.stage,
        "coach_need": known.need,
        "coach_next": made.next,
    }
    return {key: value for key, value in found.items() if value is not None}


def last_turns(made: Packet) -> str:
    """Return the last turns in full; the packet's text holds only what fits."""
    lines = [f"{x.at:%d %b %H:%M} {x.author}: {x.text}" for x in made.turns]
    return "\n".join(("Last turns (UTC):", *lines)) if lines else ""
