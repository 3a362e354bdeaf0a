"""What a customer told us, as a clause that says why they want something."""

from journey.needs.answers import known_answers
from journey.people import facts
from journey.store.tables import Journey
from journey.turn import Turn


def clauses_of(turn: Turn, journey: Journey) -> dict[str, str]:
    """Return, by attribute, the fact that asks for it, in the owner's words."""
    need = turn.knowledge.needs.get(journey.need or "")
    if need is None:
        return {}
    known = facts.known(turn, journey.who)
    clauses: dict[str, str] = {}
    for answer in known_answers(turn.knowledge, need, known):
        said = [turn.knowledge.words(*fact) for fact in answer.fact.items()]
        clause = next((words for words in said if words), None)
        wanted = [name for name, weight in answer.prefers.items() if weight > 0]
        wanted += [limit.attribute for limit in answer.constrains]
        for name in wanted if clause else ():
            clauses.setdefault(name, str(clause))
    return clauses
