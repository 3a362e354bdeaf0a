"""Asking for a person: recorded at once, with all that the person needs to know."""

from journey import journeys, log
from journey.desk import handoffs, packet
from journey.desk.ways import OTHERS
from journey.owner import ownership
from journey.turn import Move, Turn


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
    handoff = handoffs.open_one(turn.session, turn.heard.conversation_id)
    if handoff:
        made = packet.build(
            turn.session, turn.heard.conversation_id, turn.knowledge, turn.now
        )
        handoff.packet = packet.as_json(made)
    log.write(
        turn.session,
        turn.heard,
        "handoff_requested",
        journey=journeys.current(turn),
        reason=reason,
    )
    there = turn.knowledge.policies.people.are_there(turn.now)
    if there:
        return [Move("utter_handoff_now", _when(turn))]
    titles = turn.knowledge.language(turn.heard.language).handoff
    others = tuple((titles[title], payload) for title, payload in OTHERS)
    return [Move("utter_handoff_later", _when(turn), buttons=others)]


def _when(turn: Turn) -> dict[str, str]:
    people = turn.knowledge.policies.people
    language = turn.knowledge.language(turn.heard.language)
    begin = people.next_there(turn.now)
    return {
        "opens": language.says["moment"].format(
            day=language.day(begin), time=begin.strftime("%H:%M")
        ),
        "city": people.city,
    }
