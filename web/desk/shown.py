"""What the screen shows of one conversation, and who is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from journey.desk import handoffs, lists, packet, path, presence, writing
from journey.desk.agents import all_agents
from journey.desk.lists import Line
from journey.desk.packet import Packet
from journey.desk.path import Step
from journey.knowledge import Knowledge
from journey.messages import conversations, dispatches
from journey.owner.ownership import Owner
from journey.store.tables import Agent, Handoff, Message, Note, Presence
from web.desk.gate import Me

PAGE = 100


@dataclass(frozen=True)
class Shown:
    """All that the screen shows of one conversation."""

    line: Line
    last: Handoff | None
    messages: Sequence[Message]
    delivered: Mapping[str, str]
    """How far each message came on its way to a provider."""
    notes: Sequence[Note]
    present: Sequence[Presence]
    colleagues: Sequence[Agent]
    packet: Packet
    steps: Sequence[Step]


def read_conversation(
    session: Session,
    conversation_id: str,
    knowledge: Knowledge,
    now: datetime,
    *,
    after: int | None = None,
    before: int | None = None,
) -> Shown | None:
    """Return a conversation with its last messages, or with those after a position."""
    line = lists.one(session, conversation_id)
    if line is None:
        return None
    if after is None:
        messages = conversations.before(session, conversation_id, before, limit=PAGE)
    else:
        messages = conversations.after(session, conversation_id, after)
    return Shown(
        line=line,
        last=handoffs.last_one(session, conversation_id),
        messages=messages,
        delivered=dispatches.states(session, [message.id for message in messages]),
        notes=writing.notes(session, conversation_id),
        present=presence.present(session, conversation_id),
        colleagues=[agent for agent in all_agents(session) if agent.active],
        packet=packet.build(session, conversation_id, knowledge, now),
        steps=path.steps(session, line.conversation.customer_id),
    )


def owner_of(shown: Shown, me: Me, names: dict[str, str]) -> dict[str, str]:
    """Return who has a conversation: in one word for the page, in a sentence for us."""
    handoff, owner = shown.line.handoff, shown.line.conversation.owner
    if owner == Owner.REQUESTED and handoff:
        for_whom = f" for {names.get(handoff.agent, '')}" if handoff.agent else ""
        team = f" for team {handoff.team}" if handoff.team else ""
        return {"kind": "waiting", "says": f"Waits for a person{for_whom or team}"}
    if owner != Owner.HUMAN or handoff is None:
        return {"kind": "bot", "says": "The bot answers"}
    if handoff.agent == me.agent.name:
        aside = handoff.state == handoffs.State.SNOOZED
        says = "You put it aside" if aside else "You have it; the bot is silent"
        return {"kind": "mine", "says": says}
    name = names.get(handoff.agent or "", handoff.agent or "A colleague")
    return {"kind": "theirs", "says": f"{name} has it; the bot is silent"}


def hint_for(owner: str, customer: str) -> str:
    """Return what the empty composer says: what it is for, or what to do first."""
    if owner == "mine":
        return f"Write to {customer}"
    if owner == "theirs":
        return "Assign it to yourself to write"
    return "Take over to write"


def people_in(shown: Shown, me: Me, names: dict[str, str], now: datetime) -> Any:
    """Return who reads and types beside the agent."""
    customer, others = None, []
    for row in shown.present:
        if row.who == presence.CUSTOMER:
            customer = row
        elif row.who != me.agent.name:
            others.append(row)
    typing = [x.who for x in others if x.typing_until and x.typing_until > now]
    here = [x.who for x in others if x.here_until and x.here_until > now]
    position = shown.line.conversation.position
    return {
        "customer_types": bool(
            customer and customer.typing_until and customer.typing_until > now
        ),
        "customer_read": bool(
            customer
            and customer.read >= position
            and shown.line.spoke_last == writing.AGENT
        ),
        "typing": [names.get(who, who) for who in typing],
        "looking": [names.get(who, who) for who in here if who not in typing],
    }
