"""Danger heard while a person is waited for or answers: said at once, and seen."""

from datetime import datetime

from sqlalchemy.orm import Session

from journey import log
from journey.desk import handoffs, speaking
from journey.desk.handoffs import urgency_of
from journey.owner.help import Help
from journey.owner.risk import SAFETY, find_risk
from journey.store.tables import Conversation


def hear(
    session: Session,
    conversation: Conversation,
    text: str,
    *,
    help: Help,
    now: datetime,
) -> bool:
    """Make a conversation more urgent when danger is spoken of; say what helps, once.

    The caller holds the conversation; the message itself stays for the person to
    read. False when nothing was said to the customer.
    """
    risk = find_risk(help.risks, text)
    handoff = handoffs.open_one(session, conversation.id)
    if risk is None or handoff is None or handoff.reason == risk.topic:
        return False
    if urgency_of(risk.topic) >= handoff.urgency:
        handoff.reason, handoff.urgency = risk.topic, urgency_of(risk.topic)
    log.append(
        session,
        "risk_heard",
        at=now,
        customer_id=conversation.customer_id,
        conversation_id=conversation.id,
        payload={"topic": risk.topic, "handoff": handoff.id},
    )
    if risk.topic not in SAFETY:
        return False
    speaking.say(session, conversation, risk.says(conversation.language), "risk", now)
    return True
