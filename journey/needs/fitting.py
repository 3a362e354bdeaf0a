"""Needs fitted to a catalogue: they keep what the shop has, and lose the rest.

The owner's need files are written for some catalogue. When another one is imported,
a need that is served by none of its categories stays known, for journeys that are
about it already, and is no longer found in what customers say.
"""

from journey.catalogue.load import Catalogue
from journey.needs.schema import Answer, Need, Question


def fit_need(need: Need, catalogue: Catalogue) -> Need:
    """Return a need with the categories, attributes and limits that are there."""
    kinds, attributes = need.serves.categories, need.serves.attributes
    serves = need.serves.model_copy(
        update={
            "categories": {k: v for k, v in kinds.items() if k in catalogue.categories},
            "attributes": {
                k: v for k, v in attributes.items() if k in catalogue.attributes
            },
        }
    )
    questions = tuple(fit_question(x, catalogue) for x in need.questions)
    return need.model_copy(update={"serves": serves, "questions": questions})


def fit_question(question: Question, catalogue: Catalogue) -> Question:
    """Return a question whose answers wish for nothing that nobody knows."""
    answers = tuple(_fit_answer(x, catalogue) for x in question.answers)
    return question.model_copy(update={"answers": answers})


def _fit_answer(answer: Answer, catalogue: Catalogue) -> Answer:
    known = {*catalogue.attributes, *catalogue.categories}
    prefers = {k: v for k, v in answer.prefers.items() if k in known}
    limits = tuple(
        limit
        for limit in answer.constrains
        if limit.attribute in catalogue.attributes
        and catalogue.attributes[limit.attribute].accepts(limit.value)
    )
    return answer.model_copy(update={"prefers": prefers, "constrains": limits})
