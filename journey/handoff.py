"""Asking for a person: recorded at once, with all that the person needs to know."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from journey import facts, journeys, log, ownership, promises
from journey.consent import Purpose, has_consent
from journey.customers import is_verified
from journey.needs import beliefs
from journey.store.tables import (
    Constraint,
    Customer,
    Handoff,
    Journey,
    Message,
    Option,
)
from journey.turn import Move, Turn

LAST = 10


def ask(turn: Turn, reason: str) -> list[Move]:
    """Record that a person is wanted and tell the customer truthfully what happens."""
    first = ownership.request(
        turn.session,
        turn.heard.conversation_id,
        by="coach",
        why=reason,
        at=turn.now,
        message_id=turn.heard.message_id,
    )
    if not first:
        return [Move("utter_handoff_already", _when(turn))]
    handoff = _open(turn)
    handoff.packet = packet(turn, reason)
    log.write(
        turn.session,
        turn.heard,
        "handoff_requested",
        journey=journeys.current(turn),
        reason=reason,
    )
    there = turn.knowledge.policies.people.are_there(turn.now)
    name = "utter_handoff_now" if there else "utter_handoff_later"
    return [Move(name, _when(turn))]


def _when(turn: Turn) -> dict[str, str]:
    people = turn.knowledge.policies.people
    language = turn.knowledge.language(turn.heard.language)
    begin = people.next_there(turn.now)
    return {
        "opens": language.says["moment"].format(
            day=language.day(begin), time=begin.strftime("%H:%M")
        ),
        "city": people.timezone.rpartition("/")[2].replace("_", " "),
    }


def _open(turn: Turn) -> Handoff:
    query = (
        select(Handoff)
        .where(Handoff.conversation_id == turn.heard.conversation_id)
        .where(Handoff.closed_at.is_(None))
        .order_by(Handoff.requested_at.desc())
    )
    turn.session.flush()
    return turn.session.scalars(query).one()


def packet(turn: Turn, reason: str) -> dict[str, Any]:
    """Return what fits one screen of a support agent."""
    journey = journeys.current(turn)
    customer = turn.session.get(Customer, turn.heard.customer_id)
    held = promises.open_promises(turn.session, turn.heard.customer_id)
    return {
        "reason": reason,
        "said": turn.heard.text,
        "customer": {
            "name": customer.name if customer else None,
            "verified": is_verified(turn.session, turn.heard.customer_id),
        },
        "journey": _journey(turn, journey) if journey else None,
        "facts": _facts(turn),
        "promises": [{"kind": p.kind, "due": p.due_at.isoformat()} for p in held],
        "consent": has_consent(
            turn.session, turn.heard.customer_id, Purpose.PROACTIVE, turn.now
        ),
        "messages": _last_messages(turn),
    }


def _journey(turn: Turn, journey: Journey) -> dict[str, Any]:
    need = turn.knowledge.needs.get(journey.need or "")
    belief = beliefs.beliefs_of(turn, journey).get(journey.need or "")
    return {
        "stage": journey.stage,
        "since": journey.stage_at.isoformat(),
        "need": need.name if need else None,
        "words": journey.words,
        "because": beliefs.explain(belief, turn.knowledge) if belief else [],
        "constraints": _constraints(turn, journey),
        "options": _options(turn, journey),
    }


def _constraints(turn: Turn, journey: Journey) -> list[dict[str, Any]]:
    query = select(Constraint).where(Constraint.journey_id == journey.id)
    return [
        {"attribute": c.attribute, "op": c.op, "value": dict(c.value), "said": c.said}
        for c in turn.session.scalars(query)
    ]


def _options(turn: Turn, journey: Journey) -> list[Mapping[str, Any]]:
    query = select(Option).where(Option.journey_id == journey.id)
    return [
        {"product": o.product_id, "choice": o.choice or "shown", "why": o.why}
        for o in turn.session.scalars(query)
    ]


def _facts(turn: Turn) -> list[str]:
    language = turn.knowledge.language(turn.heard.language)
    known = facts.all_of(turn)
    return [facts.in_words(fact, turn.knowledge, language) for fact in known]


def _last_messages(turn: Turn) -> list[dict[str, str]]:
    query = (
        select(Message)
        .where(Message.conversation_id == turn.heard.conversation_id)
        .where(Message.position.is_not(None))
        .order_by(Message.position.desc())
        .limit(LAST)
    )
    rows = reversed(list(turn.session.scalars(query)))
    return [{"author": row.author, "text": row.text} for row in rows]
